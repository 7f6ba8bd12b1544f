"""The desk service."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from services.desk.service import DeskService
from shared.testing import LocalService


@pytest.fixture
def service() -> Iterator[LocalService]:
    with LocalService(DeskService) as local:
        yield local
