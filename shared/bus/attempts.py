"""How often one and the same thing is tried on the database."""

from __future__ import annotations

import time

from shared import metrics
from shared.db.faults import is_away, is_transient

_MOST_AT_ONCE = 5
_FIRST_PAUSE, _LONGEST_PAUSE = 0.01, 0.5


class Attempts:
    """A transaction that lost against another is run again at once; one whose database is away while `patience` lasts.

    `patience` in seconds: the connections to a server that has just been started again are all dead, and that shows
    only when they are used.
    """

    def __init__(self, service: str, patience: float) -> None:
        self._service = service
        self._until = time.monotonic() + patience
        self._number = 0

    def after(self, error: BaseException) -> None:
        """Pauses before the next attempt. Raises `error` where there is to be none."""
        away = is_away(error)
        if away:
            metrics.series(metrics.OUTAGES, self._service).inc()
        at_once = is_transient(error) and self._number < _MOST_AT_ONCE - 1
        if not at_once and not (away and time.monotonic() < self._until):
            raise error
        time.sleep(min(_FIRST_PAUSE * 2**self._number, _LONGEST_PAUSE))
        self._number += 1
