"""An office for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from services.schedule.service import ScheduleService
from shared.testing import LocalService
from tests.unit.schedule.cast import Office


@pytest.fixture
def office() -> Iterator[Office]:
    with LocalService(ScheduleService) as service:
        yield Office(service)
