"""A town for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from services.meetings.service import MeetingsService
from shared.testing import LocalService
from tests.unit.meetings.cast import Town


@pytest.fixture
def town() -> Iterator[Town]:
    with LocalService(MeetingsService) as service:
        yield Town(service)
