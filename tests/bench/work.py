"""What the system did for a journey, counted by the database, the services and the broker themselves."""

from __future__ import annotations

import re
import time
import urllib.request
from dataclasses import dataclass

import psycopg

from tests.bench.stage import HOST, System

# PostgreSQL's own counters lag behind by so many seconds at the most.
_LAG = 12
_COUNTED = re.compile(
    r"^oneway_(rpc_seconds_count|events_published_total|events_handled_total)\b[^ ]* ([0-9.e+]+)$", re.MULTILINE
)


@dataclass(frozen=True)
class Work:
    """Transactions that wrote, rows, RPCs (two messages each), events published and events handled."""

    transactions: float
    inserted: float
    updated: float
    deleted: float
    calls: float
    published: float
    handled: float

    def since(self, before: Work, journeys: int) -> Work:
        """For each of so many journeys since `before`."""
        pairs = zip(vars(self).values(), vars(before).values(), strict=True)
        return Work(*((now - then) / max(1, journeys) for now, then in pairs))


def count(system: System) -> Work:
    """All work so far; waits until the database's counters stand still."""
    with psycopg.connect(system.database_url, autocommit=True) as conn:
        rows = _rows(conn)
        for _ in range(_LAG):
            time.sleep(1)
            later = _rows(conn)
            if later == rows:
                break
            rows = later
        transactions = conn.execute("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint").fetchone()
    assert transactions
    counted = {"rpc_seconds_count": 0.0, "events_published_total": 0.0, "events_handled_total": 0.0}
    for path in (system.var / "run").glob("*.metrics"):
        with urllib.request.urlopen(f"http://{HOST}:{path.read_text()}/metrics", timeout=10) as answer:
            for name, value in _COUNTED.findall(answer.read().decode()):
                counted[name] += float(value)
    return Work(transactions[0], *rows, *counted.values())


def _rows(conn: psycopg.Connection[tuple[float, float, float]]) -> tuple[float, float, float]:
    found = conn.execute(
        "SELECT sum(tup_inserted)::float, sum(tup_updated)::float, sum(tup_deleted)::float"
        " FROM pg_stat_database WHERE datname LIKE 'ow\\_%'"
    ).fetchone()
    assert found
    return found
