"""The accounts of each noun in one tenant's database: what clients were told was done, beside what is there.

What was not acknowledged to its end may be there or not; what was has to be, and nothing is there twice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import psycopg

Connection = psycopg.Connection[Any]
Told = dict[str, dict[str, Any]]

_DOCUMENTS = """
SELECT d.id, d.state, d.number, p.state, p.steps, (SELECT count(*) FROM approval.decision x WHERE x.document = d.id),
  (SELECT count(*) FROM desk.slot t WHERE t.subject = d.id AND t.shown),
  (SELECT count(*) FROM desk.notice n WHERE n.subject = d.id AND n.code = 'registered'),
  (SELECT count(*) FROM documents.audit a WHERE a.subject = d.id AND a.action = 'documents.registered'),
  (SELECT count(*) FROM approval.audit a WHERE a.subject = d.id AND a.action = 'approval.step.decided')
FROM documents.document d LEFT JOIN approval.process p ON p.document = d.id WHERE d.id = ANY(%s)
"""
_NUMBERS = "SELECT department_id, number_year, number_serial FROM documents.document WHERE number IS NOT NULL"
_MEMOS = """
SELECT m.id, m.state, m.receivers, m.read, m.answered,
  (SELECT count(*) FROM memo.memo x WHERE x.title = m.title AND x.sender_id = m.sender_id),
  (SELECT array_agg(d.person ORDER BY d.person) FROM memo.delivery d WHERE d.memo = m.id AND d.place = 'inbox'),
  (SELECT array_agg(d.person) FROM memo.delivery d WHERE d.memo = m.id AND d.state IN ('read', 'answered')),
  (SELECT array_agg(d.person) FROM memo.delivery d WHERE d.memo = m.id AND d.state = 'answered'),
  (SELECT count(*) FROM desk.slot t WHERE t.subject = m.id AND t.shown),
  (SELECT count(*) FROM memo.delivery d WHERE d.memo = m.id AND d.todo <> ''),
  (SELECT count(*) FROM desk.notice n WHERE n.subject = m.id AND n.person = m.sender_id AND n.code = 'answered'),
  (SELECT i.state FROM search.item i WHERE i.subject = m.id),
  (SELECT array_agg(a.action) FROM memo.audit a WHERE a.subject = m.id)
FROM memo.memo m WHERE m.id = ANY(%s)
"""
_ENTRIES = """
SELECT e.id, e.journal, e.version, e.state, (SELECT count(*) FROM memo.journal_version v WHERE v.entry = e.id),
  (SELECT count(*) FROM memo.audit a WHERE a.subject = e.id AND a.action = 'journals.entry.written'),
  (SELECT count(*) FROM memo.audit a WHERE a.subject = e.id AND a.action = 'journals.entry.decided')
FROM memo.journal_entry e WHERE e.journal = ANY(%s)
"""
# What months and rounds have counted beside the entries they count; what waits, beside what is on the verifiers' desks.
_MONTHS = """
SELECT m.journal, m.entries, m.verified, count(e.id), count(e.id) FILTER (WHERE e.state = 'verified')
FROM memo.journal_month m LEFT JOIN memo.journal_entry e ON e.month = m.id AND e.version > 0
WHERE m.journal = ANY(%s) GROUP BY m.id, m.journal, m.entries, m.verified
"""
_ROUNDS = """
SELECT r.journal, r.entries, r.to_verify, count(e.id), count(e.id) FILTER (WHERE e.state = 'to_verify'),
  (SELECT count(*) FROM desk.slot t WHERE t.subject = r.id AND t.kind = 'verify' AND t.shown)
FROM memo.journal_round r LEFT JOIN memo.journal_entry e ON e.round = r.id AND e.version > 0
WHERE r.journal = ANY(%s) GROUP BY r.id, r.journal, r.entries, r.to_verify
"""
_REQUESTS = """
SELECT r.id, r.state, (SELECT count(*) FROM requests.request x WHERE x.title = r.title),
  (SELECT array_agg(e.action ORDER BY e.number) FROM requests.entry e WHERE e.request = r.id),
  (SELECT count(*) FROM desk.slot t WHERE t.subject = r.id AND t.shown),
  (SELECT count(*) FROM requests.outcome o WHERE o.request = r.id),
  (SELECT i.state FROM search.item i WHERE i.subject = r.id)
FROM requests.request r WHERE r.id = ANY(%s)
"""
# What an act of `tests.load.asking` is called in the history.
_HISTORY = {"accept": "accepted", "progress": "progressed", "hand_in": "handed_in", "close": "closed"}


def _rows(conn: Connection, statement: str, told: Told, what: str, wrong: list[str]) -> list[tuple[Any, ...]]:
    """The rows of what was told; what is missing among them is wrong."""
    rows = conn.execute(statement, [list(told)]).fetchall()
    wrong += [f"{what} {id_} was accepted and is not there" for id_ in told.keys() - {row[0] for row in rows}]
    return rows


def _beside(what: str, id_: str, found: object, expected: object) -> list[str]:
    return [] if found == expected else [f"{what} {id_}: {found} where {expected} was expected"]


def documents(conn: Connection, told: Told) -> list[str]:
    """Decided by each step once, registered under a number of its own, off the desks."""
    wrong: list[str] = []
    for row in _rows(conn, _DOCUMENTS, told, "document", wrong):
        wrong += _of_document(row, told[row[0]])
    numbers = Counter(conn.execute(_NUMBERS).fetchall())
    return wrong + [f"number {number} was given {times} times" for number, times in numbers.items() if times > 1]


def _of_document(row: tuple[Any, ...], told: dict[str, Any]) -> list[str]:
    id_, state, number, process, steps, decisions, todos, notices, registered, on_record = row
    if told["decided"] < told["steps"]:
        # Somebody on the line did not come to an answer: what was acknowledged has to be there all the same.
        return [] if on_record >= told["decided"] else [f"document {id_}: {on_record} of {told['decided']} decisions"]
    approved = sum(step["state"] == "approved" for step in steps or ())
    found = (state, bool(number), process, approved, decisions, todos, notices, registered, on_record)
    expected = ("approved", True, "approved", told["steps"], told["steps"], 0, 1, 1, told["steps"])
    return _beside("document", id_, found, expected)


def memos(conn: Connection, told: Told) -> list[str]:
    """In the inbox of each receiver, read and answered by who did, each on record once; the desk and the catalogue
    say the same."""
    wrong: list[str] = []
    for row in _rows(conn, _MEMOS, told, "memo", wrong):
        wrong += _of_memo(row, told[row[0]])
    return wrong


def _of_memo(row: tuple[Any, ...], told: dict[str, Any]) -> list[str]:
    id_, state, receivers, read, answered, same, inboxes, readers, answerers, shown, todos, notices, item, record = row
    acts = Counter(record or ())
    inboxes, readers, answerers = ([*(people or ())] for people in (inboxes, readers, answerers))
    wrong = _beside("memo", id_, (state, item, same, acts["memo.sent"], shown), ("sent", "sent", 1, 1, todos))
    wrong += _beside("memo's counts", id_, (receivers, read, answered), tuple(map(len, (inboxes, readers, answerers))))
    # Each reading and answer is on the record and told once.
    once = (acts["memo.read"], acts["memo.answered"], notices)
    wrong += _beside("memo's record", id_, once, (len(readers), len(answerers), len(answerers)))
    kept = {"to": set(inboxes), "read": set(readers), "answered": set(answerers)}
    for what, people in kept.items():
        lost = set(told[what]) - people
        more = people - set(told[what]) if told["whole"] else set()
        wrong += [f"memo {id_}, {what}: {lost} lost, {more} nobody asked for"] if lost or more else []
    return wrong


def entries(conn: Connection, told: Told) -> list[str]:
    """Each saved once and verified once, none that nobody wrote; months, rounds and desks count the same."""
    journals = sorted({each["journal"] for each in told.values()})
    rows = {row[0]: row[1:] for row in conn.execute(_ENTRIES, [journals]).fetchall()}
    wrong = [f"entry {id_} was written by nobody" for id_ in rows.keys() - told.keys()]
    for id_, each in told.items():
        if id_ not in rows:
            wrong += [f"entry {id_} was accepted and is not there"] if each["saved"] else []
            continue
        journal, version, state, versions, written, decided = rows[id_]
        expected = (each["journal"], 1, 1, 1)
        wrong += _beside("entry", id_, (journal, version, versions, written), expected)
        if each["verified"]:
            wrong += _beside("entry", id_, (state, decided), ("verified", 1))
    for month, *counted, entries_, verified in conn.execute(_MONTHS, [journals]).fetchall():
        wrong += _beside("month of the journal", month, (*counted,), (entries_, verified))
    for round_, *counted, entries_, waiting, shown in conn.execute(_ROUNDS, [journals]).fetchall():
        found = (*counted, shown > 0)
        wrong += _beside("round of the journal", round_, found, (entries_, waiting, waiting > 0))
    return wrong


def requests(conn: Connection, told: Told) -> list[str]:
    """As far as it was said to be, each act in its history once; desks and the catalogue say the same."""
    wrong: list[str] = []
    for id_, state, same, history, shown, outcomes, item in _rows(conn, _REQUESTS, told, "request", wrong):
        done = [_HISTORY[act] for act in told[id_]["done"]]
        closed = "closed" in done
        times = Counter(history or ())
        wrong += _beside("request", id_, (same, item, max(times.values(), default=0)), (1, state, 1))
        wrong += _beside("request", id_, [act for act in history if act in done], done)
        if closed:
            wrong += _beside("request", id_, (state, shown, outcomes), ("done", 0, 1))
    return wrong


ACCOUNTS: dict[str, Callable[[Connection, Told], list[str]]] = {
    "documents": documents,
    "memos": memos,
    "entries": entries,
    "requests": requests,
}
