"""Counts, inbox and boxes with few and with very many finished documents in the tenant: the cost must not grow."""

from __future__ import annotations

from tests.bench import copies
from tests.bench.growth import growth, sizes, timings
from tests.bench.journey import Cast, Times, journey
from tests.bench.report import Report
from tests.bench.stage import Stage

FEW, MANY = 1_000, 200_000
_WAITING = 10
CALLS = {
    "counts": "/desk/counts",
    "inbox": "/desk/todos?kind=approval&limit=50",
    "box of decided": "/documents?box=decided&limit=50",
}

# A finished document's rows, see `copies`.
_ROWS = {
    "documents.document": ("id", "'id', {id}, 'number_serial', -i, 'number', '벤치-' || i"),
    "documents.version": ("document", "'document', {id}"),
    "approval.process": ("document", "'document', {id}"),
    "approval.decision": ("document", "'document', {id}"),
    "desk.subject": ("subject", "'subject', {id}"),
    "desk.notice": ("subject", "'subject', {id}, 'id', {row}"),
}


def fill(url: str, document: str, first: int, last: int) -> None:
    """Adds finished documents, each with the rows of `document`: its content, route, decisions and notices."""
    copies.add(url, _ROWS, document, first, last)


def measure(stage: Stage, seconds: float) -> Report:
    """One table: each call's times with few and with many, and by how much it grew."""
    few, many = sizes(seconds, FEW, MANY)
    system, report = stage.system, Report()
    cast = system.casts(1)[0]
    document = _finished(cast)
    _wait_for(cast, _WAITING)
    decider = cast.line["decider"]
    url = system.tenant_url(system.tenant)
    fill(url, document, 1, few)
    taken = {f"{few:,}": timings(decider, CALLS, seconds)}
    fill(url, document, few + 1, many)
    taken[f"{many:,}"] = timings(decider, CALLS, seconds)
    report.tables.append(growth("documents", taken, "one client, many documents"))
    cast.close()
    return report


def _finished(cast: Cast) -> str:
    """A document that has gone its whole way; the copies are made of it."""
    journey(cast, Times(), 0)
    page = cast.drafter.call("GET", "/documents?box=register&limit=1")[1]
    found: str = page["items"][0]["id"]
    return found


def _wait_for(cast: Cast, waiting: int) -> None:
    """So many documents that wait for the decider."""
    line = [{"person": cast.ids["decider"], "role": "decide"}]
    for number in range(waiting):
        draft = cast.drafter.call("POST", "/documents", {"title": f"기다리는 문서 {number}", "body": "<p>본문</p>"})[1]
        status, answer = cast.drafter.call("POST", f"/documents/{draft['id']}/submission", {"line": line})
        assert status == 202, answer
