"""Memos: how many are written and read in a second, beside their floor; and how long one takes to reach all receivers.

A page listens to `/live` and asks for its counts when it hears that something changed. Of a thousand receivers ten
look, spread over the whole list: the desk is told of 500 people at a time, so they see the last of them.
"""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

from rich.table import Table

from tests.bench import colleagues
from tests.bench.growth import sizes
from tests.bench.http import Events, Http
from tests.bench.journey import BODY, ROLES, Cast, Times, read_inbox, timed
from tests.bench.journeys import beside_floor
from tests.bench.report import Report, milliseconds, ratio
from tests.bench.stage import Stage, System
from tests.support import usage
from tests.support.numbers import percentile
from tests.support.waiting import until

RECEIVERS = (1, 10, 1_000)
_PAGES, _LEAST = 10, 3
_LOST_AFTER = 30.0
# Seconds, and the share of a core that all processes together take at rest.
_BEAT, _REST = 0.2, 0.25


def memo(people: Cast, times: Times, number: int) -> None:
    """One memo: written, sent, found on the receiver's desk, opened, noted (확인). Raises `AssertionError`."""
    role = ROLES[number % len(ROLES)]
    reader = people.line[role]
    content = {"to": [people.ids[role]], "title": f"메모 {number}", "body": BODY, "asks": True}
    began = time.perf_counter()
    status, draft = timed(times, "write", people.drafter, "POST", "/memos/drafts", content)
    assert status == 201, draft
    path = f"/memos/{draft['id']}"
    status, answer = timed(times, "send", people.drafter, "POST", f"{path}/sending", {})
    assert status == 202 and answer["state"] == "sent", answer
    read_inbox(reader, times, "memo", draft["id"])
    status, answer = timed(times, "open", reader, "GET", path)
    assert status == 200, answer
    status, answer = timed(times, "receipt", reader, "POST", f"{path}/reading", {"channel": "web"})
    assert status == 200 and answer["first"], answer
    status, answer = timed(times, "note", reader, "POST", f"{path}/answers", {"answer": "noted"})
    assert status == 200, answer
    times.journeys.append(time.perf_counter() - began)


class Page:
    """A receiver's open page."""

    def __init__(self, http: Http) -> None:
        self._http = http
        self._events = Events(http, "/live")
        self.count = self._counted()

    def _counted(self) -> int:
        return int(self._http.call("GET", "/desk/counts")[1].get("memo", 0))

    def changed(self) -> float:
        """When the count is another one than before. Raises `OSError` where it does not come to that."""
        while True:
            self._events.wait("desk", _LOST_AFTER)
            before, self.count = self.count, self._counted()
            if self.count != before:
                return time.perf_counter()

    def close(self) -> None:
        """Listens no more."""
        self._events.close()
        self._http.close()


def measure(stage: Stage, seconds: float) -> Report:
    """The tables of `journeys`, and one of a memo to few and to many."""
    report = beside_floor(stage, seconds, memo, "memo")
    sender = stage.system.connect("drafter")
    counts = sizes(seconds, *RECEIVERS)
    people = colleagues.hire(stage, sender.call("GET", "/me")[1]["person"]["id"], counts[-1])
    table = Table("receivers", "until", "n", "p50 ms", "p95 ms", "p50 to one", title="a memo to few and to many")
    base: dict[str, float] = {}
    for count in counts:
        for what, values in _fan_out(stage, sender, people[:count], seconds).items():
            base.setdefault(what, percentile(values, 0.5))
            beside = ratio(percentile(values, 0.5), base[what])
            table.add_row(f"{count:,}", what, str(len(values)), *milliseconds(values, 0.5, 0.95), beside)
    report.tables.append(table)
    sender.close()
    return report


def _fan_out(stage: Stage, sender: Http, people: list[str], seconds: float) -> dict[str, list[float]]:
    """Seconds until it was answered, and until the first and the last page had changed, of each memo."""
    looking = sorted({round(n * (len(people) - 1) / (_PAGES - 1)) for n in range(_PAGES)})
    pages = [Page(colleagues.sign_in(stage, number + 1)) for number in looking]
    found: dict[str, list[float]] = {"the API has answered": [], "the first desk has changed": []}
    found["the last desk has changed"] = []
    ends = time.monotonic() + seconds
    with ThreadPoolExecutor(len(pages)) as pool:
        while time.monotonic() < ends or len(found["the API has answered"]) < _LEAST:
            until(lambda: _used(stage.system) < _REST * _BEAT)
            waiting = [pool.submit(page.changed) for page in pages]
            began = time.perf_counter()
            status, sent = sender.call("POST", "/memos", {"to": people, "title": "모두에게", "body": BODY})
            answered = time.perf_counter()
            assert status == 201 and sent["state"] == "sent", sent
            changed = sorted(each.result() for each in waiting)
            for values, at in zip(found.values(), (answered, changed[0], changed[-1]), strict=True):
                values.append(at - began)
    for page in pages:
        page.close()
    return found


def _used(system: System) -> float:
    """CPU seconds of all processes within a beat: what a memo to many leaves to do is not the next one's."""
    before = sum(usage.cpu(system.pids()).values())
    time.sleep(_BEAT)
    return sum(usage.cpu(system.pids()).values()) - before
