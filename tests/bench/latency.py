"""From the moment a document is submitted until the next person's count has changed, seen the way a page sees it.

A page listens to `/live`, and asks for its counts when it hears that something changed.
"""

from __future__ import annotations

import time

from rich.table import Table

from tests.bench.http import Events, Http
from tests.bench.journey import BODY
from tests.bench.report import Report, milliseconds
from tests.bench.stage import Stage

_LOST_AFTER = 5.0


def measure(stage: Stage, seconds: float) -> Report:
    """One table: milliseconds from the submission's first byte out, to its answer, and to the changed count."""
    drafter, decider = stage.system.connect("drafter"), stage.system.connect("decider")
    person = decider.call("GET", "/me")[1]["person"]["id"]
    events = Events(decider, "/live")
    answered: list[float] = []
    changed: list[float] = []
    report = Report()
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            _round(drafter, decider, person, events, answered, changed)
        except (AssertionError, OSError) as error:
            report.failures.append(str(error))
            break
    table = Table("until", "n", "p50 ms", "p95 ms", "p99 ms", title="submission to the next person's changed count")
    for what, values in (("the submission is answered", answered), ("the count has changed", changed)):
        table.add_row(what, str(len(values)), *milliseconds(values, 0.5, 0.95, 0.99))
    report.tables.append(table)
    for http in (events, drafter, decider):
        http.close()
    return report


def _round(
    drafter: Http, decider: Http, person: str, events: Events, answered: list[float], changed: list[float]
) -> None:
    status, draft = drafter.call("POST", "/documents", {"title": "걸린 시간", "body": BODY})
    assert status == 201, draft
    path = f"/documents/{draft['id']}"
    before = decider.call("GET", "/desk/counts")[1]["approval"]
    began = time.perf_counter()
    line = [{"person": person, "role": "decide"}]
    status, answer = drafter.call("POST", f"{path}/submission", {"line": line})
    assert status == 202, answer
    answered.append(time.perf_counter() - began)
    while True:
        events.wait("desk", _LOST_AFTER)
        if decider.call("GET", "/desk/counts")[1]["approval"] > before:
            changed.append(time.perf_counter() - began)
            break
    status, answer = decider.call("POST", f"{path}/decisions", {"action": "approve"})
    assert status == 200, answer
    # The decision is told as well: heard before the next round begins.
    events.wait("desk", _LOST_AFTER)
