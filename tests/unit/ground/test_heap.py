"""What a process began with is not looked through again for what nobody needs; what comes later is."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest

from shared.heap import settle


class Knot:
    """Something that only Python's search finds: it holds itself."""

    def __init__(self) -> None:
        self.me = self


@pytest.fixture(autouse=True)
def thawed() -> Iterator[None]:
    yield
    gc.unfreeze()


def test_what_was_there_at_the_start_is_looked_through_no_more() -> None:
    kept = Knot()
    settle()
    assert not any(each is kept for each in gc.get_objects())


def test_what_nobody_needs_is_found_before_and_after() -> None:
    before = weakref.ref(Knot())
    settle()
    after = weakref.ref(Knot())
    gc.collect()
    assert before() is after() is None
