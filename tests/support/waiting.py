"""Waiting for what happens elsewhere. The limit only ends a test that hangs; none passes or fails by the clock."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
LIMIT = 60.0


def until(what: Callable[[], T], limit: float = LIMIT, pause: float = 0.05) -> T:
    """The first true answer of `what`, asked again and again. Raises `AssertionError` with the last one."""
    end = time.monotonic() + limit
    while not (found := what()):
        assert time.monotonic() < end, f"it did not come about; the last answer was {found!r}"
        time.sleep(pause)
    return found
