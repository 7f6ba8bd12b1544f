"""The service, and people who get memos."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from shared.testing import LocalService
from tests.unit.memo.cast import Doc, hire, opened


@pytest.fixture
def memo() -> Iterator[LocalService]:
    with opened() as service:
        yield service


@pytest.fixture
def kim(memo: LocalService) -> Doc:
    return hire(memo, "김과장")


@pytest.fixture
def lee(memo: LocalService) -> Doc:
    return hire(memo, "이주무")


@pytest.fixture
def park(memo: LocalService) -> Doc:
    return hire(memo, "박주무")
