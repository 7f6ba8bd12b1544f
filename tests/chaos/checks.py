"""What must hold after every fault, whatever it was."""

from __future__ import annotations

from collections.abc import Callable

from oneway import parts
from tests.chaos.stage import Stage
from tests.chaos.work import ROLES, Work
from tests.integration.product.cast import Cast
from tests.integration.product.database import sql
from tests.integration.product.settled import agree
from tests.support.servers import messages
from tests.support.waiting import until

_REPEATED = 60


def wrong(stage: Stage, works: list[Work]) -> list[str]:
    """What does not hold, in words; empty where everything does. What is on its way is waited for."""
    checks: list[tuple[str, Callable[[], object]]] = [
        ("every process is ready", lambda: until(stage.system.ready)),
        (
            "queues are empty and nothing is among the dead letters",
            lambda: until(lambda: not messages(stage.rabbitmq), pause=1),
        ),
        ("the record is sound", lambda: _verify(stage)),
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
            (f"{of}: every acknowledged journey is there once", lambda w=work: _once(w)),
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
    assert not failures, failures[:3]


def _verify(stage: Stage) -> None:
    done = stage.system.command("audit", "verify")
    assert done.returncode == 0, done.stdout + done.stderr


def _ask(cast: Cast, service: str, statement: str, **values: str) -> list[tuple[object, ...]]:
    return [tuple(row) for row in sql(cast.system, cast.tenant, service, statement, **values)]


def _unsent(cast: Cast) -> list[tuple[object, ...]]:
    return [row for service in parts.SERVICES for row in _ask(cast, service, "SELECT id FROM outbox")]


def _once(work: Work) -> None:
    done = work.seen.done
    assert len(done) == len(set(done))
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
        if counts["total"] != len(todos) or counts["approval"] != sum(kind == "approval" for kind, _ in todos):
            return False
    return True


def _repeats(work: Work) -> None:
    acknowledged = work.seen.acknowledged
    for done in acknowledged[:: max(1, len(acknowledged) // _REPEATED)]:
        answer = done.api.call("POST", done.path, done.body, headers={"Idempotency-Key": done.key})
        assert answer.ok and answer.json() == done.answer, (done.path, answer.status_code, answer.text, done.answer)
