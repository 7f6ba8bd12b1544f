"""Counts, inbox and boxes with few and with very many finished documents in the tenant: the cost must not grow."""

from __future__ import annotations

import time

import psycopg
from psycopg import sql
from rich.table import Table

from tests.bench.http import Http
from tests.bench.journey import Cast, Times, journey
from tests.bench.report import Report, milliseconds, ratio
from tests.bench.stage import Stage
from tests.support.numbers import percentile

FEW, MANY = 1_000, 200_000
# Of a short run, which is to show that it works.
FEW_SHORT, MANY_SHORT = 50, 500
SHORT = 2.0
_WAITING = 10
CALLS = {
    "counts": "/desk/counts",
    "inbox": "/desk/todos?kind=approval&limit=50",
    "box of decided": "/documents?box=decided&limit=50",
}

# A finished document's rows by table, with what differs from one document to the next.
_ROWS = {
    "documents.document": ("id", "'id', %(id)s, 'number_serial', -i, 'number', '벤치-' || i"),
    "documents.version": ("document", "'document', %(id)s"),
    "approval.process": ("document", "'document', %(id)s"),
    "approval.decision": ("document", "'document', %(id)s"),
    "desk.subject": ("subject", "'subject', %(id)s"),
    "desk.notice": ("subject", "'subject', %(id)s, 'id', %(row)s"),
}


def _copies(table: str, key: str, differs: str) -> sql.Composed:
    """Copies of one document's rows of a table, numbered `first` to `last`."""
    id_ = "substr(t.{key}, 1, 23) || '-' || lpad(to_hex(i), 12, '0')"
    row = "substr(t.id, 1, 23) || '-' || lpad(to_hex(i), 12, '0')"
    differs = (differs % {"id": id_, "row": row}).replace("{key}", key)
    schema, name = table.split(".")
    return sql.SQL(
        "INSERT INTO {table} SELECT (jsonb_populate_record(t, jsonb_build_object(" + differs + "))).*"
        " FROM {table} t, generate_series({first}::int, {last}::int) i WHERE t.{key} = {document}"
    ).format(
        table=sql.Identifier(schema, name),
        key=sql.Identifier(key),
        first=sql.Placeholder("first"),
        last=sql.Placeholder("last"),
        document=sql.Placeholder("document"),
    )


def fill(url: str, document: str, first: int, last: int) -> None:
    """Adds finished documents, each with the rows of `document`: its content, route, decisions and notices."""
    with psycopg.connect(url, autocommit=True) as conn:
        for table, (key, differs) in _ROWS.items():
            conn.execute(_copies(table, key, differs), {"first": first, "last": last, "document": document})
        conn.execute("VACUUM (ANALYZE)")


def measure(stage: Stage, seconds: float) -> Report:
    """One table: each call's times with few and with many, and by how much it grew."""
    few, many = (FEW, MANY) if seconds > SHORT else (FEW_SHORT, MANY_SHORT)
    system, report = stage.system, Report()
    cast = system.casts(1)[0]
    document = _finished(cast)
    _wait_for(cast, _WAITING)
    decider = cast.line["decider"]
    url = system.tenant_url(system.tenant)
    fill(url, document, 1, few)
    first = _times(decider, seconds)
    fill(url, document, few + 1, many)
    second = _times(decider, seconds)
    table = Table("call", "documents", "p50 ms", "p95 ms", "p50 grown by", title="one client, many documents")
    for what in CALLS:
        table.add_row(what, f"{few:,}", *milliseconds(first[what], 0.5, 0.95))
        grown = ratio(percentile(second[what], 0.5), percentile(first[what], 0.5))
        table.add_row("", f"{many:,}", *milliseconds(second[what], 0.5, 0.95), grown)
    report.tables.append(table)
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


def _times(http: Http, seconds: float) -> dict[str, list[float]]:
    """Each call again and again, in turns."""
    found: dict[str, list[float]] = {what: [] for what in CALLS}
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        for what, path in CALLS.items():
            began = time.perf_counter()
            status, answer = http.call("GET", path)
            found[what].append(time.perf_counter() - began)
            assert status == 200, answer
    return found
