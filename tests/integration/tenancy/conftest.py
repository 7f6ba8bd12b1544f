"""An installation of each mode."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from uuid import uuid4

import pytest

from tests.integration.tenancy.installation import Installation
from tests.support.servers import Servers
from tests.support.system import MODES

Make = Callable[[str], Installation]


@pytest.fixture(scope="session")
def make(tmp_path_factory: pytest.TempPathFactory, servers: Servers) -> Make:
    """Makes the installation of a mode, once: one server holds one installation."""
    return cache(lambda mode: Installation(mode, tmp_path_factory.mktemp(mode), servers))


@pytest.fixture(params=MODES)
def here(request: pytest.FixtureRequest, make: Make) -> Installation:
    """The installation, in each of both modes."""
    return make(request.param)


@pytest.fixture
def full(make: Make) -> Installation:
    """The installation on PostgreSQL."""
    return make("full")


@pytest.fixture
def code() -> str:
    """The code of a tenant there is not yet."""
    return f"t{uuid4().hex[:8]}"


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """Where an export goes."""
    return tmp_path / "export.zip"
