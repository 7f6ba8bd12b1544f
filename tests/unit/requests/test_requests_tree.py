"""Requests within requests: progress rolls up, nothing lies in a circle, damaged rows never loop."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from services.requests.models import Request
from shared.contracts import requests as contract
from shared.errors import Problem
from tests.unit.requests.cast import Doc, Town, holds


def within(town: Town, parent: Doc | None, title: str = "부분", by: Doc | None = None, **given: object) -> Doc:
    """A request below another, from who does that to somebody else."""
    return town.ask(town.other, by=by or town.worker, title=title, parent=parent["id"] if parent else None, **given)


def move(town: Town, made: Doc, parent: Doc | None, by: Doc | None = None, **given: object) -> Doc:
    data = {"id": made["id"], "parent": parent["id"] if parent else None, **given}
    done: Doc = town.service.call("move", town.as_(by or town.boss), data)
    return done


def refused(town: Town, made: Doc, parent: Doc, by: Doc | None = None) -> Problem:
    with pytest.raises(Problem) as problem:
        move(town, made, parent, by)
    return problem.value


def tree(town: Town, made: Doc) -> list[tuple[int, str, float]]:
    found = town.service.call("tree", town.as_(town.boss), {"id": made["id"]})
    holds(contract.TreeView, found)
    return [(node["depth"], node["title"], node["progress"]) for node in found["items"]]


# -- progress -----------------------------------------------------------------------------------------


def test_progress_rolls_up_by_weight_through_every_level(town: Town) -> None:
    whole = town.ask(town.worker, title="전체")
    town.act(town.worker, whole, "accept")
    one, two = within(town, whole, "첫째", weight=3), within(town, whole, "둘째", weight=1)
    town.act(town.other, one, "accept")
    town.act(town.other, one, "progress", percent=50)
    town.handed_in(two, town.other)
    assert town.card(whole)["progress"] == 62.5
    part = town.ask(town.third, by=town.other, title="첫째의 부분", parent=one["id"])
    assert town.card(whole)["progress"] == 25.0
    town.handed_in(part, town.third)
    assert tree(town, whole) == [(1, "첫째", 100.0), (2, "첫째의 부분", 100.0), (1, "둘째", 100.0)]
    assert town.card(whole)["progress"] == 100.0
    assert town.card(whole)["parts_of_it"] == 2
    assert sorted({told["topic"] for told in town.service.told}) == ["requests"]


def test_what_is_cancelled_does_not_count_and_the_last_one_leaves_its_own_value(town: Town) -> None:
    whole = town.ask(town.worker)
    town.act(town.worker, whole, "accept")
    town.act(town.worker, whole, "progress", percent=70)
    part = within(town, whole)
    assert town.card(whole)["progress"] == 0.0
    town.act(town.worker, part, "withdraw")
    assert town.card(whole)["progress"] == 70.0
    other = within(town, whole)
    town.act(town.other, other, "decline", reason="무관")
    assert town.card(whole)["progress"] == 70.0
    moved = within(town, whole)
    move(town, moved, None, by=town.worker)
    assert town.card(whole)["progress"] == 70.0


def test_a_new_part_of_what_was_done_opens_it_again_with_a_line_in_the_history(town: Town) -> None:
    whole = town.ask(town.worker)
    town.handed_in(whole, town.worker)
    town.act(town.boss, whole, "close")
    within(town, whole, "빠진 것")
    card = town.card(whole)
    assert (card["state"], card["progress"], card["history"][0]["action"]) == ("in_progress", 0.0, "reopened")
    assert card["history"][0]["detail"] == {"part": "빠진 것"}
    found = town.service.call("statistics", town.as_(town.boss), {"scope": "asked", "from": "2026-01", "to": "2026-12"})
    assert found == {"items": []}


# -- circles, REQ-05 ----------------------------------------------------------------------------------


def chain(town: Town, *titles: str) -> list[Doc]:
    """Requests of one asker below each other, the top first."""
    made: list[Doc] = []
    for title in titles:
        made.append(town.ask(town.worker, title=title, parent=made[-1]["id"] if made else None))
    return made


def test_nothing_lies_within_itself(town: Town) -> None:
    a, b, c = chain(town, "가", "나", "다")
    problem = refused(town, a, c)
    assert (problem.status, problem.slug, problem.detail) == (409, "circle", "가 > 나 > 다 > 가")
    assert problem.extra["path"] == [a["id"], b["id"], c["id"], a["id"]]
    problem = refused(town, a, a)
    assert (problem.slug, problem.detail) == ("circle", "가 > 가")
    d = town.ask(town.worker, title="라", parent=c["id"])
    assert refused(town, b, d).slug == "circle"
    assert move(town, d, a)["version"] == 2
    assert tree(town, a) == [(1, "나", 0.0), (2, "다", 0.0), (1, "라", 0.0)]


def test_there_are_ten_levels_and_no_more(town: Town) -> None:
    levels = chain(town, *(str(n) for n in range(10)))
    with pytest.raises(Problem) as problem:
        town.ask(town.worker, parent=levels[-1]["id"])
    assert (problem.value.status, problem.value.fields) == (422, {"parent": "too_deep"})
    top, below = chain(town, "위", "아래")
    assert refused(town, top, levels[8]).fields == {"parent": "too_deep"}
    move(town, below, levels[8])
    assert len(tree(town, levels[0])) == 10


def test_damaged_rows_end_and_are_shown_once(town: Town) -> None:
    a, b, c = chain(town, "가", "나", "다")
    with town.service.tx() as tx:
        tx.execute(update(Request).where(Request.id == a["id"]).values(parent=c["id"]))
    assert tree(town, a) == [(1, "나", 0.0), (2, "다", 0.0)]
    town.act(town.worker, c, "accept")
    town.act(town.worker, c, "progress", percent=80)
    assert [row["title"] for row in town.box(town.worker)] == ["가", "나", "다"]
    assert town.card(c)["parent"]["title"] == "나"
    with town.service.tx() as tx:
        tx.execute(update(Request).where(Request.id == b["id"]).values(parent=b["id"]))
    assert tree(town, b) == [(1, "다", 0.0), (2, "가", 0.0)]
    town.act(town.worker, b, "accept")


def test_who_is_on_it_may_divide_it_and_nobody_else(town: Town) -> None:
    whole = town.ask(town.worker)
    with pytest.raises(Problem) as problem:
        within(town, whole, by=town.third)
    assert problem.value.status == 404
    # A colleague of the department reads it, and is not on it.
    with pytest.raises(Problem) as problem:
        town.ask(town.third, by=town.other, parent=whole["id"])
    assert problem.value.status == 403
    part = within(town, whole)
    assert town.card(part, town.boss)["parent"]["title"] == "자료 제출"
    town.act(town.boss, whole, "withdraw")
    with pytest.raises(Problem) as problem:
        within(town, whole)
    assert problem.value.slug == "finished"
    other = town.ask(town.worker)
    with pytest.raises(Problem) as problem:
        move(town, part, other, by=town.third)
    assert problem.value.status == 404
    assert refused(town, other, whole).slug == "finished"


def test_a_tree_of_more_than_a_thousand_is_cut(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.requests.trees.TREE_LIMIT", 3)
    whole = town.ask(town.worker, title="전체")
    for n in range(4):
        town.ask(town.worker, title=str(n), parent=whole["id"])
    found = town.service.call("tree", town.as_(town.boss), {"id": whole["id"]})
    assert ([node["title"] for node in found["items"]], found["cut"]) == (["0", "1", "2"], True)
