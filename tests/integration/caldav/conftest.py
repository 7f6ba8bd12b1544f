"""A person of the demo with an app password, as calendar programs know them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.integration.caldav.account import Account
from tests.support.system import System


@pytest.fixture
def account(system: System) -> Iterator[Account]:
    """Who drafts; what they made is taken away at the end."""
    with Account.of(system, "drafter") as found:
        yield found
