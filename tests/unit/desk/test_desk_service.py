"""The desk service as it is called: what it keeps of what others tell, answers, refuses and tells."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import UniqueConstraint, func, inspect, select
from sqlalchemy import event as sa_event
from sqlalchemy.engine import Engine

from services.desk import models
from services.desk.domain import age
from services.desk.models import Notice, Slot, Subject
from shared import paging
from shared.contracts import desk as contract
from shared.errors import Conflict, Invalid, NotFound, Poison, Problem
from shared.ids import new_id
from shared.testing import LocalService, context
from tests.unit.desk.cast import (
    COOPERATOR,
    DECIDER,
    DRAFTER,
    EVERYBODY,
    OPERATOR,
    REVIEWER,
    START,
    Doc,
    as_,
    counts,
    empty,
    ids,
    looking,
    notice,
    notices,
    returned,
    slot,
    tell,
    todos,
    told,
    waiting,
)


def rows(service: LocalService, model: Any) -> int:
    with service.tx() as tx:
        return int(tx.scalar(select(func.count()).select_from(model)))


# -- to-dos -----------------------------------------------------------------------------------------


def test_what_a_service_puts_on_a_desk_is_there_with_what_is_asked_and_by_whom(service: LocalService) -> None:
    subject, due = new_id(), START + timedelta(days=3)
    item = slot(REVIEWER, "opinion", role="answer", due=due.isoformat(), urgency=2, params={"round": 1})
    tell(service, told(subject, 1, item, noun="memo", title="예산 보고"), source="memo")
    (todo,) = todos(service, REVIEWER)
    assert (todo["noun"], todo["subject"], todo["kind"], todo["role"]) == ("memo", subject, "opinion", "answer")
    assert (todo["title"], todo["sender"], todo["params"]) == ("예산 보고", DRAFTER, {"round": 1})
    assert [datetime.fromisoformat(todo[name]) for name in ("since", "due")] == [START, due]
    assert (todo["urgency"], todo["dismissible"]) == (2, False)
    assert todos(service, DRAFTER) == todos(service, DECIDER) == []


def test_with_everything_cleared_the_slots_told_are_all_there_are(service: LocalService) -> None:
    subject = waiting(service, REVIEWER)
    tell(service, told(subject, 2, slot(DECIDER, role="decide")))
    assert todos(service, REVIEWER) == []
    assert [todo["role"] for todo in todos(service, DECIDER)] == ["decide"]
    tell(service, told(subject, 3, ended=True))
    assert todos(service, DECIDER) == []
    assert rows(service, Slot) == 0


def test_without_clearing_only_the_slots_told_change(service: LocalService) -> None:
    subject = waiting(service, REVIEWER, COOPERATOR)
    tell(service, told(subject, 2, empty(REVIEWER), clear=None))
    assert (todos(service, REVIEWER), len(todos(service, COOPERATOR))) == ([], 1)
    tell(service, told(subject, 1, slot(REVIEWER), slot(COOPERATOR)))
    assert (todos(service, REVIEWER), len(todos(service, COOPERATOR))) == ([], 1)


def test_what_stays_the_same_keeps_its_id_and_only_those_look_again_for_whom_it_changed(service: LocalService) -> None:
    subject = waiting(service, REVIEWER, COOPERATOR)
    assert looking(service) == ids(REVIEWER, COOPERATOR)
    kept = todos(service, COOPERATOR)
    tell(service, told(subject, 2, slot(COOPERATOR), watchers=[DRAFTER["id"]]))
    assert todos(service, COOPERATOR) == kept
    assert todos(service, REVIEWER) == []
    assert looking(service) == ids(REVIEWER)
    tell(service, told(subject, 3, slot(COOPERATOR, since=START + timedelta(hours=1))))
    assert todos(service, COOPERATOR)[0]["id"] != kept[0]["id"]


def test_who_only_looks_on_hears_that_the_object_changed_and_not_that_their_desk_did(service: LocalService) -> None:
    subject = new_id()
    tell(service, told(subject, 1, slot(REVIEWER), watchers=[DRAFTER["id"], REVIEWER["id"]]))
    assert (looking(service), looking(service, "documents")) == (ids(REVIEWER), ids(DRAFTER, REVIEWER))


def test_two_services_keep_what_they_tell_of_one_subject_apart(service: LocalService) -> None:
    subject = waiting(service, REVIEWER)
    tell(service, told(subject, 9, slot(REVIEWER, "memo")), source="memo")
    tell(service, told(subject, 10), source="requests")
    assert counts(service, REVIEWER) == {"approval": 1, "memo": 1, "total": 2}
    tell(service, told(subject, 2))
    assert [todo["kind"] for todo in todos(service, REVIEWER)] == ["memo"]


def test_subjects_do_not_touch_each_other(service: LocalService) -> None:
    one, other = waiting(service, REVIEWER), waiting(service, REVIEWER)
    tell(service, told(one, 2, ended=True))
    assert [todo["subject"] for todo in todos(service, REVIEWER)] == [other]


@pytest.mark.parametrize(
    "bad",
    [
        {"slots": [{**slot(REVIEWER), "kind": "Approval!"}]},
        {"slots": [slot(REVIEWER, urgency=3)]},
        {"slots": [slot(REVIEWER)] * 501},
        {"watchers": [REVIEWER["id"]] * 501},
        {"clear": 2},
        {"subject": "x"},
        {"notices": [{"person": DRAFTER["id"]}]},
    ],
)
def test_what_is_not_as_agreed_is_parked_and_changes_nothing(service: LocalService, bad: Doc) -> None:
    with pytest.raises(Poison):
        tell(service, told(new_id(), 1, slot(REVIEWER)) | bad)
    assert counts(service, REVIEWER) == {"total": 0}


def test_a_field_of_a_later_version_is_passed_over(service: LocalService) -> None:
    later = told(new_id(), 1, slot(REVIEWER) | {"colour": "red"}) | {"more": 1}
    tell(service, later)
    assert counts(service, REVIEWER)["total"] == 1


# -- dismissed --------------------------------------------------------------------------------------


def dismiss(service: LocalService, person: Doc, key: str | None = None) -> Doc:
    (todo,) = todos(service, person)
    answer: Doc = service.call("dismiss_todo", as_(person), {"id": todo["id"]}, key=key)
    return answer


def test_what_only_tells_can_be_dismissed_and_does_not_come_back(service: LocalService) -> None:
    subject = returned(service)
    (todo,) = todos(service, DRAFTER)
    looking(service)
    answer = dismiss(service, DRAFTER, key="k")
    assert answer == {"id": todo["id"], "dismissed": True}
    assert looking(service) == ids(DRAFTER)
    assert service.call("dismiss_todo", as_(DRAFTER), {"id": todo["id"]}, key="k") == answer
    with pytest.raises(NotFound):
        service.call("dismiss_todo", as_(DRAFTER), {"id": todo["id"]})
    returned(service, subject=subject)
    returned(service, subject=subject, sequence=2)
    assert (todos(service, DRAFTER), counts(service, DRAFTER)) == ([], {"total": 0})
    returned(service, subject=subject, sequence=3, since=START + timedelta(days=1))
    assert len(todos(service, DRAFTER)) == 1


def test_a_dismissal_outlives_a_clearing_that_came_before_the_slot_was_told_again(service: LocalService) -> None:
    subject = returned(service)
    dismiss(service, DRAFTER)
    # Two events of one telling: the one without the slot comes first.
    tell(service, told(subject, 2, slot(REVIEWER)))
    tell(service, told(subject, 2, slot(DRAFTER, "returned")))
    assert (todos(service, DRAFTER), len(todos(service, REVIEWER))) == ([], 1)


def test_what_asks_for_an_act_cannot_be_dismissed(service: LocalService) -> None:
    waiting(service, REVIEWER)
    (todo,) = todos(service, REVIEWER)
    with pytest.raises(Conflict):
        service.call("dismiss_todo", as_(REVIEWER), {"id": todo["id"]})
    assert todos(service, REVIEWER) == [todo]


def test_another_persons_to_do_is_none_of_yours(service: LocalService) -> None:
    returned(service)
    (todo,) = todos(service, DRAFTER)
    with pytest.raises(NotFound):
        service.call("dismiss_todo", as_(REVIEWER), {"id": todo["id"]})
    with pytest.raises(NotFound):
        service.call("dismiss_todo", as_(DRAFTER), {"id": new_id()})
    assert todos(service, DRAFTER) == [todo]


@pytest.mark.parametrize("method", ["todos", "counts", "notices", "read_notices", "dismiss_todo"])
def test_nobody_is_refused(service: LocalService, method: str) -> None:
    with pytest.raises(Problem) as caught:
        service.call(method, context(person=""), {"id": new_id()} if method == "dismiss_todo" else {})
    assert caught.value.status == 401


# -- counts and lists -------------------------------------------------------------------------------


def test_counts_name_the_kinds_that_are_there_and_the_total(service: LocalService) -> None:
    waiting(service, DRAFTER)
    waiting(service, DRAFTER, REVIEWER)
    returned(service)
    tell(service, told(new_id(), 1, slot(DRAFTER, "journal"), noun="memo"), source="memo")
    assert counts(service, DRAFTER) == {"approval": 2, "returned": 1, "journal": 1, "total": 4}
    assert counts(service, REVIEWER) == {"approval": 1, "total": 1}
    assert counts(service, DECIDER) == {"total": 0}


def test_to_dos_are_paged_from_the_longest_waiting_on(service: LocalService) -> None:
    made = []
    for n in (3, 1, 2, 2, 5):
        subject = new_id()
        tell(service, told(subject, 1, slot(REVIEWER, since=START + timedelta(hours=n))))
        made.append((n, subject))
    seen: list[str] = []
    cursor = None
    for size in (2, 2, 1):
        page = service.call("todos", as_(REVIEWER), {"limit": 2, "cursor": cursor, "kind": "approval"})
        assert len(page["items"]) == size
        seen += [todo["subject"] for todo in page["items"]]
        cursor = page["next"]
    assert cursor is None
    assert [n for subject in seen for n, made_ in made if made_ == subject] == [1, 2, 2, 3, 5]
    assert len(set(seen)) == 5


def test_to_dos_are_listed_by_kind(service: LocalService) -> None:
    subject = waiting(service, DRAFTER)
    returned(service)
    assert [todo["subject"] for todo in todos(service, DRAFTER, kind="approval")] == [subject]
    assert [todo["kind"] for todo in todos(service, DRAFTER, kind="returned")] == ["returned"]
    assert todos(service, DRAFTER, kind="memo") == []
    assert len(todos(service, DRAFTER)) == 2
    for kind in ("Every Thing", "x" * 31, ""):
        with pytest.raises(Invalid) as caught:
            service.call("todos", as_(DRAFTER), {"kind": kind})
        assert set(caught.value.fields) == {"kind"}


TODOS, NOTICES = "todos None", "notices"
# The same in every process that collects the tests.
SOME_ID = "01890000-0000-7000-8000-000000000000"
BAD_CURSORS = [
    "nonsense",
    paging.encode([START]),
    paging.encode(["todos approval", START, SOME_ID]),
    paging.encode([TODOS, "2026", SOME_ID]),
    paging.encode([TODOS, START.replace(tzinfo=None), SOME_ID]),
    paging.encode([TODOS, datetime.fromisoformat("0001-01-01T00:00:00+09:00"), SOME_ID]),
    paging.encode([TODOS, START, "x\0"]),
    paging.encode([TODOS, START, 5]),
    paging.encode([NOTICES, "x\0"]),
    paging.encode([NOTICES, None]),
    paging.encode([[], {}]),
]


@pytest.mark.parametrize("cursor", BAD_CURSORS)
@pytest.mark.parametrize("method", ["todos", "notices"])
def test_a_cursor_of_somebodys_own_making_is_refused(service: LocalService, method: str, cursor: str) -> None:
    with pytest.raises(Invalid) as caught:
        service.call(method, as_(DRAFTER), {"cursor": cursor})
    assert caught.value.fields == {"cursor": "broken_cursor"}


# -- notices ----------------------------------------------------------------------------------------


def test_notices_are_paged_from_the_newest_on(service: LocalService) -> None:
    made = [returned(service) for _ in range(5)]
    first = service.call("notices", as_(DRAFTER), {"limit": 3})
    rest = service.call("notices", as_(DRAFTER), {"limit": 3, "cursor": first["next"]})
    assert [notice["subject"] for notice in first["items"] + rest["items"]] == made[::-1]
    assert rest["next"] is None


def test_a_notice_is_told_once_for_each_occasion(service: LocalService) -> None:
    subject, at = new_id(), datetime.now(UTC)
    number = notice(DRAFTER, "registered", 0, at, number="총무과-12")
    for _ in range(2):
        tell(service, told(subject, 4, clear=None, notices=[number]), source="documents")
    assert looking(service) == ids(DRAFTER)
    (seen,) = notices(service, DRAFTER)
    assert (seen["noun"], seen["code"], seen["subject"], seen["read"]) == ("documents", "registered", subject, False)
    assert seen["params"] == {"title": "청사 보수 계획", "number": "총무과-12"}
    assert datetime.fromisoformat(seen["at"]) == at
    tell(service, told(subject, 5, notices=[notice(DRAFTER, "registered", 1)]), source="documents")
    tell(service, told(subject, 5, notices=[number]), source="memo")
    assert len(notices(service, DRAFTER)) == 3
    assert all(notices(service, person) == [] for person in EVERYBODY[1:])


def test_notices_are_read_up_to_the_one_seen_and_stay_read(service: LocalService) -> None:
    subjects = [returned(service) for _ in range(3)]
    waiting(service, REVIEWER)
    newest, seen, _ = notices(service, DRAFTER)
    looking(service)
    assert service.call("read_notices", as_(REVIEWER)) == {"read": 0}
    assert looking(service) == set()
    assert service.call("read_notices", as_(DRAFTER), {"until": seen["id"]}) == {"read": 2}
    assert looking(service) == ids(DRAFTER)
    assert [notice["read"] for notice in notices(service, DRAFTER)] == [False, True, True]
    assert service.call("read_notices", as_(DRAFTER)) == {"read": 1}
    for subject in subjects:
        returned(service, subject=subject)
    assert all(notice["read"] for notice in notices(service, DRAFTER))
    assert newest["id"] == notices(service, DRAFTER)[0]["id"]


# -- order ------------------------------------------------------------------------------------------


def test_a_late_event_brings_nothing_back_and_nobody_looks_again(service: LocalService) -> None:
    subject = new_id()
    tell(service, told(subject, 3, ended=True))
    tell(service, told(subject, 1, slot(REVIEWER), watchers=[DRAFTER["id"]]))
    tell(service, told(subject, 2, slot(DECIDER)))
    assert all(counts(service, person)["total"] == 0 for person in EVERYBODY)
    assert looking(service) == looking(service, "documents") == set()
    assert rows(service, Slot) == 0


# -- what is over -----------------------------------------------------------------------------------

SWEEPS = "01900000-0000-7000-8000-000000000100"


def make_older(service: LocalService, model: Any, column: str, days: float) -> None:
    """As if that many days had passed."""
    with service.tx() as tx:
        field = getattr(model, column)
        for (value,) in tx.all(select(field).where(field.is_not(None))):
            changed = {column: value - timedelta(days=days)}
            tx.execute(model.__table__.update().where(field == value).values(changed))


def old(service: LocalService, data: Doc, days: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """Delivers what was told that many days ago."""
    with monkeypatch.context() as patched:
        patched.setattr(age, "LATEST", age.LATEST - timedelta(days=days))
        tell(service, data)


def test_an_ended_subject_is_forgotten_after_a_while_and_one_under_way_never(service: LocalService) -> None:
    ended, kept = waiting(service, REVIEWER), waiting(service, REVIEWER)
    tell(service, told(ended, 2, ended=True))
    tell(service, told(ended, 3, empty(COOPERATOR), clear=None, ended=True))
    returned(service)
    assert rows(service, Slot) == 3
    make_older(service, Subject, "ended_at", 93)
    make_older(service, Notice, "at", 93)
    tell(service, told(kept, 2, slot(DECIDER)), id=SWEEPS)
    assert (rows(service, Subject), rows(service, Notice), rows(service, Slot)) == (1, 0, 2)
    assert [todo["subject"] for todo in todos(service, DECIDER)] == [kept]
    assert len(todos(service, DRAFTER)) == 1


def test_a_straggler_of_a_forgotten_subject_brings_nothing_back(
    service: LocalService, monkeypatch: pytest.MonkeyPatch
) -> None:
    subject, at = new_id(), datetime.now(UTC)
    old(service, told(subject, 1, slot(REVIEWER), watchers=[DRAFTER["id"]]), 91, monkeypatch)
    old(service, told(subject, 2, notices=[notice(DRAFTER, at=at)], ended=True), 91, monkeypatch)
    assert (rows(service, Subject), rows(service, Slot), rows(service, Notice)) == (0, 0, 0)
    assert looking(service) == set()


def test_old_news_told_again_is_no_news(service: LocalService) -> None:
    long_ago = datetime.now(UTC) - age.LATEST - timedelta(days=1)
    tell(service, told(new_id(), 1, notices=[notice(DRAFTER, at=long_ago)]))
    assert notices(service, DRAFTER) == []


def test_an_old_event_of_a_known_subject_still_counts(service: LocalService, monkeypatch: pytest.MonkeyPatch) -> None:
    subject = waiting(service, REVIEWER)
    old(service, told(subject, 2, slot(DECIDER)), 91, monkeypatch)
    assert (todos(service, REVIEWER), len(todos(service, DECIDER))) == ([], 1)
    old(service, told(subject, 1, slot(REVIEWER)), 91, monkeypatch)
    assert todos(service, REVIEWER) == []


def test_what_was_returned_long_ago_leaves_the_desk_with_the_next_submission(service: LocalService) -> None:
    subject = returned(service)
    make_older(service, Subject, "ended_at", 93)
    tell(service, told(new_id(), 1, slot(DECIDER)), id=SWEEPS)
    assert len(todos(service, DRAFTER)) == 1
    tell(service, told(subject, 2, slot(REVIEWER)))
    assert todos(service, DRAFTER) == []


def test_a_dismissal_is_remembered_as_long_as_the_slot_is_filled(service: LocalService) -> None:
    subject = returned(service)
    dismiss(service, DRAFTER)
    make_older(service, Subject, "ended_at", 93)
    tell(service, told(new_id(), 1, slot(DECIDER)), id=SWEEPS)
    returned(service, subject=subject)
    assert todos(service, DRAFTER) == []


def test_what_is_forgotten_is_older_than_what_is_still_heard() -> None:
    assert timedelta(days=1) < age.FORGOTTEN - age.LATEST
    now = datetime.now(UTC)
    assert age.is_too_late(age.forgotten_before(now), now)
    assert not age.is_too_late(now, now)


# -- rebuilt ----------------------------------------------------------------------------------------


def test_a_rebuild_takes_off_what_its_source_tells_nothing_of_and_keeps_the_rest(service: LocalService) -> None:
    kept, gone, other = waiting(service, REVIEWER), waiting(service, REVIEWER), new_id()
    tell(service, told(other, 1, slot(REVIEWER, "memo")), source="memo")
    dismissed = returned(service)
    dismiss(service, DRAFTER)
    before = [todo for todo in todos(service, REVIEWER) if todo["subject"] != gone]
    assert service.call("begin_rebuild", OPERATOR, {"source": "approval"}) == {"doubted": 3}
    tell(service, told(kept, 1, slot(REVIEWER)))
    returned(service, subject=dismissed)
    assert len(todos(service, REVIEWER)) == 3
    looking(service)
    assert service.call("end_rebuild", OPERATOR, {"source": "approval"}) == {"emptied": 1}
    assert looking(service) == ids(REVIEWER)
    assert todos(service, REVIEWER) == before
    assert todos(service, DRAFTER) == []
    tell(service, told(gone, 0, slot(REVIEWER), clear=None))
    assert todos(service, REVIEWER) == before


def test_what_is_told_after_a_rebuild_has_ended_is_on_the_desk_all_the_same(service: LocalService) -> None:
    late, dismissed = waiting(service, REVIEWER), returned(service)
    dismiss(service, DRAFTER)
    service.call("begin_rebuild", OPERATOR, {"source": "approval"})
    service.call("end_rebuild", OPERATOR, {"source": "approval"})
    assert todos(service, REVIEWER) == []
    tell(service, told(late, 1, slot(REVIEWER)))
    returned(service, subject=dismissed)
    assert [todo["subject"] for todo in todos(service, REVIEWER)] == [late]
    assert todos(service, DRAFTER) == []


def test_only_the_operator_rebuilds(service: LocalService) -> None:
    for method in ("begin_rebuild", "end_rebuild"):
        with pytest.raises(Problem) as refused:
            service.call(method, as_(DRAFTER), {"source": "approval"})
        assert refused.value.status == 403


# -- cost -------------------------------------------------------------------------------------------


def statements(call: Any) -> list[str]:
    """The verb and table of every statement to the service's own tables."""
    seen: list[str] = []

    def listen(conn: Any, cursor: Any, statement: str, *_: Any) -> None:
        words = statement.replace("\n", " ").split()
        at = {"INSERT": 2, "DELETE": 2, "UPDATE": 1}.get(words[0])
        seen.append(words[0] if at is None else f"{words[0]} {words[at]}")

    sa_event.listen(Engine, "before_cursor_execute", listen)
    try:
        call()
    finally:
        sa_event.remove(Engine, "before_cursor_execute", listen)
    return [s for s in seen if s.split()[0] not in ("BEGIN", "COMMIT", "PRAGMA") and s != "INSERT inbox"]


def test_each_query_is_one_statement_and_an_event_reads_once_and_then_writes(service: LocalService) -> None:
    subject = waiting(service, REVIEWER)
    for method in ("todos", "counts", "notices"):
        assert statements(lambda method=method: service.call(method, as_(REVIEWER))) == ["SELECT"]
    read = ["INSERT subject", "SELECT"]
    further = told(subject, 2, slot(DECIDER), notices=[notice(DRAFTER)])
    writes = ["DELETE slot", "INSERT slot", "INSERT notice"]
    assert statements(lambda: tell(service, further)) == [*read, *writes]
    assert statements(lambda: tell(service, told(subject, 3, ended=True))) == [*read, "DELETE slot"]
    assert statements(lambda: tell(service, told(subject, 2, slot(DECIDER)))) == read
    news = told(subject, 4, clear=None, notices=[notice(DRAFTER, "registered", n) for n in range(9)])
    assert statements(lambda: tell(service, news, source="documents")) == ["INSERT notice"]


BY_DUE = ("slot_urgent", "slot_by_due")


def plans(service: LocalService, call: Any) -> list[str]:
    """How the database goes about each statement of `call`."""
    seen: list[tuple[str, Any]] = []

    def listen(conn: Any, cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if statement.startswith("SELECT"):
            seen.append((statement, parameters))

    sa_event.listen(Engine, "before_cursor_execute", listen)
    try:
        call()
    finally:
        sa_event.remove(Engine, "before_cursor_execute", listen)
    with service.tx() as tx:
        explained = [tx.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", given).all() for sql, given in seen]
    return [step[3] for steps in explained for step in steps]


@pytest.mark.parametrize(
    ("method", "asked", "index", "steps"),
    [
        ("todos", {}, "slot_of_person", 1),
        ("todos", {"kind": "approval"}, "slot_of_kind", 1),
        ("todos", {"cursor": paging.encode([TODOS, START, new_id()])}, "slot_of_person", 1),
        ("counts", {}, "slot_of_kind", 1),
        ("notices", {}, "notice_of_person", 1),
        ("notices", {"cursor": paging.encode([NOTICES, new_id()])}, "notice_of_person", 1),
    ],
)
def test_a_query_reads_what_is_shown_to_its_person_in_order_and_nothing_else(
    service: LocalService, method: str, asked: Doc, index: str, steps: int
) -> None:
    found = plans(service, lambda: service.call(method, as_(REVIEWER), asked))
    assert f"INDEX {index} (person=?" in found[0]
    assert len(found) == steps


@pytest.mark.parametrize("asked", [{}, {"kind": "memo"}, {"cursor": True}])
def test_by_bands_no_more_is_read_than_is_shown_however_much_there_is(service: LocalService, asked: Doc) -> None:
    for _ in range(3):
        waiting(service, REVIEWER)
    if "cursor" in asked:
        asked = {"cursor": service.call("todos", as_(REVIEWER), {"sort": "due", "limit": 1})["next"]}
    found = plans(service, lambda: service.call("todos", as_(REVIEWER), {**asked, "sort": "due"}))
    searched = [step for step in found if step.startswith("SEARCH")]
    assert ["slot_urgent" in step for step in searched] == [True, True, False, False]
    assert all("slot_urgent (person=? AND due" in step or "slot_by_due (person=? AND due" in step for step in searched)
    # Nothing is put in order before it is cut off.
    assert all(found[n + 1].startswith("SCAN") for n, step in enumerate(found) if step.startswith("SEARCH"))


def test_of_what_presses_nothing_else_is_read(service: LocalService) -> None:
    found = plans(service, lambda: service.call("pressing", as_(REVIEWER)))
    searched = [step for step in found if step.startswith("SEARCH")]
    assert [f"{index} (person=? AND due<?)" in step for index, step in zip(BY_DUE, searched, strict=True)] == [
        True,
        True,
    ]


# -- schema -----------------------------------------------------------------------------------------


def test_the_migrated_database_is_what_the_models_say(service: LocalService) -> None:
    with service.tx() as tx:
        found = inspect(tx.connection)
        for table in models.Base.metadata.sorted_tables:
            columns = {c["name"]: (str(c["type"]), c["nullable"]) for c in found.get_columns(table.name)}
            dialect = tx.connection.dialect
            assert columns == {c.name: (c.type.compile(dialect), c.nullable) for c in table.columns}, table.name
            indexes = {(i["name"], tuple(i["column_names"])) for i in found.get_indexes(table.name)}
            assert indexes == {(i.name, tuple(c.name for c in i.columns)) for i in table.indexes}, table.name
            unique = {(u["name"], tuple(u["column_names"])) for u in found.get_unique_constraints(table.name)}
            named = {u for u in table.constraints if isinstance(u, UniqueConstraint) and u.name}
            assert {u for u in unique if u[0]} == {(u.name, tuple(c.name for c in u.columns)) for u in named}
    revision = Path(str(models.__file__)).parent / "migrations" / "versions" / "0001_initial.py"
    assert 'revision = "desk_0001"' in revision.read_text()


def test_more_than_one_event_may_hold_is_refused_by_the_contract() -> None:
    people = [new_id() for _ in range(contract.TOLD_LIMIT + 1)]
    data = told(new_id(), 1) | {"watchers": people}
    assert set(contract.Told().validate(data)) == {"watchers"}
