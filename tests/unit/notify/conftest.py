"""The service, at a time that stands still."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from services.notify.service import NotifyService
from shared.testing import LocalService
from tests.unit.notify.cast import MONDAY


@pytest.fixture
def service() -> Iterator[LocalService]:
    with LocalService(NotifyService) as local:
        local.now = MONDAY
        yield local
