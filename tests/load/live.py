"""Pages held open: each listens to `/live`, and asks for its count when it is told that something changed."""

from __future__ import annotations

import random
import time
from urllib.parse import urlsplit

import gevent
import gevent.event

from tests.bench.http import Http
from tests.load.people import Desk, GaveUp, Person

# Seconds for which a page gathers what it is told, and until it comes back; as gateway/ui/scripts/live.ts and
# gateway/core/live.py have it.
_GATHER, _COME_BACK = 0.15, (1.0, 4.0)


class Page:
    """One open page of a person: comes back when the stream ends, until it is closed."""

    def __init__(self, desk: Desk, person: Person, rng: random.Random) -> None:
        self._desk, self._person, self._rng = desk, person, rng
        self.open = gevent.event.Event()
        self.told = 0
        self.ended = 0
        person.heard = person.heard or gevent.event.Event()
        self._greenlet = gevent.spawn(self._listen)

    def close(self) -> None:
        """Navigates away."""
        self._greenlet.kill(block=False)

    def _listen(self) -> None:
        where = urlsplit(self._person.host)
        assert where.hostname and where.port
        while True:
            try:
                stream = Http(where.hostname, where.port, self._person.token).stream("/live")
            except (OSError, AssertionError):
                self.ended += 1
                gevent.sleep(self._rng.uniform(*_COME_BACK))
                continue
            try:
                stream.settimeout(None)
                self.open.set()
                while data := stream.recv(4096):
                    if b"event: changed" in data:
                        self._changed()
            except OSError:
                pass
            finally:
                self.open.clear()
                stream.close()
            self.ended += 1
            gevent.sleep(self._rng.uniform(*_COME_BACK))

    def _changed(self) -> None:
        self.told += 1
        assert self._person.heard
        self._person.heard.set()
        gevent.spawn(self._ask, time.perf_counter() + _GATHER)

    def _ask(self, due: float) -> None:
        gevent.sleep(max(0.0, due - time.perf_counter()))
        try:
            self._desk.call("badge after a change", self._person, "GET", "/desk/badge", page=True, due=due)
        except GaveUp:
            return


class Pages:
    """All pages held open in a run."""

    def __init__(self, desk: Desk, rng: random.Random) -> None:
        self._desk, self._rng = desk, rng
        self._pages: list[Page] = []

    def hold(self, people: list[Person], count: int, within: float) -> int:
        """Opens so many pages, one more of each person in turns; how many are open after so many seconds."""
        for number in range(count if people else 0):
            self._pages.append(Page(self._desk, people[number % len(people)], self._rng))
            if number % 50 == 49:
                gevent.sleep(0.05)
        until = time.monotonic() + within
        while self.open < count and time.monotonic() < until:
            gevent.sleep(0.1)
        return self.open

    @property
    def open(self) -> int:
        """How many listen now."""
        return sum(page.open.is_set() for page in self._pages)

    @property
    def told(self) -> int:
        """How many changes they were told of, all together."""
        return sum(page.told for page in self._pages)

    def close(self) -> None:
        """Closes all."""
        for page in self._pages:
            page.close()
