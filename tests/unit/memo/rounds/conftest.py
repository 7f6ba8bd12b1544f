"""The memo service, with opinion rounds in it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from shared.testing import LocalService
from tests.unit.memo.rounds import cast


@pytest.fixture
def memo() -> Iterator[LocalService]:
    with cast.opened() as service:
        yield service
