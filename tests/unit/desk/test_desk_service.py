"""The desk service as it is called: what it keeps of what others tell, answers, refuses and tells."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from marshmallow import Schema
from sqlalchemy import UniqueConstraint, func, inspect, select
from sqlalchemy import event as sa_event
from sqlalchemy.engine import Engine

from services.desk import models
from services.desk.domain import age
from services.desk.models import Notice, Process, Todo
from services.desk.service import DeskService
from shared import paging
from shared.context import Context
from shared.contracts import approval, documents
from shared.contracts import desk as contract
from shared.errors import Conflict, Invalid, NotFound, Problem
from shared.ids import new_id
from shared.testing import LocalService, context, new_person

Doc = dict[str, Any]
START = datetime(2026, 3, 2, 0, 0, tzinfo=UTC)
ENDS = ("approved", "returned", "withdrawn")


def ref(name: str) -> Doc:
    return {key: value for key, value in new_person(name).items() if key != "active"}


DRAFTER, REVIEWER, COOPERATOR, DECIDER = (ref(name) for name in ("홍기안", "김검토", "박협조", "이결정"))
EVERYBODY = (DRAFTER, REVIEWER, COOPERATOR, DECIDER)


@pytest.fixture
def service() -> Iterator[LocalService]:
    with LocalService(DeskService) as local:
        yield local


def as_(person: Doc) -> Context:
    return context(person=person["id"], name=person["name"], login="x")


def holds(schema: type[Schema], data: Any) -> None:
    """The data is a view of this schema: nothing missing, nothing unknown, nothing of another type."""
    assert schema().validate(data) == {}


def progress(
    document: str, sequence: int, state: str, active: list[tuple[Doc, str]] | None = None, **changes: Any
) -> Doc:
    """What the approval service tells; the step of place `n` in `active` has waited since `START` and `n` minutes."""
    steps = [
        {"person": person["id"], "role": role, "since": (START + timedelta(minutes=sequence)).isoformat()}
        for person, role in active or []
    ]
    decided = {"person": REVIEWER, "role": "review", "action": "return", "opinion": "다시", "at": START.isoformat()}
    told = {
        "document": document,
        "sequence": sequence,
        "submission": 1,
        "version": 1,
        "content_hash": "0" * 64,
        "state": state,
        "title": "청사 보수 계획",
        "drafter": DRAFTER,
        "active": steps,
        "decision": decided if state in ("returned", "approved") else None,
        **changes,
    }
    holds(approval.Progress, told)
    return told


def tell(service: LocalService, told: Doc, **fields: str) -> None:
    """Delivers it under the type it has."""
    kind = told["state"] if told["state"] in ENDS else ("started" if told["sequence"] == 1 else "advanced")
    service.deliver(f"approval.{kind}", told, **fields)


def under_way(service: LocalService, *active: Doc, title: str = "청사 보수 계획") -> str:
    document = new_id()
    tell(service, progress(document, 1, "in_approval", [(person, "review") for person in active], title=title))
    return document


def todos(service: LocalService, person: Doc, **asked: Any) -> list[Doc]:
    page = service.call("todos", as_(person), asked)
    holds(contract.TodoPage, page)
    return list(page["items"])


def counts(service: LocalService, person: Doc) -> Doc:
    found: Doc = service.call("counts", as_(person))
    holds(contract.Counts, found)
    return found


def notices(service: LocalService, person: Doc) -> list[Doc]:
    page = service.call("notices", as_(person))
    holds(contract.NoticePage, page)
    return list(page["items"])


def told_last(service: LocalService) -> list[Doc]:
    """Who was told of a change to the desk since the last call of this."""
    found = list(service.told)
    service.told.clear()
    assert all(message["topic"] == "desk" for message in found)
    return [{"people": sorted(message["people"])} for message in found]


def people(*persons: Doc) -> list[Doc]:
    return [{"people": sorted(person["id"] for person in persons)}] if persons else []


def rows(service: LocalService, model: Any) -> int:
    with service.tx() as tx:
        return int(tx.scalar(select(func.count()).select_from(model)))


# -- to-dos -----------------------------------------------------------------------------------------


def test_whose_turn_it_is_has_it_on_the_desk_with_what_is_asked_and_by_whom(service: LocalService) -> None:
    document = new_id()
    tell(service, progress(document, 1, "in_approval", [(REVIEWER, "review")]))
    (todo,) = todos(service, REVIEWER)
    assert (todo["kind"], todo["role"], todo["subject"]) == ("approval", "review", document)
    assert (todo["title"], todo["sender"]) == ("청사 보수 계획", DRAFTER)
    assert datetime.fromisoformat(todo["since"]) == START + timedelta(minutes=1)
    assert todos(service, DRAFTER) == todos(service, DECIDER) == []


def test_the_next_person_follows_the_one_who_decided(service: LocalService) -> None:
    document = under_way(service, REVIEWER)
    tell(service, progress(document, 2, "in_approval", [(DECIDER, "decide")]))
    assert todos(service, REVIEWER) == []
    assert [todo["role"] for todo in todos(service, DECIDER)] == ["decide"]
    tell(service, progress(document, 3, "approved"))
    assert todos(service, DECIDER) == []
    assert rows(service, Todo) == 0


def test_of_parallel_steps_only_the_decided_one_leaves_and_its_person_and_the_drafter_are_told(
    service: LocalService,
) -> None:
    document = new_id()
    both = progress(document, 1, "in_approval", [(REVIEWER, "cooperate"), (COOPERATOR, "cooperate")])
    tell(service, both)
    assert told_last(service) == people(DRAFTER, REVIEWER, COOPERATOR)
    (kept,) = todos(service, COOPERATOR)
    tell(service, progress(document, 2, "in_approval", active=None) | {"active": both["active"][1:]})
    assert todos(service, COOPERATOR) == [kept]
    assert todos(service, REVIEWER) == []
    assert told_last(service) == people(DRAFTER, REVIEWER)


def test_a_person_twice_at_once_on_a_line_has_one_to_do_for_it(service: LocalService) -> None:
    tell(service, progress(new_id(), 1, "in_approval", [(REVIEWER, "review"), (REVIEWER, "decide")]))
    assert [todo["role"] for todo in todos(service, REVIEWER)] == ["review"]


def test_one_who_is_next_again_has_the_new_step_on_the_desk(service: LocalService) -> None:
    document = under_way(service, REVIEWER)
    told_last(service)
    tell(service, progress(document, 2, "in_approval", [(REVIEWER, "decide")]))
    assert [todo["role"] for todo in todos(service, REVIEWER)] == ["decide"]
    assert told_last(service) == people(DRAFTER, REVIEWER)


def test_a_returned_document_is_the_drafters_to_revise_until_it_is_submitted_again(service: LocalService) -> None:
    document = under_way(service, REVIEWER)
    tell(service, progress(document, 2, "returned"))
    (todo,) = todos(service, DRAFTER)
    assert (todo["kind"], todo["role"], todo["sender"]) == ("returned", "revise", REVIEWER)
    assert datetime.fromisoformat(todo["since"]) == START
    assert todos(service, REVIEWER) == []
    tell(service, progress(document, 3, "in_approval", [(REVIEWER, "review")], submission=2))
    assert todos(service, DRAFTER) == []
    assert len(todos(service, REVIEWER)) == 1


def test_a_returned_document_can_be_dismissed_and_does_not_come_back(service: LocalService) -> None:
    document = under_way(service, REVIEWER)
    returned = progress(document, 2, "returned")
    tell(service, returned)
    (todo,) = todos(service, DRAFTER)
    told_last(service)
    answer = service.call("dismiss_todo", as_(DRAFTER), {"id": todo["id"]}, key="k")
    assert answer == {"id": todo["id"], "dismissed": True}
    assert told_last(service) == people(DRAFTER)
    assert service.call("dismiss_todo", as_(DRAFTER), {"id": todo["id"]}, key="k") == answer
    tell(service, returned)
    assert todos(service, DRAFTER) == []
    assert counts(service, DRAFTER)["total"] == 0


def test_what_asks_for_an_act_cannot_be_dismissed(service: LocalService) -> None:
    under_way(service, REVIEWER)
    (todo,) = todos(service, REVIEWER)
    with pytest.raises(Conflict):
        service.call("dismiss_todo", as_(REVIEWER), {"id": todo["id"]})
    assert todos(service, REVIEWER) == [todo]


def test_another_persons_to_do_is_none_of_yours(service: LocalService) -> None:
    tell(service, progress(new_id(), 1, "returned"))
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


# -- counts -----------------------------------------------------------------------------------------


def test_counts_name_every_kind_and_the_total(service: LocalService) -> None:
    under_way(service, DRAFTER)
    under_way(service, DRAFTER, REVIEWER)
    tell(service, progress(new_id(), 1, "returned"))
    zero = dict.fromkeys(contract.TODO_KINDS, 0)
    assert counts(service, DRAFTER) == {**zero, "approval": 2, "returned": 1, "total": 3}
    assert counts(service, REVIEWER) == {**zero, "approval": 1, "total": 1}
    assert counts(service, DECIDER) == {**zero, "total": 0}


def test_every_role_on_a_desk_is_one_of_a_line_or_the_drafters(service: LocalService) -> None:
    for role in documents.LINE_ROLES:
        tell(service, progress(new_id(), 1, "in_approval", [(REVIEWER, role)]))
    assert {todo["role"] for todo in todos(service, REVIEWER)} == set(documents.LINE_ROLES)


# -- paging -----------------------------------------------------------------------------------------


def test_to_dos_are_paged_from_the_longest_waiting_on(service: LocalService) -> None:
    made = []
    for n in (3, 1, 2, 2, 5):
        told = progress(new_id(), 1, "in_approval", [(REVIEWER, "review")])
        told["active"][0]["since"] = (START + timedelta(hours=n)).isoformat()
        tell(service, told)
        made.append((n, told["document"]))
    seen: list[str] = []
    cursor = None
    for size in (2, 2, 1):
        page = service.call("todos", as_(REVIEWER), {"limit": 2, "cursor": cursor, "kind": "approval"})
        assert len(page["items"]) == size
        seen += [todo["subject"] for todo in page["items"]]
        cursor = page["next"]
    assert cursor is None
    assert [n for document in seen for n, made_ in made if made_ == document] == [1, 2, 2, 3, 5]
    assert len(set(seen)) == 5


def test_to_dos_are_listed_by_kind(service: LocalService) -> None:
    waiting = under_way(service, DRAFTER)
    tell(service, progress(new_id(), 1, "returned"))
    assert [todo["subject"] for todo in todos(service, DRAFTER, kind="approval")] == [waiting]
    assert [todo["kind"] for todo in todos(service, DRAFTER, kind="returned")] == ["returned"]
    assert todos(service, DRAFTER, kind="memo") == []
    assert len(todos(service, DRAFTER)) == 2
    with pytest.raises(Invalid) as caught:
        service.call("todos", as_(DRAFTER), {"kind": "everything"})
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


def test_notices_are_paged_from_the_newest_on(service: LocalService) -> None:
    made = [new_id() for _ in range(5)]
    for document in made:
        tell(service, progress(document, 1, "returned"))
    first = service.call("notices", as_(DRAFTER), {"limit": 3})
    rest = service.call("notices", as_(DRAFTER), {"limit": 3, "cursor": first["next"]})
    assert [notice["subject"] for notice in first["items"] + rest["items"]] == made[::-1]
    assert rest["next"] is None


# -- notices ----------------------------------------------------------------------------------------


def registered(document: str, **changes: Any) -> Doc:
    told = {
        "document": document,
        "number": "총무과-12",
        "title": "청사 보수 계획",
        "drafter": DRAFTER,
        "for_dispatch": False,
        "registered_at": START.isoformat(),
        **changes,
    }
    holds(documents.Registered, told)
    return told


def test_the_drafter_is_told_the_number_once(service: LocalService) -> None:
    document = new_id()
    service.deliver("documents.registered", registered(document))
    assert told_last(service) == people(DRAFTER)
    service.deliver("documents.registered", registered(document))
    assert told_last(service) == []
    (notice,) = notices(service, DRAFTER)
    assert (notice["code"], notice["subject"], notice["read"]) == ("registered", document, False)
    assert notice["params"] == {"title": "청사 보수 계획", "number": "총무과-12"}
    assert datetime.fromisoformat(notice["at"]) == START
    assert all(notices(service, person) == [] for person in EVERYBODY[1:])


def test_the_drafter_is_told_of_each_return(service: LocalService) -> None:
    document = under_way(service, REVIEWER)
    told_last(service)
    tell(service, progress(document, 2, "returned"))
    assert told_last(service) == people(DRAFTER, REVIEWER)
    tell(service, progress(document, 3, "in_approval", [(REVIEWER, "review")], submission=2))
    tell(service, progress(document, 4, "returned", submission=2))
    both = notices(service, DRAFTER)
    assert [notice["code"] for notice in both] == ["returned", "returned"]
    assert both[0]["params"] == {"title": "청사 보수 계획", "person": "김검토", "opinion": "다시"}


def test_a_withdrawal_is_told_to_those_who_had_it_on_the_desk_and_to_the_drafter(service: LocalService) -> None:
    document = under_way(service, REVIEWER, COOPERATOR)
    told_last(service)
    tell(service, progress(document, 2, "withdrawn"))
    assert told_last(service) == people(DRAFTER, REVIEWER, COOPERATOR)
    for person in (REVIEWER, COOPERATOR):
        assert todos(service, person) == []
        assert [notice["code"] for notice in notices(service, person)] == ["withdrawn"]
    assert notices(service, DRAFTER) == notices(service, DECIDER) == []


def test_notices_are_read_up_to_the_one_seen(service: LocalService) -> None:
    for _ in range(3):
        tell(service, progress(new_id(), 1, "returned"))
    tell(service, progress(new_id(), 1, "in_approval", [(REVIEWER, "review")]))
    newest, seen, _ = notices(service, DRAFTER)
    told_last(service)
    assert service.call("read_notices", as_(REVIEWER)) == {"read": 0}
    assert told_last(service) == []
    assert service.call("read_notices", as_(DRAFTER), {"until": seen["id"]}) == {"read": 2}
    assert told_last(service) == people(DRAFTER)
    assert [notice["read"] for notice in notices(service, DRAFTER)] == [False, True, True]
    assert service.call("read_notices", as_(DRAFTER)) == {"read": 1}
    assert all(notice["read"] for notice in notices(service, DRAFTER))
    assert newest["id"] == notices(service, DRAFTER)[0]["id"]


# -- order and repeats ------------------------------------------------------------------------------

# Who may be active at a step, and whether the run ends there.
_ACTIVE = st.lists(
    st.tuples(st.sampled_from(EVERYBODY[1:]), st.sampled_from(documents.LINE_ROLES)),
    min_size=1,
    max_size=3,
    unique_by=lambda step: step[0]["id"],
)
_SUBMISSION = st.tuples(st.lists(_ACTIVE, min_size=1, max_size=3), st.sampled_from((*ENDS, None)))


@st.composite
def lives(draw: st.DrawFn) -> tuple[list[Doc], list[Doc]]:
    """A document's events in the order they happened, and the same in any order with repeats."""
    document = new_id()
    events: list[Doc] = []
    for number, (steps, end) in enumerate(draw(st.lists(_SUBMISSION, min_size=1, max_size=3)), 1):
        for active in steps:
            events.append(progress(document, len(events) + 1, "in_approval", active, submission=number))
        if end:
            events.append(progress(document, len(events) + 1, end, submission=number))
    repeats = draw(st.lists(st.sampled_from(events), max_size=4))
    return events, draw(st.permutations(events + repeats))


def desks(service: LocalService) -> dict[str, Any]:
    """Everything on everybody's desk but ids, and withdrawals, which are told to those only who saw the document."""
    return {
        person["name"]: (
            [{**todo, "id": ""} for todo in todos(service, person)],
            counts(service, person),
            sorted(str(notice["params"]) for notice in notices(service, person) if notice["code"] != "withdrawn"),
        )
        for person in EVERYBODY
    }


@settings(deadline=None, max_examples=40)
@given(lives())
def test_the_desks_are_the_same_in_whatever_order_a_process_is_heard_of(life: tuple[list[Doc], list[Doc]]) -> None:
    in_order, shuffled = life
    with LocalService(DeskService) as one, LocalService(DeskService) as other:
        for told in in_order:
            tell(one, told)
        for told in shuffled:
            tell(other, told)
        assert desks(one) == desks(other)


def test_a_late_event_brings_nothing_back_and_tells_nobody(service: LocalService) -> None:
    document = new_id()
    tell(service, progress(document, 3, "approved"))
    tell(service, progress(document, 1, "in_approval", [(REVIEWER, "review")]))
    tell(service, progress(document, 2, "in_approval", [(DECIDER, "decide")]))
    assert all(counts(service, person)["total"] == 0 for person in EVERYBODY)
    assert told_last(service) == []


def test_documents_do_not_touch_each_other(service: LocalService) -> None:
    one, other = under_way(service, REVIEWER), under_way(service, REVIEWER)
    tell(service, progress(one, 2, "approved"))
    assert [todo["subject"] for todo in todos(service, REVIEWER)] == [other]


# -- what is over -----------------------------------------------------------------------------------

SWEEPS = "01900000-0000-7000-8000-000000000100"


def make_older(service: LocalService, model: Any, column: str, days: float) -> None:
    """As if that many days had passed."""
    with service.tx() as tx:
        field = getattr(model, column)
        for (value,) in tx.all(select(field).where(field.is_not(None))):
            changed = {column: value - timedelta(days=days)}
            tx.execute(model.__table__.update().where(field == value).values(changed))


def old(service: LocalService, told: Doc, days: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """Delivers what was told that many days ago."""
    with monkeypatch.context() as patched:
        patched.setattr(age, "LATEST", age.LATEST - timedelta(days=days))
        tell(service, told)


def test_an_ended_process_is_forgotten_after_a_while_and_one_under_way_never(service: LocalService) -> None:
    ended, kept = under_way(service, REVIEWER), under_way(service, REVIEWER)
    tell(service, progress(ended, 2, "approved"))
    tell(service, progress(new_id(), 1, "returned"))
    make_older(service, Process, "ended_at", 93)
    make_older(service, Notice, "at", 93)
    tell(service, progress(kept, 2, "in_approval", [(DECIDER, "decide")]), id=SWEEPS)
    assert rows(service, Process) == 1
    assert rows(service, Notice) == 0
    assert [todo["subject"] for todo in todos(service, DECIDER)] == [kept]
    assert len(todos(service, DRAFTER)) == 1


def test_a_straggler_of_a_forgotten_process_brings_nothing_back(
    service: LocalService, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = new_id()
    old(service, progress(document, 1, "in_approval", [(REVIEWER, "review")]), 91, monkeypatch)
    old(service, progress(document, 2, "returned"), 91, monkeypatch)
    assert (rows(service, Process), rows(service, Todo), rows(service, Notice)) == (0, 0, 0)
    assert told_last(service) == []


def test_an_old_event_of_a_known_process_still_counts(service: LocalService, monkeypatch: pytest.MonkeyPatch) -> None:
    document = under_way(service, REVIEWER)
    old(service, progress(document, 2, "in_approval", [(DECIDER, "decide")]), 91, monkeypatch)
    assert (todos(service, REVIEWER), len(todos(service, DECIDER))) == ([], 1)
    old(service, progress(document, 1, "in_approval", [(REVIEWER, "review")]), 91, monkeypatch)
    assert todos(service, REVIEWER) == []


def test_a_document_returned_long_ago_leaves_the_desk_with_its_next_submission(service: LocalService) -> None:
    document = new_id()
    tell(service, progress(document, 1, "returned"))
    make_older(service, Process, "ended_at", 93)
    under = progress(new_id(), 1, "in_approval", [(DECIDER, "decide")])
    tell(service, under, id=SWEEPS)
    assert len(todos(service, DRAFTER)) == 1
    tell(service, progress(document, 2, "in_approval", [(REVIEWER, "review")], submission=2))
    assert todos(service, DRAFTER) == []


def test_what_is_forgotten_is_older_than_what_is_still_heard() -> None:
    assert timedelta(days=1) < age.FORGOTTEN - age.LATEST
    now = datetime.now(UTC)
    assert age.is_too_late(age.forgotten_before(now), now)
    assert not age.is_too_late(now, now)


# -- cost -------------------------------------------------------------------------------------------


def statements(call: Any) -> list[str]:
    """The verb and table of every statement to the service's own tables."""
    seen: list[str] = []

    def listen(conn: Any, cursor: Any, statement: str, *_: Any) -> None:
        words = statement.replace("\n", " ").split()
        seen.append(f"{words[0]} {words[2]}" if words[0] in ("INSERT", "DELETE") else words[0])

    sa_event.listen(Engine, "before_cursor_execute", listen)
    try:
        call()
    finally:
        sa_event.remove(Engine, "before_cursor_execute", listen)
    return [s for s in seen if s.split()[0] not in ("BEGIN", "COMMIT", "PRAGMA") and s != "INSERT inbox"]


def test_each_query_is_one_statement_and_an_event_takes_three(service: LocalService) -> None:
    document = under_way(service, REVIEWER)
    for method in ("todos", "counts", "notices"):
        assert statements(lambda method=method: service.call(method, as_(REVIEWER))) == ["SELECT"]
    next_ = progress(document, 2, "in_approval", [(DECIDER, "decide")])
    assert statements(lambda: tell(service, next_)) == ["INSERT process", "DELETE todo", "INSERT todo"]
    assert statements(lambda: tell(service, progress(document, 3, "approved"))) == ["INSERT process", "DELETE todo"]
    assert statements(lambda: tell(service, next_)) == ["INSERT process"]


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
        ("todos", {}, "todo_of_person", 1),
        ("todos", {"kind": "approval"}, "todo_of_person", 1),
        ("todos", {"cursor": paging.encode([TODOS, START, new_id()])}, "todo_of_person", 1),
        # The few open to-dos of one person are grouped in memory.
        ("counts", {}, "todo_of_person", 2),
        ("notices", {}, "notice_of_person", 1),
        ("notices", {"cursor": paging.encode([NOTICES, new_id()])}, "notice_of_person", 1),
    ],
)
def test_a_query_reads_its_persons_open_rows_in_order_and_nothing_else(
    service: LocalService, method: str, asked: Doc, index: str, steps: int
) -> None:
    found = plans(service, lambda: service.call(method, as_(REVIEWER), asked))
    assert f"USING INDEX {index} (person=?" in found[0]
    assert len(found) == steps


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
