"""An installation of its own with two processes of each part, on servers of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from oneway.replicas import counts
from tests.support.servers import Servers
from tests.support.system import System, started

REPLICAS = ",".join(f"{part}=2" for part in counts(""))


@pytest.fixture(scope="package")
def own_servers() -> Iterator[Servers]:
    """Servers that a test may take away without anybody else noticing."""
    with Servers() as found:
        yield found


@pytest.fixture(scope="package")
def _pair(own_servers: Servers) -> Iterator[System]:
    with started(System("full", own_servers, ONEWAY_REPLICAS=REPLICAS, ONEWAY_DRAIN="2")) as found:
        yield found


@pytest.fixture
def pair(_pair: System, request: pytest.FixtureRequest) -> Iterator[System]:
    """Two of each; what a test took away is back at its end."""
    request.node.system = _pair
    yield _pair
    _pair.release()
