"""Lists, statistics, what the catalogue is told, files: what people and services see of requests."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text

from services.requests.models import Place
from shared.context import system
from shared.contracts import requests as contract
from shared.contracts.search import ItemTold
from shared.errors import Problem
from shared.ids import new_id
from shared.testing import TENANT
from tests.unit.requests.cast import Doc, Town, holds, seoul


def titles(rows: list[Doc]) -> list[str]:
    return [row["title"] for row in rows]


def test_everybody_has_what_was_asked_of_them_and_by_them_and_their_department(town: Town) -> None:
    town.ask(town.worker, title="가", due="2026-05-11")
    town.ask(town.worker, town.third, title="나", due="2026-05-08", kind="instruction")
    town.ask(town.third, title="다")
    assert titles(town.box(town.worker)) == ["나", "가"]
    assert titles(town.box(town.third)) == ["나", "다"]
    assert titles(town.box(town.boss, "sent")) == ["나", "가", "다"]
    assert titles(town.box(town.other, "department")) == ["나", "가"]
    assert town.box(town.boss) == []
    for row in town.box(town.boss, "sent"):
        holds(contract.RequestLine, row)


def test_a_list_is_narrowed_by_kind_state_day_and_words(town: Town) -> None:
    one = town.ask(town.worker, title="예산 자료", due="2026-05-08")
    town.ask(town.worker, title="현장 확인", due="2026-05-20", kind="instruction")
    town.act(town.worker, one, "accept")
    assert titles(town.box(town.worker, kind="instruction")) == ["현장 확인"]
    assert titles(town.box(town.worker, state="accepted")) == ["예산 자료"]
    assert titles(town.box(town.worker, until="2026-05-08")) == ["예산 자료"]
    assert titles(town.box(town.worker, q="현장")) == ["현장 확인"]
    assert titles(town.box(town.worker, sort="-at")) == ["현장 확인", "예산 자료"]


def test_overdue_is_seen_and_kept_nowhere(town: Town) -> None:
    town.ask(town.worker, due="2026-05-08T18:00:00+09:00")
    town.service.now = seoul("2026-05-09", "18:00")
    row = town.box(town.worker)[0]
    assert (row["late"], row["state"]) == (24 * 3600, "asked")


def test_what_has_ended_is_apart(town: Town) -> None:
    made = town.ask(town.worker, title="끝난 것")
    town.handed_in(made, town.worker)
    town.act(town.boss, made, "close")
    town.ask(town.worker, title="하는 것")
    assert titles(town.box(town.worker)) == ["하는 것"]
    assert titles(town.box(town.worker, running=False, sort="-at")) == ["끝난 것"]


def test_a_list_is_read_from_its_index_however_much_has_ended(town: Town) -> None:
    with town.service.tx() as tx:
        plan = tx.connection.execute(
            text(
                "EXPLAIN QUERY PLAN SELECT * FROM place WHERE holder = 'x' AND box = 'received' AND running IS 1"
                " ORDER BY due, request LIMIT 21"
            )
        ).all()
    assert "place_by_due" in str(plan) and "TEMP B-TREE" not in str(plan)
    assert Place.__tablename__ == "place"


def test_an_executives_instructions_are_seen_as_far_as_one_may_read_them(town: Town) -> None:
    made = town.ask(town.worker, title="총무과에", kind="instruction")
    town.ask(town.third, title="기획과에", kind="instruction")
    town.act(town.worker, made, "accept")
    town.act(town.worker, made, "progress", percent=20, text="시작했습니다")
    of = town.boss["id"]
    assert titles(town.box(town.boss, "sent", of=of)) == ["총무과에", "기획과에"]
    rows = town.box(town.other, "sent", of=of)
    assert titles(rows) == ["총무과에"]
    assert (rows[0]["word"]["text"], rows[0]["word"]["person"]["name"]) == ("시작했습니다", "서나래")


def test_pages_go_on_where_the_last_one_ended(town: Town) -> None:
    for n in range(5):
        town.ask(town.worker, title=str(n))
    asked: Doc = {"box": "received", "limit": 2}
    seen: list[str] = []
    while True:
        page = town.service.call("box", town.as_(town.worker), asked)
        seen += titles(page["items"])
        if page["next"] is None:
            break
        asked["cursor"] = page["next"]
    assert seen == ["0", "1", "2", "3", "4"]


def test_lead_times_and_lateness_are_by_department_and_month(town: Town) -> None:
    for person, due, day in (
        (town.worker, "2026-05-08", "2026-05-11"),
        (town.worker, "2026-05-29", "2026-05-12"),
        (town.third, "2026-06-30", "2026-06-02"),
    ):
        made = town.ask(person, due=due)
        town.service.now = seoul(day, "09:00")
        town.handed_in(made, person)
        town.act(town.boss, made, "close")
    asked = {"from": "2026-05", "to": "2026-06"}
    found = town.service.call("statistics", town.as_(town.boss), {**asked, "scope": "asked"})
    rows = [(r["month"], r["department"], r["done"], r["late"]) for r in found["items"]]
    assert rows == [("2026-05", "총무과", 2, 1), ("2026-06", "기획과", 1, 0)]
    assert found["items"][0]["lateness"] == ((2 * 24 + 9) * 3600)
    mine = town.service.call("statistics", town.as_(town.other), asked)
    assert [r["done"] for r in mine["items"]] == [2]
    with pytest.raises(Problem) as problem:
        town.service.call("statistics", town.as_(town.worker), {**asked, "scope": "all"})
    assert problem.value.status == 403
    every = town.service.call("statistics", town.as_(town.worker, "auditor"), {**asked, "scope": "all"})
    assert len(every["items"]) == 2


# -- the catalogue ------------------------------------------------------------------------------------


def items(town: Town, made: Doc) -> list[Any]:
    return [
        event.data for event in town.service.events if event.type == "requests.item" and event.subject == made["id"]
    ]


def test_the_catalogue_is_told_what_a_request_is_and_what_it_comes_from(town: Town) -> None:
    source, card = {"noun": "memo", "subject": new_id()}, new_id()
    whole = town.ask(town.worker)
    given = {"sources": [source], "cards": [card], "parent": whole["id"], "body": "<p>붙임 양식대로</p>"}
    made = town.ask(town.third, by=town.worker, **given)
    item = items(town, made)[-1]
    holds(ItemTold, item)
    assert item["links"] == [
        {"role": "based_on", **source},
        {"role": "attached_to", "noun": "requests", "subject": whole["id"]},
    ]
    assert (item["cards"], item["state"], item["text"]) == ([card], "asked", "붙임 양식대로")
    audience = set(item["audience"])
    assert f"person:{town.worker['id']}" in audience and f"department:{town.third['department_id']}" in audience
    town.act(town.third, made, "decline", reason="양식이 없습니다")
    item = items(town, made)[-1]
    assert [each["code"] for each in item["happened"]] == ["asked", "declined"]
    assert "양식이 없습니다" in item["text"]


def test_both_are_told_anew(town: Town) -> None:
    made = town.ask(town.worker)
    done = town.ask(town.worker)
    town.act(town.boss, done, "withdraw")
    for what, count in (("desk", 1), ("item", 2)):
        before = len(town.service.events)
        found = town.service.call("retell", system(TENANT), {"what": what})
        assert (found["told"], found["next"]) == (count, None)
        told = town.service.events[before:]
        assert next(event.subject for event in told) == made["id"]
        assert {event.type for event in told} == {f"requests.{what}"}
        earlier = [e.data for e in town.service.events[:before] if e.type == told[0].type and e.subject == made["id"]]
        assert told[0].data["sequence"] == earlier[-1]["sequence"]


# -- files --------------------------------------------------------------------------------------------


def test_those_on_it_add_files_while_it_runs(town: Town) -> None:
    made = town.ask(town.worker)
    begin = {"id": made["id"], "name": "계획.pdf", "size": 10}
    assert town.service.call("begin_file", town.as_(town.worker), begin)["file"]
    with pytest.raises(Problem) as problem:
        town.service.call("begin_file", town.as_(town.other), begin)
    assert problem.value.status == 403
    with pytest.raises(Problem) as problem:
        town.service.call("begin_file", town.as_(town.third), begin)
    assert problem.value.status == 404
    town.act(town.boss, made, "withdraw")
    with pytest.raises(Problem) as problem:
        town.service.call("begin_file", town.as_(town.worker), begin)
    assert problem.value.slug == "finished"


def test_a_change_says_what_changed_and_a_repeat_changes_nothing(town: Town) -> None:
    made = town.ask(town.worker, due="2026-05-08")
    change = {"id": made["id"], "version": 1, "title": "새 제목", "due": "2026-05-11", "urgency": 2}
    changed = town.service.call("change", town.as_(town.boss), change)
    assert (changed["version"], changed["due"]) == (2, "2026-05-11")
    entry = town.card(made)["history"][0]
    assert (entry["action"], set(entry["detail"]["changed"])) == ("changed", {"title", "due", "urgency"})
    again = town.service.call("change", town.as_(town.boss), {**change, "version": 2})
    assert again["version"] == 2
    with pytest.raises(Problem) as problem:
        town.service.call("change", town.as_(town.boss), change)
    assert problem.value.status == 412
    with pytest.raises(Problem) as problem:
        town.service.call("change", town.as_(town.boss), {"id": made["id"], "waits_for": made["id"]})
    assert problem.value.fields == {"waits_for": "itself"}
