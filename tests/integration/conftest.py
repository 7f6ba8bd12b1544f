"""What integration tests stand on: servers of the session's own, and the whole system in both of its modes."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest

from tests.support.collector import Collector
from tests.support.servers import Servers
from tests.support.system import MODES, System, started


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    """PostgreSQL and RabbitMQ, each started when first needed."""
    with Servers() as found:
        yield found


@pytest.fixture(scope="session")
def collector() -> Iterator[Collector]:
    """Where the system's traces go to: those of requests whose caller asks for a trace, and no others."""
    with Collector() as found:
        yield found


@pytest.fixture(scope="session", params=MODES)
def installation(request: pytest.FixtureRequest, servers: Servers, collector: Collector) -> Iterator[System]:
    """The system with the demo in it, started once for each mode."""
    sampled = {"OTEL_TRACES_SAMPLER": "parentbased_always_off"}
    # Seconds: what a test leaves to be swept is not waited for.
    sweeps = {"ONEWAY_ATTACHMENT_SWEEP": "2"}
    # Words as they are made by default in each mode.
    words = {"ONEWAY_SEARCH_WORDS": ""}
    with started(System(request.param, servers, **collector.environment, **sampled, **sweeps, **words)) as found:
        yield found


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
    """Leaves out what is marked for the other mode. Embedded are the journeys, unless `long` asks for everything."""
    left_out = [item for item in items if _of_the_other_mode(item)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]
    for item in items:
        if _mode(item) == "embedded" and not item.get_closest_marker("journey") and not _only_in(item):
            item.add_marker(pytest.mark.long)


def _mode(item: pytest.Item) -> str | None:
    """The mode of the shared system that a test runs on, if it does."""
    callspec = getattr(item, "callspec", None)
    return callspec.params.get("installation") if callspec else None


def _only_in(item: pytest.Item) -> tuple[str, ...]:
    """The modes that a test is marked for."""
    mark = item.get_closest_marker("mode")
    return mark.args if mark else ()


def _of_the_other_mode(item: pytest.Item) -> bool:
    return bool(_only_in(item)) and _mode(item) not in (None, *_only_in(item))
