"""The stage of the toy services, and each of them running."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import uuid4

import pytest

from tests.integration.ground.stage import Stage, Toy
from tests.support.servers import Servers


@pytest.fixture(scope="session")
def _stage(servers: Servers) -> Iterator[Stage]:
    found = Stage(servers)
    yield found
    found.close()


@pytest.fixture
def stage(_stage: Stage, request: pytest.FixtureRequest) -> Iterator[Stage]:
    """The installation; a failure shows the tail of the toys' logs."""
    yield _stage
    for name, tail in _stage.logs().items():
        request.node.add_report_section("teardown", f"log of {name}", tail)


@pytest.fixture
def toy(stage: Stage) -> Toy:
    """The service that is asked and tells."""
    return stage.ordinary("toy")


@pytest.fixture
def sink(stage: Stage) -> Toy:
    """The service that listens."""
    return stage.ordinary("sink")


@pytest.fixture
def series() -> str:
    """A name no other test uses."""
    return uuid4().hex[:12]
