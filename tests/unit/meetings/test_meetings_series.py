"""Meetings of a series, their rooms, and what is left to do from one to the next."""

from __future__ import annotations

from typing import Any

import pytest

from shared.errors import Conflict, Invalid
from shared.ids import new_id
from tests.unit.meetings.cast import Doc, Town, seoul

_FRIDAYS = "FREQ=WEEKLY;COUNT=4"


def series(town: Town, *people: Doc, **given: Any) -> tuple[Doc, list[Doc]]:
    """Four Fridays, and the meetings in order."""
    made = town.call(*people, rule=_FRIDAYS, **given)
    return made, town.card(made)["siblings"]


def days(town: Town, made: Doc) -> list[str]:
    return [f"{each['starts_at'][:10]} {each['state']}" for each in town.card(made)["siblings"]]


def test_each_meeting_of_a_series_is_one_by_itself(town: Town) -> None:
    made, siblings = series(town, town.clerk)
    assert made["made"] == 4 and made["series"]
    assert days(town, made) == [f"2026-05-{day} called" for day in ("08", "15", "22", "29")]
    cards = [town.card(each["id"]) for each in siblings]
    assert [card["rid"] for card in cards] == [f"202605{day}T010000Z" for day in ("08", "15", "22", "29")]
    assert {card["rule"] for card in cards} == {_FRIDAYS}
    assert [link["role"] for link in town.item(siblings[1]["id"])["links"]] == ["follows"]


def test_only_the_next_one_asks_for_an_answer(town: Town) -> None:
    made, siblings = series(town, town.clerk)
    assert [town.todos(each["id"]) for each in siblings[:2]] == [{"서나래": "answer"}, {}]
    town.act(town.boss, made, "cancel", reason="휴무")
    assert [town.todos(each["id"]) for each in siblings[:3]] == [{}, {"서나래": "answer"}, {}]


def test_one_answer_may_be_for_all_that_are_to_come(town: Town) -> None:
    made, siblings = series(town, town.clerk)
    town.ask("answer", town.clerk, siblings[1]["id"], answer="yes", scope="following")
    assert [town.card(each["id"], town.clerk)["answer"] for each in siblings] == ["none", "yes", "yes", "yes"]
    town.ask("answer", town.clerk, made, answer="tentative", scope="all")
    assert {town.card(each["id"], town.clerk)["answer"] for each in siblings} == {"tentative"}


def test_this_following_and_all_are_changed_and_cancelled(town: Town) -> None:
    made, siblings = series(town, town.clerk)
    second = siblings[1]["id"]
    town.ask("change", town.boss, second, starts_at=seoul("2026-05-16", "15:00").isoformat())
    assert [day[:10] for day in days(town, made)] == ["2026-05-08", "2026-05-16", "2026-05-22", "2026-05-29"]
    moved = town.ask("change", town.boss, siblings[2]["id"], scope="following", place="대회의실",
                     starts_at=seoul("2026-05-21", "09:00").isoformat())  # fmt: skip
    assert moved["made"] == 2
    assert [day[:10] for day in days(town, made)] == ["2026-05-08", "2026-05-16", "2026-05-21", "2026-05-28"]
    town.ask("change", town.boss, made, scope="all", title="금요 회의")
    assert {town.card(each["id"])["title"] for each in siblings} == {"금요 회의"}
    town.act(town.boss, siblings[2]["id"], "cancel", scope="following", reason="종료")
    assert [day[11:] for day in days(town, made)] == ["called", "called", "cancelled", "cancelled"]
    # What does not take place is left as it was.
    assert town.ask("change", town.boss, made, scope="all", place="소회의실")["made"] == 2


def test_the_agenda_of_all_is_matched_by_its_order(town: Town) -> None:
    made, siblings = series(town, agenda=[{"title": "가"}, {"title": "나"}])
    items = town.card(made)["agenda"]
    town.ask("change", town.boss, made, scope="all", agenda=[{"id": items[0]["id"], "title": "보고"}])
    assert [[item["title"] for item in town.card(each["id"])["agenda"]] for each in siblings] == [["보고"]] * 4


def test_a_series_to_more_people_than_can_be_told_is_refused(town: Town) -> None:
    for n in range(150):
        town.hire("기획과", f"직원{n}")
    with pytest.raises(Invalid) as refused:
        town.call(rule="FREQ=DAILY", invite_departments=[town.department("기획과")])
    assert refused.value.fields == {"invite": "too_many_for_series"}


def test_what_is_left_to_do_comes_up_at_the_next_with_how_it_stands(town: Town) -> None:
    made, siblings = series(town, town.clerk)
    town.act(town.boss, made, "open")
    first, second = (
        town.ask("add_action", town.boss, made, title=title, person=town.clerk["id"])["made_id"]
        for title in ("안내", "점검")
    )
    request = new_id()
    town.ask("action_asked", town.boss, made, action=first, request=request)
    left = town.card(siblings[1]["id"])["before"]
    assert sorted((each["title"], each["state"]) for each in left) == [("안내", "asked"), ("점검", "")]
    item = {"subject": request, "sequence": 5, "state": "in_progress"}
    town.service.deliver("requests.item", item, subject=request)
    town.service.deliver("requests.item", {**item, "sequence": 3, "state": "accepted"}, subject=request)
    assert {each["id"]: each["state"] for each in town.card(siblings[1]["id"])["before"]}[first] == "in_progress"
    town.service.deliver("requests.item", {**item, "sequence": 9, "state": "done"}, subject=request)
    assert [each["id"] for each in town.card(siblings[1]["id"])["before"]] == [second]


def test_an_action_item_becomes_one_request_only(town: Town) -> None:
    made = town.held(town.clerk)
    action = town.ask("add_action", town.boss, made, title="안내")["made_id"]
    request = new_id()
    town.ask("action_asked", town.boss, made, action=action, request=request)
    town.ask("action_asked", town.boss, made, action=action, request=request)
    refused = town.refused("action_asked", town.boss, made, action=action, request=new_id())
    assert (refused.slug, refused.extra["request"]) == ("already-asked", request)
    assert town.refused("add_action", town.boss, made, action=action, title="").slug == "already-asked"


# -- rooms ------------------------------------------------------------------------------------------


def test_a_room_is_held_before_anything_is_written_and_told_with_its_booking(town: Town) -> None:
    made = town.call(room=town.room, place="대회의실")
    card = town.card(made)
    assert len(town.holds) == 1 and town.holds[0]["subject"] == made["id"]
    assert card["room"] == town.room and town.scheduled(made)[0]["booking"] == card["booking"] != None  # noqa: E711


def test_a_room_that_is_refused_leaves_the_meeting_without_and_tells_who_called_it(town: Town) -> None:
    made = town.call(room=town.room, place="대회의실")
    booking = town.card(made)["booking"]
    town.lose(booking)
    town.lose(booking)
    card = town.card(made)
    assert (card["room"], card["booking"], card["place"]) == (None, None, "대회의실")
    assert ("한과장", "room_lost") in town.notices(made)
    assert town.scheduled(made)[-1]["booking"] is None


def test_a_room_that_is_taken_refuses_the_meeting_and_leaves_nothing(town: Town) -> None:
    town.taken.add(seoul("2026-05-08", "10:00").isoformat())
    with pytest.raises(Conflict) as refused:
        town.call(room=town.room)
    assert refused.value.slug == "room-taken" and refused.value.extra["clashes"]
    assert town.box(town.boss) == []


def test_a_series_leaves_out_the_room_on_days_when_it_is_taken_where_that_is_asked(town: Town) -> None:
    town.taken.add(seoul("2026-05-15", "10:00").isoformat())
    with pytest.raises(Conflict):
        series(town, room=town.room)
    made, siblings = series(town, room=town.room, skip=True)
    assert [each["starts_at"] for each in made["skipped"]] == [seoul("2026-05-15", "10:00").isoformat()]
    assert [bool(town.card(each["id"])["room"]) for each in siblings] == [True, False, True, True]
    assert len(town.holds[-1]["periods"]) == 4


def test_a_meeting_that_is_moved_holds_its_room_at_the_new_time(town: Town) -> None:
    made = town.call(room=town.room)
    before = town.card(made)["booking"]
    town.ask("change", town.boss, made, title="다른 제목")
    assert len(town.holds) == 1
    starts = seoul("2026-05-11", "10:00")
    town.ask("change", town.boss, made, starts_at=starts.isoformat())
    assert town.card(made)["booking"] != before
    assert [each["starts_at"] for each in town.holds[-1]["periods"]] == [starts.isoformat()]
    town.ask("change", town.boss, made, room=None)
    assert town.scheduled(made)[-1]["resource"] is None and town.scheduled(made)[-1]["booking"] is None


def test_a_room_that_is_taken_refuses_the_change(town: Town) -> None:
    made = town.call()
    town.taken.add(seoul("2026-05-08", "10:00").isoformat())
    assert town.refused("change", town.boss, made, room=town.room).slug == "room-taken"
    assert town.card(made)["version"] == 1
