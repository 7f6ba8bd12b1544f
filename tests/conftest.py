"""How the tests are spread over processes, and what a failure shows."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from tests.support.spread import Together, order

# How long an example takes, and drawing it, is a matter of the machine.
settings.register_profile("here", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("here")


# After the folders' own hooks have left out what is not for a mode.
@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Brings together what shares a system; only where there are several processes, for it changes the order."""
    if hasattr(config, "workerinput"):
        order(items)


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """Keeps the garbage collector off what stays to the end: it would go over every module and test again and again."""
    gc.collect()
    gc.freeze()
    # Objects; by default it looks after every 700.
    gc.set_threshold(20_000)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> Together:
    """What shares a system goes to one process."""
    return Together(config, log)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """A failure shows the tail of each process's log."""
    report = yield
    system = getattr(item, "system", None)
    if report.failed and system:
        report.sections += [(f"log of {name}", tail) for name, tail in system.logs().items()]
    return report
