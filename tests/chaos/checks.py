"""What must hold after every fault, whatever it was."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import psycopg

from oneway import parts
from tests.chaos import agreement
from tests.chaos.journeys import LATE
from tests.chaos.stage import Stage
from tests.chaos.work import ROLES, Work
from tests.integration.product.cast import Cast
from tests.integration.product.database import sql
from tests.integration.product.settled import agree
from tests.support import accounts
from tests.support.servers import messages
from tests.support.waiting import until

_REPEATED = 60
_ROUNDS = """
SELECT r.id, r.title, (SELECT count(*) FROM memo.opinion_round x WHERE x.title = r.title),
  (SELECT count(*) FROM memo.opinion_answer a WHERE a.round = r.id)
FROM memo.opinion_round r WHERE r.id = ANY(%s)
"""
# A meeting is there once; its room is booked for it at one time; it is in the calendars of who comes, and no others'.
_MEETINGS = """
SELECT m.id, m.title, (SELECT count(*) FROM meetings.meeting x WHERE x.title = m.title),
  (SELECT count(*) FROM schedule.booking b JOIN schedule.period p ON p.booking = b.id
    WHERE b.id = m.booking AND b.state = 'booked' AND p.taken AND p.starts_at = m.starts_at),
  (SELECT array_agg(substr(c.holder, 8) ORDER BY substr(c.holder, 8))
    FROM schedule.entry e JOIN schedule.calendar c ON c.id = e.calendar
    WHERE e.source_noun = 'meetings' AND e.source_subject = m.id AND e.shown_as = 'busy')
FROM meetings.meeting m WHERE m.id = ANY(%s)
"""
_DOUBLE = """
SELECT a.room, a.starts_at FROM schedule.period a JOIN schedule.period b
  ON a.room = b.room AND a.id < b.id AND a.starts_at < b.ends_at AND b.starts_at < a.ends_at WHERE a.taken AND b.taken
"""
# What somebody is to be told of by mail, and by which mail, where the service says that it was sent.
_TOLD = """
SELECT d.subject, CASE WHEN m.state = 'sent' THEN m.id END
FROM notify.delivery d LEFT JOIN notify.message m ON m.id = d.message
WHERE d.person = %s AND d.channel = 'mail' AND d.subject = ANY(%s)
"""


def wrong(stage: Stage, works: list[Work]) -> list[str]:
    """What does not hold, in words; empty where everything does. What is on its way is waited for."""
    checks: list[tuple[str, Callable[[], object]]] = [
        ("every process is ready", lambda: until(stage.system.ready)),
        (
            "queues are empty and nothing is among the dead letters",
            lambda: until(lambda: not messages(stage.rabbitmq), pause=1),
        ),
        ("the record is sound", lambda: _verify(stage)),
        ("nobody was told of a thing twice", lambda: _told_once(stage)),
    ]
    for work in works:
        of = work.cast.tenant
        checks += [
            (f"{of}: every journey came to its end", lambda w=work: _nothing(w.seen.failures)),
            (f"{of}: outboxes are empty", lambda w=work: until(lambda: not _unsent(w.cast))),
            (
                f"{of}: documents, approvals and to-dos agree",
                lambda w=work: until(lambda: agree(w.cast.system, w.cast.tenant)),
            ),
            (f"{of}: desks are as the services say", lambda w=work: _empty(stage, w, agreement.desks)),
            (f"{of}: the catalogue is as the services say", lambda w=work: _empty(stage, w, agreement.catalogue)),
            (f"{of}: every acknowledged document is there once", lambda w=work: _once(w)),
            (f"{of}: memos are there once", lambda w=work: _accounted(stage, w, accounts.memos, "memos")),
            (f"{of}: entries are there once", lambda w=work: _accounted(stage, w, accounts.entries, "entries")),
            (f"{of}: requests are there once", lambda w=work: _accounted(stage, w, accounts.requests, "requests")),
            (f"{of}: who left a memo was told once", lambda w=work: _told_of(stage, w)),
            (f"{of}: rounds are there once", lambda w=work: _accounted(stage, w, _rounds, "rounds")),
            (f"{of}: meetings, rooms and calendars agree", lambda w=work: _accounted(stage, w, _meetings, "meetings")),
            (f"{of}: numbers without gap or double", lambda w=work: _numbers(w.cast)),
            (f"{of}: counts are right", lambda w=work: until(lambda: _counts(w.cast))),
            (f"{of}: a repeat is answered as before", lambda w=work: _repeats(w)),
        ]
    found = []
    for name, check in checks:
        try:
            check()
        except AssertionError as error:
            found.append(f"not so: {name}: {str(error)[:300]}")
    return found


def _nothing(failures: list[str]) -> None:
    assert not failures, (len(failures), [failure[:150] for failure in failures[:3]])


def _verify(stage: Stage) -> None:
    done = stage.system.command("audit", "verify")
    assert done.returncode == 0, done.stdout + done.stderr


def _ask(cast: Cast, service: str, statement: str, **values: str) -> list[tuple[object, ...]]:
    return [tuple(row) for row in sql(cast.system, cast.tenant, service, statement, **values)]


def _unsent(cast: Cast) -> list[tuple[object, ...]]:
    return [row for service in parts.SERVICES for row in _ask(cast, service, "SELECT id FROM outbox")]


def _empty(stage: Stage, work: Work, compared: Callable[[psycopg.Connection[Any]], list[str]]) -> None:
    """Once what is on its way has come there is no difference."""
    with stage.tables(work.cast.tenant) as conn:
        found: list[str] = []

        def none() -> bool:
            found[:] = compared(conn)
            return not found

        try:
            until(none, pause=0.5)
        except AssertionError:
            raise AssertionError((len(found), found[:3])) from None


def _accounted(
    stage: Stage, work: Work, account: Callable[[psycopg.Connection[Any], dict[str, Any]], list[str]], noun: str
) -> None:
    _empty(stage, work, lambda conn: account(conn, work.seen.told[noun]))


def _rounds(conn: psycopg.Connection[Any], told: dict[str, Any]) -> list[str]:
    rows = {row[0]: row[1:] for row in conn.execute(_ROUNDS, [list(told)]).fetchall()}
    expected = {id_: (each["title"], 1, each["answered"]) for id_, each in told.items()}
    return [f"round {id_}: {rows.get(id_)}" for id_, each in expected.items() if rows.get(id_) != each]


def _meetings(conn: psycopg.Connection[Any], told: dict[str, Any]) -> list[str]:
    rows = {row[0]: row[1:] for row in conn.execute(_MEETINGS, [list(told)]).fetchall()}
    expected = {id_: (each["title"], 1, 1, each["come"]) for id_, each in told.items()}
    found = [f"meeting {id_}: {rows.get(id_)}" for id_, each in expected.items() if rows.get(id_) != each]
    return found + [f"booked twice: {row}" for row in conn.execute(_DOUBLE).fetchall()]


def _told_of(stage: Stage, work: Work) -> None:
    """Of each memo that is left there is one mail to be sent, and where it was sent it came."""
    cast, memos = work.cast, list(work.seen.told["memos"])
    login = cast.system.demo[cast.tenant]["people"][LATE]["login"]

    def compared(conn: psycopg.Connection[Any]) -> list[str]:
        rows = conn.execute(_TOLD, [work.ids[LATE], memos]).fetchall()
        found = [f"{times} of {memo}" for memo, times in Counter(memo for memo, _ in rows).items() if times > 1]
        found += [f"none of {memo}" for memo in set(memos) - {memo for memo, _ in rows}]
        for memo, sent in rows:
            came = stage.mailbox.of(f"{login}@{cast.tenant}", memo)
            if sent and not any(sent in mail for mail in came):
                found.append(f"{sent} of {memo} was sent and did not come: {came}")
        return found

    _empty(stage, work, compared)


def _told_once(stage: Stage) -> None:
    twice = {thing: ids for thing, ids in stage.mailbox.told().items() if len(ids) > 1}
    assert not twice, (len(twice), next(iter(twice.items())))


def _once(work: Work) -> None:
    done = list(work.seen.told["documents"])
    titled = "SELECT id FROM document WHERE title = :t AND state = 'approved'"
    there = [str(row[0]) for row in _ask(work.cast, "documents", titled, t=work.title)]
    assert sorted(there) == sorted(done), (len(there), len(done), set(there) ^ set(done))
    drafts = _ask(work.cast, "documents", "SELECT count(*) FROM document WHERE title = :t", t=work.title)
    assert drafts == [(len(done),)], (drafts, len(done))
    decided = (
        "SELECT subject, count(*) FROM audit WHERE action = 'approval.step.decided' GROUP BY 1 HAVING count(*) <> 2"
    )
    odd = {str(row[0]) for row in _ask(work.cast, "approval", decided)} & set(done)
    assert not odd, odd
    registered = "SELECT subject FROM audit WHERE action = 'documents.registered' GROUP BY 1 HAVING count(*) > 1"
    assert not _ask(work.cast, "documents", registered)


def _numbers(cast: Cast) -> None:
    numbered = "SELECT department_id, number_year, number_serial FROM document WHERE number IS NOT NULL"
    series: dict[tuple[object, object], list[int]] = {}
    for department, year, serial in _ask(cast, "documents", numbered):
        series.setdefault((department, year), []).append(int(str(serial)))
    for serials in series.values():
        assert sorted(serials) == list(range(1, len(serials) + 1))


def _counts(cast: Cast) -> bool:
    for role in ROLES:
        counts, todos = cast.counts(role), cast.todos(role)
        by_kind = Counter(kind for kind, _ in todos)
        if counts != {**dict.fromkeys(counts, 0), **by_kind, "total": len(todos)}:
            return False
    return True


def _repeats(work: Work) -> None:
    acknowledged = work.seen.acknowledged
    for done in acknowledged[:: max(1, len(acknowledged) // _REPEATED)]:
        answer = done.api.call(done.method, done.path, done.body, headers={"Idempotency-Key": done.key})
        assert answer.ok and answer.json() == done.answer, (done.path, answer.status_code, answer.text, done.answer)
