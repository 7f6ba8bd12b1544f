"""Requests that wait for what an event is to bring, and are woken when one was handled."""

from __future__ import annotations

import threading
import time
from collections import Counter

# Seconds for which a request waits, and until it looks by itself: another process of the service may have handled
# the event.
_LONGEST, _LOOK = 1.0, 0.1


class News:
    """One for each service in a process. At the most `most` requests wait at once."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.waiting = 0
        self._came: Counter[str] = Counter()
        self._changed = threading.Condition()

    def came(self, tenant: str) -> None:
        """Events of the tenant have had their effect here."""
        with self._changed:
            self._came[tenant] += 1
            self._changed.notify_all()

    def seen(self, tenant: str) -> int:
        """How often something came so far; to be asked before one looks."""
        return self._came[tenant]

    def wait(self, tenant: str, seen: int, until: float) -> bool:
        """Waits for more than was `seen`; whether to look again. False once it is `until`, and where too many wait."""
        left = until - time.monotonic()
        with self._changed:
            if left <= 0 or self.waiting >= self.most:
                return False
            self.waiting += 1
            try:
                self._changed.wait_for(lambda: self._came[tenant] != seen, min(left, _LOOK))
            finally:
                self.waiting -= 1
        return True

    @staticmethod
    def longest(deadline: float) -> float:
        """Until when a request whose caller gives up at `deadline` waits, by the monotonic clock."""
        return min(deadline, time.monotonic() + _LONGEST)
