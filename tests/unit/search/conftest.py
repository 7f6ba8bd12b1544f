"""The search service on a temporary SQLite file."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from services.search.service import SearchService
from shared.testing import LocalService


@pytest.fixture
def service() -> Iterator[LocalService]:
    """The service, its words made by syllables."""
    with LocalService(SearchService) as local:
        yield local
