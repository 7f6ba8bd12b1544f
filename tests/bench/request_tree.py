"""Requests within requests: opening the whole, and reporting on the last of a thousand until the whole has changed.

Two trees: three levels, ten below each, and all side by side below the whole, which is the most that a change of one
has to add up.
"""

from __future__ import annotations

import time
from typing import Any

from rich.table import Table

from tests.bench import copies
from tests.bench.copies import numbered
from tests.bench.growth import growth, sizes, timings
from tests.bench.http import Events, Http
from tests.bench.report import Report, milliseconds, ratio
from tests.bench.stage import Stage
from tests.support.numbers import percentile

# A tree shows a thousand at the most.
FEW, MANY = 10, 999
_LOST_AFTER = 10.0
# Where the copy `i` lies: below the whole, or below the one that it is among the ten parts of.
_SHAPES = {
    "three levels": "CASE WHEN i < 10 THEN t.parent ELSE {above} END",
    "side by side": "t.parent",
}
_ABOVE = numbered("t.id", "i / 10")
_ROWS = {
    "requests.part": ("request", "'request', {id}"),
    "requests.entry": ("request", "'request', {id}"),
    "requests.place": ("request", "'request', {id}"),
    "requests.audience": ("subject", "'subject', {id}"),
}


def measure(stage: Stage, seconds: float) -> Report:
    """Two tables: what opening takes, and what reporting does."""
    system, report = stage.system, Report()
    asker, divider, doer = people = [system.connect(role) for role in ("drafter", "reviewer", "decider")]
    url = system.tenant_url(system.tenant)
    news = Table("tree", "requests in it", "until", "n", "p50 ms", "p95 ms", "p50 grown by", title="progress reported")
    for shape, parent in _SHAPES.items():
        whole = _asked(asker, divider)
        part = _asked(divider, doer, parent=whole)
        placed = parent.replace("{above}", _ABOVE)
        request = ("id", f"'id', {{id}}, 'parent', {placed}, 'weight', 1 + i %% 5, 'title', t.title || i")
        taken: dict[str, dict[str, list[float]]] = {}
        base: dict[str, float] = {}
        first = 1
        for count in sizes(seconds, FEW, MANY):
            copies.add(url, {"requests.request": request, **_ROWS}, part, first, count)
            first = count + 1
            calls = {"the request": f"/requests/{whole}", "what lies below it": f"/requests/{whole}/tree"}
            taken[f"{count:,}"] = timings(asker, calls, seconds / 2)
            for what, values in _reported(asker, doer, whole, copies.copy_of(part, count), seconds / 2).items():
                base.setdefault(what, percentile(values, 0.5))
                grown = ratio(percentile(values, 0.5), base[what])
                news.add_row(shape, f"{count:,}", what, str(len(values)), *milliseconds(values, 0.5, 0.95), grown)
        report.tables.append(growth("requests below", taken, f"a tree of requests, {shape}"))
    report.tables.append(news)
    for http in people:
        http.close()
    return report


def _asked(asker: Http, doer: Http, **more: Any) -> str:
    """A request that its one assignee has accepted."""
    person = doer.call("GET", "/me")[1]["person"]["id"]
    asked = {"title": "합계 제출", "body": "<p>붙임 양식으로</p>", "assignees": [{"person": person}], **more}
    status, made = asker.call("POST", "/requests", asked)
    assert status == 201, made
    status, answer = doer.call("POST", f"/requests/{made['id']}/acts", {"act": "accept"})
    assert status == 200, answer
    return str(made["id"])


def _reported(asker: Http, doer: Http, whole: str, part: str, seconds: float) -> dict[str, list[float]]:
    """Seconds until a report was answered, and until the asker's page had the whole's other progress."""
    answered: list[float] = []
    changed: list[float] = []
    events = Events(asker, "/live")
    before = asker.call("GET", f"/requests/{whole}")[1]["progress"]
    ends, percent = time.monotonic() + seconds, 99
    while time.monotonic() < ends:
        began = time.perf_counter()
        status, answer = doer.call("POST", f"/requests/{part}/acts", {"act": "progress", "percent": percent})
        assert status == 200, answer
        answered.append(time.perf_counter() - began)
        now = before
        while now == before:
            events.wait("requests", _LOST_AFTER)
            now = asker.call("GET", f"/requests/{whole}")[1]["progress"]
        changed.append(time.perf_counter() - began)
        before, percent = now, 99 - percent
    events.close()
    return {"the report is answered": answered, "the whole has changed": changed}
