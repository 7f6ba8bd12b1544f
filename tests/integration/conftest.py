"""What integration tests stand on: servers of the session's own, and the whole system in both of its modes."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest

from tests.support.servers import Servers
from tests.support.system import MODES, System


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    """PostgreSQL and RabbitMQ, each started when first needed."""
    found = Servers()
    try:
        yield found
    finally:
        found.stop()


@pytest.fixture(scope="session", params=MODES)
def installation(request: pytest.FixtureRequest, servers: Servers) -> Iterator[System]:
    """The system with the demo in it, started once for each mode."""
    found = System(request.param, servers)
    try:
        found.start()
        yield found
    finally:
        found.remove()


@pytest.fixture
def system(installation: System, request: pytest.FixtureRequest) -> Iterator[System]:
    """The running system; what a test took away from it is back at the test's end."""
    request.node.system = installation
    yield installation
    installation.release()


def pytest_configure(config: pytest.Config) -> None:
    """A run that is told to end ends its servers first."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leaves out what is marked for the other mode."""
    left_out = [item for item in items if _of_the_other_mode(item)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


def _of_the_other_mode(item: pytest.Item) -> bool:
    mark = item.get_closest_marker("mode")
    callspec = getattr(item, "callspec", None)
    return bool(mark and callspec and callspec.params.get("installation") not in (None, *mark.args))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """A failure shows the tail of each process's log."""
    report = yield
    system = getattr(item, "system", None)
    if report.failed and system:
        report.sections += [(f"log of {name}", tail) for name, tail in system.logs().items()]
    return report
