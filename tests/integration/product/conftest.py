"""The people who take part in the product's tests."""

from __future__ import annotations

import pytest

from tests.integration.product.cast import Cast
from tests.support.system import System


@pytest.fixture
def cast(system: System, casts: dict[tuple[str, str], Cast]) -> Cast:
    """The city's people; they stay signed in over the tests of a mode."""
    return casts.setdefault((system.base_url, system.tenant), Cast(system))


@pytest.fixture
def others(system: System, casts: dict[tuple[str, str], Cast]) -> Cast:
    """The people of another tenant."""
    tenant = list(system.demo)[1]
    return casts.setdefault((system.base_url, tenant), Cast(system, tenant))


@pytest.fixture(scope="session")
def casts() -> dict[tuple[str, str], Cast]:
    """Who has signed in already, by installation and tenant."""
    return {}
