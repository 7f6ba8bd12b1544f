"""A town for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from services.requests.service import RequestsService
from shared.testing import LocalService
from tests.unit.requests.cast import Town


@pytest.fixture
def town() -> Iterator[Town]:
    with LocalService(RequestsService) as service:
        yield Town(service)
