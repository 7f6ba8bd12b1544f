"""The tenant's own days off and days of work, kept for a short time so that counting working days costs no RPC."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date
from typing import Any

from shared.calendar import Exceptions
from shared.context import Context

_LIFETIME = 30.0
TOPIC = "calendar_changed"

Fetch = Callable[[Context], dict[str, Any]]


class CalendarCache:
    """What each tenant does otherwise; for half a minute, or until the directory tells that it changed."""

    def __init__(self, fetch: Fetch) -> None:
        self._fetch = fetch
        self._kept: dict[str, tuple[float, Exceptions]] = {}

    def get(self, ctx: Context) -> Exceptions:
        """The exceptions of the context's tenant."""
        now = time.monotonic()
        kept = self._kept.get(ctx.tenant)
        if kept and now - kept[0] < _LIFETIME:
            return kept[1]
        found = _exceptions(self._fetch(ctx))
        self._kept[ctx.tenant] = (now, found)
        return found

    def clear(self) -> None:
        """Forgets every tenant's."""
        self._kept.clear()

    def told(self, told: dict[str, Any]) -> None:
        """Forgets what a tenant has changed."""
        if told["topic"] == TOPIC:
            self._kept.pop(told["tenant"], None)


def _exceptions(answer: dict[str, Any]) -> Exceptions:
    off = {date.fromisoformat(day): name for day, name in answer["off"].items()}
    return Exceptions(off, frozenset(map(date.fromisoformat, answer["working"])))
