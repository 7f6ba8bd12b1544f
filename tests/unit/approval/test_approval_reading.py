"""The approval service: the route with its times, the boxes, the saved lines, and the tables."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import inspect, select

from services.approval import boxes, lines, models
from services.approval.models import Opening
from shared import paging
from shared.contracts import approval as contract
from shared.errors import Invalid, NotFound
from shared.ids import new_id
from shared.testing import LocalService, context
from tests.unit.approval.cast import (
    HASH,
    ME,
    Doc,
    as_,
    box,
    decide,
    hire,
    holds,
    ref,
    resubmit,
    route,
    send_back,
    step,
    stranger,
    submit,
    withdraw,
)


@pytest.fixture
def document(service: LocalService, reviewer: Doc, decider: Doc) -> str:
    return submit(service, step(reviewer, "review"), step(decider, "decide"))


def note_openings(service: LocalService) -> None:
    """Writes what was noted, as the ground does a moment later."""
    service._runtime.housekeeping.finish()


# -- route ------------------------------------------------------------------------------------------


def test_the_route_begins_with_the_drafter_and_follows_the_line(
    service: LocalService, reviewer: Doc, decider: Doc, document: str
) -> None:
    found = route(service, document)
    assert (found["state"], found["may"]) == ("in_approval", ["withdraw"])
    (run,) = found["submissions"]
    assert [(s["order"], s["role"], s["state"], s["person"]) for s in run["steps"]] == [
        (0, "draft", "approved", ME.person_ref),
        (1, "review", "active", ref(reviewer)),
        (2, "decide", "waiting", ref(decider)),
    ]
    drafted, first, last = run["steps"]
    assert drafted["decided_at"] == run["submitted_at"]
    assert first["active_at"] is not None
    assert (last["active_at"], last["version"], last["content_hash"]) == (None, None, None)
    decided = decide(service, reviewer, document, opinion="좋습니다")
    first = route(service, document)["submissions"][0]["steps"][1]
    assert (first["opinion"], first["decided_at"]) == ("좋습니다", decided["decided_at"])
    assert (first["version"], first["content_hash"]) == (2, HASH)


def test_there_is_no_route_of_what_was_not_submitted(service: LocalService) -> None:
    assert service.call("route", ME, {"document": new_id()}) is None


def test_one_is_told_what_one_may_do(service: LocalService, reviewer: Doc, decider: Doc, document: str) -> None:
    assert route(service, document, as_(reviewer))["may"] == ["decide"]
    assert route(service, document, as_(decider))["may"] == []
    decide(service, reviewer, document)
    assert route(service, document, as_(reviewer))["may"] == []
    assert route(service, document, as_(decider))["may"] == ["decide"]
    assert route(service, document)["may"] == []


def test_a_running_route_is_for_those_on_it(service: LocalService, reviewer: Doc, document: str) -> None:
    for who in (stranger(), context(person=new_id()), stranger(roles=frozenset({"auditor"}))):
        with pytest.raises(NotFound):
            route(service, document, who)
    assert route(service, document, as_(reviewer))["document"] == document


@pytest.mark.parametrize(
    ("scope", "disclosure", "other", "colleague"),
    [
        ("organisation", "open", True, True),
        ("organisation", "closed", False, True),
        ("department", "open", False, True),
        ("route", "open", False, False),
    ],
)
def test_a_decided_route_opens_by_the_documents_reading_scope(
    service: LocalService, decider: Doc, scope: str, disclosure: str, other: bool, colleague: bool
) -> None:
    class_ = {"class": disclosure, "clauses": [], "reason": ""}
    document = submit(service, step(decider, "decide"), reading_scope=scope, disclosure=class_)
    decide(service, decider, document)
    for who, may in ((stranger(), other), (context(person=new_id()), colleague)):
        if may:
            assert route(service, document, who)["may"] == []
        else:
            with pytest.raises(NotFound):
                route(service, document, who)
    assert route(service, document, stranger(roles=frozenset({"auditor"})))["state"] == "approved"


def test_who_was_on_an_earlier_run_and_is_on_the_line_no_longer_sees_the_runs_up_to_theirs(
    service: LocalService, reviewer: Doc, decider: Doc, document: str
) -> None:
    send_back(service, reviewer, document)
    other = hire(service, "새검토")
    resubmit(service, document, step(other, "review"), step(decider, "decide"))
    found = route(service, document, as_(reviewer))
    assert [run["submission"] for run in found["submissions"]] == [1]
    assert (found["state"], found["may"]) == ("returned", [])
    for person in (ME, as_(other), as_(decider)):
        assert [run["submission"] for run in route(service, document, person)["submissions"]] == [2, 1]
    send_back(service, other, document)
    third = {"submission": 3, "version": 5, "content_hash": "c" * 64}
    resubmit(service, document, step(reviewer, "review"), step(decider, "decide"), **third)
    assert [run["submission"] for run in route(service, document, as_(reviewer))["submissions"]] == [3, 2, 1]
    assert [run["submission"] for run in route(service, document, as_(other))["submissions"]] == [2, 1]
    with pytest.raises(NotFound):
        route(service, document, stranger())


def test_the_first_opening_at_ones_turn_is_the_reading_time(
    service: LocalService, reviewer: Doc, decider: Doc, document: str
) -> None:
    route(service, document, as_(reviewer))
    note_openings(service)
    assert route(service, document)["submissions"][0]["steps"][1]["read_at"] is None
    opened = route(service, document, as_(reviewer), opened=True)["submissions"][0]["steps"][1]["read_at"]
    note_openings(service)
    again = route(service, document, as_(reviewer), opened=True)["submissions"][0]["steps"][1]["read_at"]
    note_openings(service)
    decide(service, reviewer, document)
    steps = route(service, document)["submissions"][0]["steps"]
    assert opened == again == steps[1]["read_at"]
    assert steps[1]["active_at"] < steps[1]["read_at"] < steps[1]["decided_at"]
    with service.tx() as tx:
        assert len(tx.all(select(Opening.id))) == 1


def test_opening_out_of_turn_or_by_the_drafter_is_no_reading(
    service: LocalService, reviewer: Doc, decider: Doc, document: str
) -> None:
    for who in (ME, as_(decider)):
        route(service, document, who, opened=True)
    note_openings(service)
    assert [s["read_at"] for s in route(service, document)["submissions"][0]["steps"]] == [None, None, None]


def test_two_openings_noted_at_once_count_as_the_first(service: LocalService, reviewer: Doc, document: str) -> None:
    for _ in range(2):
        route(service, document, as_(reviewer), opened=True)
    note_openings(service)
    with service.tx() as tx:
        kept = tx.all(select(Opening.at).order_by(Opening.at))
    assert len(kept) == 2
    read_at = route(service, document)["submissions"][0]["steps"][1]["read_at"]
    assert read_at == kept[0].at.isoformat()


def test_reading_times_belong_to_their_run(service: LocalService, reviewer: Doc, decider: Doc, document: str) -> None:
    route(service, document, as_(reviewer), opened=True)
    note_openings(service)
    send_back(service, reviewer, document)
    resubmit(service, document, step(reviewer, "review"), step(decider, "decide"))
    now, before = route(service, document)["submissions"]
    assert now["steps"][1]["read_at"] is None
    assert before["steps"][1]["read_at"] is not None


# -- boxes ------------------------------------------------------------------------------------------


def test_each_box_holds_its_own(service: LocalService, reviewer: Doc, decider: Doc, document: str) -> None:
    done = submit(service, step(decider, "decide"))
    decide(service, decider, done)
    passed = submit(service, step(reviewer, "review"), step(decider, "decide"))
    decide(service, reviewer, passed)
    back = submit(service, step(reviewer, "review"), step(decider, "decide"))
    send_back(service, reviewer, back)
    taken = submit(service, step(reviewer, "review"), step(decider, "decide"))
    withdraw(service, ME, taken)
    running = {document, passed}
    for who, received, progress, decided in (
        (ME, set(), running, set()),
        (as_(reviewer), {document}, running, {passed, back}),
        (as_(decider), {passed}, running, {done}),
        (stranger(), set(), set(), set()),
    ):
        found = [{row["document"] for row in box(service, who, name)} for name in ("received", "progress", "decided")]
        assert found == [received, progress, decided]


def test_a_row_says_what_awaits_whom_since_when(
    service: LocalService, reviewer: Doc, decider: Doc, document: str
) -> None:
    (mine,) = box(service, ME, "progress")
    (received,) = box(service, as_(reviewer), "received")
    assert (mine["role"], mine["step_state"], mine["waiting_for"]) == ("draft", "approved", [ref(reviewer)])
    assert (received["role"], received["step_state"], received["drafter"]) == ("review", "active", ME.person_ref)
    decided = decide(service, reviewer, document)["decided_at"]
    (mine,) = box(service, ME, "progress")
    (done,) = box(service, as_(reviewer), "decided")
    (received,) = box(service, as_(decider), "received")
    assert mine["waiting_for"] == done["waiting_for"] == [ref(decider)]
    assert mine["at"] == done["at"] == received["at"] == decided
    assert (done["step_state"], done["state"]) == ("approved", "in_approval")
    decide(service, decider, document)
    (done,) = box(service, as_(reviewer), "decided")
    assert (done["step_state"], done["state"], done["waiting_for"]) == ("approved", "approved", [])


@pytest.mark.parametrize("sort", ["-at", "at", "title"])
@pytest.mark.parametrize("name", ["received", "progress", "decided"])
def test_boxes_are_walked_page_by_page_in_every_order(
    service: LocalService, reviewer: Doc, decider: Doc, name: str, sort: str
) -> None:
    made = []
    for letter in "다가나라마바사":
        made.append(submit(service, step(reviewer, "review"), step(decider, "decide"), title=f"{letter} 문서"))
        if name == "decided":
            decide(service, reviewer, made[-1])
    found = box(service, as_(reviewer), name, sort=sort)
    by_title = [made[i] for i in (1, 2, 0, 3, 4, 5, 6)]
    assert [row["document"] for row in found] == {"title": by_title, "at": made, "-at": made[::-1]}[sort]


def test_titles_that_are_the_same_are_paged_without_loss(service: LocalService, decider: Doc) -> None:
    made = {submit(service, step(decider, "decide")) for _ in range(7)}
    assert {row["document"] for row in box(service, as_(decider), "received", sort="title")} == made
    for document in made:
        decide(service, decider, document)
    found = [row["document"] for row in box(service, as_(decider), "decided", sort="title")]
    assert (set(found), len(found)) == (made, 7)


def test_a_box_is_searched_by_title_and_role(service: LocalService, reviewer: Doc) -> None:
    road = submit(service, step(reviewer, "decide"), title="100% 도로")
    river = submit(service, step(reviewer, "review"), step(hire(service, "윤결정"), "decide"), title="하천 정비")
    ctx = as_(reviewer)
    for name in ("received", "progress", "decided"):
        if name == "decided":
            decide(service, reviewer, road)
            decide(service, reviewer, river)
        assert [row["document"] for row in box(service, ctx, name, q="도로")] == [road]
        assert [row["document"] for row in box(service, ctx, name, q="%")] == [road]
        assert [row["document"] for row in box(service, ctx, name, role="review")] == [river]
        assert box(service, ctx, name, q="없는 말") == []


def test_a_cursor_of_another_list_is_refused(service: LocalService, decider: Doc) -> None:
    for _ in range(2):
        submit(service, step(decider, "decide"))
    ctx = as_(decider)
    cursor = service.call("box", ctx, {"box": "received", "limit": 1})["next"]
    forged = paging.encode(["received -at", 1, 2])
    for asked in (
        *({"box": "received", "sort": "title"}, {"box": "decided"}, {"box": "progress"}),
        *({"box": "received", "cursor": "x"}, {"box": "received", "cursor": forged}),
    ):
        with pytest.raises(Invalid) as refused:
            service.call("box", ctx, {"cursor": cursor, **asked})
        assert refused.value.fields == {"cursor": "broken_cursor"}


def test_what_waits_for_others_is_asked_for_as_such(service: LocalService, reviewer: Doc, decider: Doc) -> None:
    me = {**reviewer, "id": ME.person}
    waits_for_others = submit(service, step(reviewer, "review"), step(decider, "decide"))
    submit(service, step(me, "decide"))
    submit(service, step(me, "review"), step(decider, "decide"), drafter=ref(reviewer))
    assert len(box(service, ME, "progress")) == 3
    assert [row["document"] for row in box(service, ME, "progress", mine=True, sort="at")] == [waits_for_others]


@pytest.mark.parametrize("mine", [False, True])
@pytest.mark.parametrize("sort", ["-at", "at", "title"])
@pytest.mark.parametrize("name", ["received", "progress", "decided"])
def test_a_box_is_read_from_an_index_of_the_persons_own(
    service: LocalService, name: str, sort: str, mine: bool
) -> None:
    asked: Doc = {"box": name, "sort": sort, "role": None, "q": "", "mine": mine}
    statement, order = boxes.listing(ME.person, asked)
    with service.tx() as tx:
        sql = statement.order_by(*order.clauses()).limit(21)
        text = sql.compile(tx.connection.engine, compile_kwargs={"literal_binds": True})
        plan = [row[-1] for row in tx.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}")]
    index = {"title": "decision_of_person_title" if name == "decided" else "place_of_person"}.get(sort)
    index = index or ("decision_of_person" if name == "decided" else "place_of_person")
    assert f"{index} (person=?)" in plan[0]
    assert "sqlite_autoindex_process_1 (document=?)" in plan[1]
    # Only what is running, and so few, is ever sorted.
    assert (len(plan) == 2) == (name == "decided" or sort != "title")


# -- saved lines ------------------------------------------------------------------------------------


def saved_lines(service: LocalService) -> list[Doc]:
    items: list[Doc] = service.call("saved_lines", ME)["items"]
    for item in items:
        holds(contract.SavedLine, item)
    return items


def asked_steps(*people: Doc) -> list[Doc]:
    return [{"person": p["id"], "role": "review"} for p in people[:-1]] + [
        {"person": people[-1]["id"], "role": "decide"}
    ]


def test_a_line_is_saved_under_a_name_and_replaced_by_the_same(
    service: LocalService, reviewer: Doc, decider: Doc
) -> None:
    first = service.call("save_line", ME, {"name": "일상", "steps": asked_steps(reviewer, decider)})
    holds(contract.SavedLine, first)
    service.call("save_line", ME, {"name": "가벼운 일", "steps": asked_steps(decider)})
    again = service.call("save_line", ME, {"name": " 일상 ", "steps": asked_steps(decider)})
    assert again["id"] == first["id"]
    found = saved_lines(service)
    assert [line["name"] for line in found] == ["가벼운 일", "일상"]
    assert found[1]["steps"] == [{"person": ref(decider), "role": "decide", "parallel": False}]
    assert service.call("saved_lines", stranger())["items"] == []


def test_saved_people_are_shown_as_they_are_now_and_who_is_gone_is_named(
    service: LocalService, reviewer: Doc, decider: Doc
) -> None:
    left = hire(service, "퇴직자")
    service.call("save_line", ME, {"name": "일상", "steps": asked_steps(reviewer, left, decider)})
    service.people[reviewer["id"]] = {**reviewer, "position": "팀장"}
    service.people[decider["id"]] = {**decider, "active": False}
    del service.people[left["id"]]
    (line,) = saved_lines(service)
    assert line["stale"] == [left["id"], decider["id"]]
    assert [(s["person"]["name"], s["person"]["position"]) for s in line["steps"]] == [
        *(("김검토", "팀장"), ("퇴직자", "주무관"), ("이결정", "주무관")),
    ]


def test_an_unfit_line_is_not_saved(service: LocalService, reviewer: Doc) -> None:
    for steps, fields in (
        ([{"person": new_id(), "role": "decide"}], {"steps.0.person": "unknown_person"}),
        (asked_steps(reviewer, reviewer), {"steps.1.person": "duplicate_person"}),
        ([{"person": reviewer["id"], "role": "boss"}], {"steps.0.role": "not_a_choice"}),
        ([], {"steps": "wrong_length"}),
    ):
        with pytest.raises(Invalid) as refused:
            service.call("save_line", ME, {"name": "일상", "steps": steps})
        assert list(refused.value.fields) == list(fields)
    assert saved_lines(service) == []


def test_there_is_an_end_to_saved_lines_but_not_to_replacing_them(
    service: LocalService, decider: Doc, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines, "LIMIT", 2)
    for name in ("가", "나", "나"):
        service.call("save_line", ME, {"name": name, "steps": asked_steps(decider)})
    with pytest.raises(Invalid) as refused:
        service.call("save_line", ME, {"name": "다", "steps": asked_steps(decider)})
    assert refused.value.fields == {"name": "too_many"}


def test_only_ones_own_line_is_deleted(service: LocalService, decider: Doc) -> None:
    line = service.call("save_line", ME, {"name": "일상", "steps": asked_steps(decider)})
    with pytest.raises(NotFound):
        service.call("delete_line", stranger(), {"id": line["id"]})
    service.call("delete_line", ME, {"id": line["id"]})
    assert saved_lines(service) == []
    with pytest.raises(NotFound):
        service.call("delete_line", ME, {"id": line["id"]})


# -- tables -----------------------------------------------------------------------------------------


def test_the_migrated_tables_are_those_of_the_models(service: LocalService) -> None:
    with service.tx() as tx:
        seen = inspect(tx.connection)
        for table in models.Base.metadata.sorted_tables:
            columns = {c["name"]: (str(c["type"]), c["nullable"]) for c in seen.get_columns(table.name)}
            dialect = tx.connection.dialect
            assert columns == {c.name: (c.type.compile(dialect), c.nullable) for c in table.columns}, table.name
            found = {(i["name"], tuple(i["column_names"]), bool(i["unique"])) for i in seen.get_indexes(table.name)}
            assert found == {(i.name, tuple(c.name for c in i.columns), i.unique) for i in table.indexes}, table.name


def test_an_alembic_revision_names_the_service() -> None:
    revision = Path(str(models.__file__)).parent / "migrations/versions/0001_initial.py"
    assert 'revision = "approval_0001"' in revision.read_text()
