"""Minutes that ten people write on one page: from a letter's request until it was answered, and until all show it.

A page listens to `/live` and asks for what came when it hears that something did, as a browser does; a browser gathers
what is typed for 150 ms before it sends it, and what it is told for as long before it asks.
"""

from __future__ import annotations

import base64
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pycrdt
from rich.table import Table

from services.meetings.domain.document import FIELD
from tests.bench import colleagues
from tests.bench.http import Events, Http
from tests.bench.report import Report, milliseconds
from tests.bench.stage import Stage
from tests.support.waiting import until

PEOPLE = 10
_LEAST = 3
# Seconds: between two letters of one person who types, and until a letter counts as lost.
_TYPES, _LOST_AFTER = 0.3, 20.0


class Page:
    """Somebody's open page: when it has shown which update, by its number."""

    def __init__(self, stage: Stage, number: int, meeting: str) -> None:
        self.http, self._reads = (colleagues.sign_in(stage, number) for _ in range(2))
        self.path = f"/meetings/{meeting}/minutes/updates"
        self.shown: dict[int, float] = {}
        self._after = 0
        self._events = Events(self._reads, "/live")
        self._doc: pycrdt.Doc[Any] = pycrdt.Doc()
        self._root = self._doc.get(FIELD, type=pycrdt.XmlFragment)
        self._closed = False
        self.read()
        self._thread = threading.Thread(target=self._follow)
        self._thread.start()

    def read(self) -> None:
        """Asks for what came."""
        more = True
        while more:
            status, found = self._reads.call("GET", f"{self.path}?after={self._after}")
            assert status == 200, found
            now = time.perf_counter()
            self.shown |= {each["number"]: now for each in found["updates"]}
            self._after, more = found["number"], found["more"]

    def _follow(self) -> None:
        while not self._closed:
            with suppress(TimeoutError):
                self._events.wait("minutes", 0.5)
                self.read()

    def type(self) -> tuple[int, float, float]:
        """One letter: its number, when it was sent, when it was answered."""
        before = self._doc.get_state()
        self._root.children.insert(0, pycrdt.XmlText("가"))
        update = base64.b64encode(self._doc.get_update(before)).decode()
        began = time.perf_counter()
        status, done = self.http.call("POST", self.path, {"key": str(uuid4()), "update": update, "client": 1})
        assert status == 200, done
        return done["number"], began, time.perf_counter()

    def close(self) -> None:
        """Listens no more."""
        self._closed = True
        self._thread.join()
        self._events.close()
        self.http.close()
        self._reads.close()


def measure(stage: Stage, seconds: float) -> Report:
    """One table: one of ten types, and all ten type at once."""
    leads = stage.system.connect("drafter")
    meeting = _held(stage, leads)
    pages = [Page(stage, number + 1, meeting) for number in range(PEOPLE)]
    table = Table("who types", "until", "n", "p50 ms", "p95 ms", title="ten people on one page of minutes")
    try:
        for who, typing in (("one of ten", _alone), ("all ten, three letters a second each", _at_once)):
            for what, values in typing(pages, seconds).items():
                table.add_row(who, what, str(len(values)), *milliseconds(values, 0.5, 0.95))
    finally:
        for page in pages:
            page.close()
        leads.close()
    return Report([table])


def _held(stage: Stage, leads: Http) -> str:
    """A meeting of ten that has begun, whose minutes all of them write."""

    def ask(path: str, body: Any) -> Any:
        status, found = leads.call("POST", path, body)
        assert status in (200, 201), found
        return found

    people = colleagues.hire(stage, leads.call("GET", "/me")[1]["person"]["id"], PEOPLE)[:PEOPLE]
    starts = datetime.now(UTC) + timedelta(minutes=10)
    times = {"starts_at": starts.isoformat(), "ends_at": (starts + timedelta(hours=1)).isoformat()}
    made: str = ask("/meetings", {"title": "함께 쓰는 회의", **times, "invite": people})["id"]
    ask(f"/meetings/{made}/acts", {"act": "open"})
    ask(f"/meetings/{made}/attendance", {"people": [{"person": each, "present": True} for each in people]})
    ask(f"/meetings/{made}/minutes/sharing", {"everyone": True})
    return made


def _taken(pages: list[Page], letters: list[tuple[int, float, float]]) -> dict[str, list[float]]:
    """Seconds of each letter, once every page has shown all of them."""
    until(lambda: all(page.shown.keys() >= {number for number, _, _ in letters} for page in pages), _LOST_AFTER)
    seen = {number: [page.shown[number] for page in pages] for number, _, _ in letters}
    return {
        "the API has answered": [answered - began for _, began, answered in letters],
        "the first shows it": [min(seen[number]) - began for number, began, _ in letters],
        "all show it": [max(seen[number]) - began for number, began, _ in letters],
    }


def _alone(pages: list[Page], seconds: float) -> dict[str, list[float]]:
    letters: list[tuple[int, float, float]] = []
    ends = time.monotonic() + seconds
    while time.monotonic() < ends or len(letters) < _LEAST:
        letters.append(pages[0].type())
        _taken(pages, letters[-1:])
    return _taken(pages, letters)


def _at_once(pages: list[Page], seconds: float) -> dict[str, list[float]]:
    ends = time.monotonic() + seconds

    def type_on(number: int) -> list[tuple[int, float, float]]:
        time.sleep(_TYPES * number / len(pages))
        letters: list[tuple[int, float, float]] = []
        while time.monotonic() < ends or len(letters) < _LEAST:
            letters.append(pages[number].type())
            time.sleep(_TYPES)
        return letters

    with ThreadPoolExecutor(len(pages)) as pool:
        return _taken(pages, [letter for each in pool.map(type_on, range(len(pages))) for letter in each])
