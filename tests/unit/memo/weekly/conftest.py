"""The memo service, with an office that reports."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from shared.testing import LocalService
from tests.unit.memo.weekly import cast


@pytest.fixture
def held() -> Iterator[tuple[LocalService, cast.Office]]:
    service, office = cast.opened()
    with service:
        yield service, office


@pytest.fixture
def memo(held: tuple[LocalService, cast.Office]) -> LocalService:
    return held[0]


@pytest.fixture
def office(held: tuple[LocalService, cast.Office]) -> cast.Office:
    return held[1]
