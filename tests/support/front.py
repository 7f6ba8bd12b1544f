"""What a load balancer does: requests go to the gateway of now, and one that is to end gets no more of them."""

from __future__ import annotations

import contextlib
import threading
from collections import Counter
from collections.abc import Iterator


class Front:
    """Knows where requests go, and how many are under way where."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._under_way: Counter[str] = Counter()
        self._changed = threading.Condition()

    @contextlib.contextmanager
    def url(self) -> Iterator[str]:
        """The address for one request, which is under way until the block ends."""
        with self._changed:
            url = self._url
            self._under_way[url] += 1
        try:
            yield url
        finally:
            with self._changed:
                self._under_way[url] -= 1
                self._changed.notify_all()

    def turn(self, url: str) -> None:
        """Sends what comes from now on there; returns when nothing is under way elsewhere."""
        with self._changed:
            former, self._url = self._url, url
            assert self._changed.wait_for(lambda: not self._under_way[former], 30), "an answer does not come"
