"""Work of which only so much is done at once: who comes later waits for a turn, first come first served."""

from __future__ import annotations

import threading
import time
from collections import deque

from shared.errors import Unavailable

FULL, LATE = "full", "late"


class NoTurn(Unavailable):
    """503: as many wait as may (`reason` is `full`), or no turn came in time (`late`)."""

    def __init__(self, service: str, reason: str, retry_after: int) -> None:
        super().__init__(service, retry_after)
        self.reason = reason


class Turns:
    """So many work `at_once`; `most` more wait, each at the longest `seconds`, and no longer than the caller does."""

    def __init__(self, service: str, at_once: int, most: int, seconds: float) -> None:
        self.most = most
        self._service = service
        self._seconds = seconds
        self._free = at_once
        self._queue: deque[threading.Lock] = deque()
        self._lock = threading.Lock()

    @property
    def waiting(self) -> int:
        """How many wait for their turn."""
        return len(self._queue)

    def take(self, deadline: float) -> None:
        """Waits for a turn, to be given back by `give`. Raises `NoTurn`.

        `deadline`, by the monotonic clock: when the caller gives up. Whoever has given up gets no turn.
        """
        until = min(deadline, time.monotonic() + self._seconds)
        place = self._place()
        if place and not place.acquire(timeout=max(0.0, until - time.monotonic())) and self._left(place):
            raise self._refusal(LATE)
        if time.monotonic() >= deadline:
            self.give()
            raise self._refusal(LATE)

    def give(self) -> None:
        """Gives the turn to who has waited longest."""
        with self._lock:
            if self._queue:
                self._queue.popleft().release()
            else:
                self._free += 1

    def _place(self) -> threading.Lock | None:
        """A place in the queue, which is a lock that is released when it is its turn; None where it is at once."""
        with self._lock:
            if self._free:
                self._free -= 1
                return None
            if len(self._queue) >= self.most:
                raise self._refusal(FULL)
            place = threading.Lock()
            place.acquire()
            self._queue.append(place)
            return place

    def _left(self, place: threading.Lock) -> bool:
        """Leaves the queue; False where the turn has come just now."""
        with self._lock:
            if place not in self._queue:
                return False
            self._queue.remove(place)
            return True

    def _refusal(self, reason: str) -> NoTurn:
        return NoTurn(self._service, reason, max(1, round(self._seconds)))
