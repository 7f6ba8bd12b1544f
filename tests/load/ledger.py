"""Everything accounted for: what was accepted is there once, decided once, and nothing is left lying about."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

import psycopg
from sqlalchemy import make_url

from oneway import parts
from shared.db.urls import database_name
from tests.support.waiting import until

_STATE = """
SELECT d.id, d.state, d.number, p.state, p.steps, (SELECT count(*) FROM approval.decision x WHERE x.document = d.id),
  (SELECT count(*) FROM desk.slot t WHERE t.subject = d.id AND t.shown),
  (SELECT count(*) FROM desk.notice n WHERE n.subject = d.id AND n.code = 'registered'),
  (SELECT count(*) FROM documents.audit a WHERE a.subject = d.id AND a.action = 'documents.registered'),
  (SELECT count(*) FROM approval.audit a WHERE a.subject = d.id AND a.action = 'approval.step.decided')
FROM documents.document d LEFT JOIN approval.process p ON p.document = d.id WHERE d.id = ANY(%s)
"""


def account(administrator: str, documents: dict[str, dict[str, Any]], tenants: list[str]) -> list[str]:
    """What does not add up, in words; empty where all does.

    `administrator` is the URL of the database server, `documents` those whose submission was accepted
    (`tests.load.plan.Result`). Events that are on their way are waited for.
    """
    of: defaultdict[str, list[str]] = defaultdict(list)
    for document, told in documents.items():
        of[told["tenant"]].append(document)
    wrong: list[str] = []
    for tenant in sorted({*tenants, *of}):
        url = make_url(administrator).set(database=database_name(tenant)).render_as_string(hide_password=False)
        with psycopg.connect(url, autocommit=True) as conn:
            wrong += [f"{tenant}: {problem}" for problem in _of_tenant(conn, {d: documents[d] for d in of[tenant]})]
    return wrong


def _of_tenant(conn: psycopg.Connection[Any], documents: dict[str, dict[str, Any]]) -> list[str]:
    waiting = [f"{service}.outbox" for service in parts.SERVICES]

    def settled() -> bool:
        left = conn.execute(" UNION ALL ".join(f"SELECT 1 FROM {table}" for table in waiting)).fetchall()
        return not left

    wrong = []
    try:
        until(settled)
    except AssertionError:
        wrong.append("events are still in an outbox")
    rows = conn.execute(_STATE, [list(documents)]).fetchall()
    missing = documents.keys() - {row[0] for row in rows}
    wrong += [f"document {document} was accepted and is not there" for document in missing]
    for row in rows:
        wrong += _of_document(row, documents[row[0]])
    numbers = conn.execute(
        "SELECT department_id, number_year, number_serial FROM documents.document WHERE number IS NOT NULL"
    ).fetchall()
    wrong += [f"number {number} was given {times} times" for number, times in Counter(numbers).items() if times > 1]
    return wrong


def _of_document(row: tuple[Any, ...], told: dict[str, Any]) -> list[str]:
    id_, state, number, process, steps, decisions, todos, notices, registered, on_record = row
    if told["decided"] < told["steps"]:
        # Somebody on the line did not come to an answer: what was acknowledged has to be there all the same.
        return [] if on_record >= told["decided"] else [f"{id_}: {on_record} of {told['decided']} decisions"]
    expected = ("approved", True, "approved", told["steps"], told["steps"], 0, 1, 1, told["steps"])
    approved = sum(step["state"] == "approved" for step in steps or ())
    found = (state, bool(number), process, approved, decisions, todos, notices, registered, on_record)
    return [] if found == expected else [f"{id_}: {found} where {expected} was expected"]
