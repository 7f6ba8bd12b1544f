"""One deployment for the tests of this folder, in the order of their files."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.deployment import Deployment
from tests.support.system import started


@pytest.fixture(scope="package")
def deployment() -> Iterator[Deployment]:
    """The processes, started one by one."""
    with started(Deployment()) as found:
        yield found


@pytest.fixture
def system(deployment: Deployment, request: pytest.FixtureRequest) -> Deployment:
    """Its logs are shown where a test fails."""
    request.node.system = deployment
    return deployment
