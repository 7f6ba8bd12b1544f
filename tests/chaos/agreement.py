"""Whether what services keep of each other's telling is what those say: desks and the catalogue, of one tenant."""

from __future__ import annotations

from typing import Any

import psycopg

Connection = psycopg.Connection[Any]

# Who is asked for what, by the services themselves. Approvals are compared in tests.integration.product.settled.
_ASKED = """
SELECT memo, person, 'memo' FROM memo.delivery WHERE todo <> ''
UNION SELECT r.id, p.value, 'journal' FROM memo.journal_round r, jsonb_array_elements_text(r.asked) p
UNION SELECT r.id, p.value, 'verify' FROM memo.journal_round r, jsonb_array_elements_text(r.verifying) p
  WHERE r.to_verify > 0
UNION SELECT a.round, a.person, 'opinion' FROM memo.opinion_asked a JOIN memo.opinion_round r ON r.id = a.round
  WHERE r.state = 'open' AND a.standing = 'waiting'
"""
_ON_DESKS = """
SELECT subject, person, kind FROM desk.slot WHERE shown AND kind IN ('memo', 'journal', 'verify', 'opinion')
"""
_RUNNING = "SELECT id FROM requests.request WHERE state NOT IN ('done', 'declined', 'withdrawn')"
_REQUESTED = "SELECT DISTINCT subject FROM desk.slot WHERE shown AND kind = 'request'"
_OBJECTS = """
SELECT id, 'documents', state FROM documents.document
UNION ALL SELECT id, 'memo', state FROM memo.memo WHERE state IN ('sent', 'recalled')
UNION ALL SELECT id, 'requests', state FROM requests.request
UNION ALL SELECT id, 'rounds', state FROM memo.opinion_round
UNION ALL SELECT id, 'meetings', state FROM meetings.meeting
UNION ALL SELECT id, 'schedule', kind FROM schedule.entry WHERE source_noun IS NULL
UNION ALL SELECT id, 'journals', state FROM memo.journal
UNION ALL SELECT id, 'journals', CASE WHEN closed_at IS NULL THEN 'open' ELSE 'closed' END
  FROM memo.journal_month WHERE sequence > 0
"""
_ITEMS = """
SELECT subject, noun, state FROM search.item WHERE NOT removed
AND noun IN ('documents', 'memo', 'requests', 'rounds', 'journals', 'meetings', 'schedule')
"""


def desks(conn: Connection) -> list[str]:
    """What is on desks and should not be, or should and is not."""
    return _compared(conn, "desk", _ASKED, _ON_DESKS) + _compared(conn, "desk of a request", _RUNNING, _REQUESTED)


def catalogue(conn: Connection) -> list[str]:
    """What the catalogue has otherwise than the services."""
    return _compared(conn, "catalogue", _OBJECTS, _ITEMS)


def _compared(conn: Connection, what: str, said: str, kept: str) -> list[str]:
    theirs, ours = (set(conn.execute(statement).fetchall()) for statement in (said, kept))
    return [
        *(f"{what}: {row} is missing" for row in sorted(theirs - ours)),
        *(f"{what}: {row} is nobody's" for row in sorted(ours - theirs)),
    ]
