"""Days as several services fill them: entries, absences that approval goes by, rooms, meetings, dates."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from shared.calendar import SEOUL, add_working_days, seoul_date
from tests.integration.product.cast import Cast, if_match, problem
from tests.support.waiting import until

Doc = dict[str, Any]


def day(ahead: int) -> str:
    """A working day so many after today."""
    return add_working_days(seoul_date(datetime.now(SEOUL)), ahead).isoformat()


def at(ahead: int, begins: str, ends: str) -> Doc:
    """From one hour to another on that day."""
    return {"starts_at": f"{day(ahead)}T{begins}:00+09:00", "ends_at": f"{day(ahead)}T{ends}:00+09:00"}


def lines(cast: Cast, role: str, ahead: int, **asked: str) -> list[Doc]:
    """What somebody sees of that day."""
    following = (datetime.fromisoformat(day(ahead)) + timedelta(days=1)).date().isoformat()
    query = "&".join(f"{name}={value}" for name, value in {"from": day(ahead), "to": following, **asked}.items())
    return list(cast.api(role).get(f"/schedule/entries?{query}")["items"])


@pytest.mark.journey
def test_an_entry_is_entered_moved_written_about_and_taken_out(cast: Cast) -> None:
    title = f"현장 확인 {uuid4().hex[:8]}"
    made = cast.drafter.post("/schedule/entries", {"title": title, "kind": "visit", **at(3, "10:00", "11:00")}, 201)
    path = f"/schedule/entries/{made['id']}"
    assert title in [each["title"] for each in lines(cast, "drafter", 3)]
    moved = cast.drafter.call("PATCH", path, at(4, "14:00", "15:00"), headers=if_match(made["version"]))
    assert moved.status_code == 200
    problem(cast.drafter.call("PATCH", path, {"title": "늦음"}, headers=if_match(made["version"])), 412)
    assert title not in [each["title"] for each in lines(cast, "drafter", 3)]
    until(lambda: made["id"] in [each["subject"] for each in cast.drafter.get(f"/search?q={title}")["items"]])
    assert made["id"] not in [each["subject"] for each in cast.api("executive").get(f"/search?q={title}")["items"]]
    assert cast.drafter.call("DELETE", path).status_code in (200, 204)
    problem(cast.drafter.call("GET", path), 404)


def test_others_hear_that_somebody_is_busy_and_not_at_what(cast: Cast) -> None:
    title = f"비공개 협의 {uuid4().hex[:8]}"
    cast.drafter.post("/schedule/entries", {"title": title, "visibility": "private", **at(5, "10:00", "11:00")}, 201)
    seen = lines(cast, "executive", 5, people=cast.id("drafter"))
    assert title not in [each["title"] for each in seen] and "busy" in {each["access"] for each in seen}
    asked = f"from={day(5)}&to={day(6)}&people={cast.id('drafter')}"
    taken = cast.api("executive").get(f"/schedule/busy?{asked}")["items"][cast.id("drafter")]
    assert any(each["starts_at"].startswith(f"{day(5)}T01:00") for each in taken)


@pytest.mark.journey
def test_an_absence_entered_in_the_calendar_is_the_one_that_approval_goes_by(cast: Cast) -> None:
    leave = add_working_days(seoul_date(datetime.now(SEOUL)), 40)
    days = {"starts_at": leave.isoformat(), "ends_at": (leave + timedelta(days=1)).isoformat(), "all_day": True}
    absence = {"deputy": cast.id("reviewer")}
    given = {"title": "연가", "kind": "leave", "absence": absence, **days}
    made = cast.api("cooperator").post("/schedule/entries", given, 201)
    mine = cast.api("cooperator").get("/me/absences")["items"]
    assert [each["deputy"]["id"] for each in mine if each["reason"] == "leave"] == [cast.id("reviewer")]
    # The other way round: what the directory cancels is in the calendar no longer.
    (absence_id,) = [each["id"] for each in mine if each["reason"] == "leave"]
    assert cast.api("cooperator").call("DELETE", f"/me/absences/{absence_id}").status_code == 204
    until(lambda: cast.api("cooperator").call("GET", f"/schedule/entries/{made['id']}").status_code == 404)


@pytest.mark.journey
def test_a_meeting_has_its_room_and_is_in_the_days_of_who_comes(cast: Cast) -> None:
    room = cast.api("admin").post("/rooms", {"name": f"회의실 {uuid4().hex[:6]}", "capacity": 8}, 201)["id"]
    title = f"주간 회의 {uuid4().hex[:8]}"
    invite = [cast.id("reviewer"), cast.id("cooperator")]
    time = at(6, "10:00", "11:00")
    made = cast.drafter.post("/meetings", {"title": title, "invite": invite, "room": room, **time}, 201)["id"]
    until(lambda: title in [each["title"] for each in lines(cast, "reviewer", 6)])
    told = problem(
        cast.api("decider").call("POST", "/meetings", {"title": "겹침", "invite": invite, "room": room, **time}), 409
    )
    assert told["type"].endswith("room-taken") and len(told["clashes"]) == 1

    # Who declines has it no more; who comes is busy.
    cast.api("cooperator").post(f"/meetings/{made}/answers", {"answer": "no", "word": "출장입니다"}, 200)
    cast.api("reviewer").post(f"/meetings/{made}/answers", {"answer": "yes"}, 200)
    until(lambda: title not in [each["title"] for each in lines(cast, "cooperator", 6)])
    until(lambda: [e["shown_as"] for e in lines(cast, "reviewer", 6) if e["title"] == title] == ["busy"])

    # Cancelled, it is nowhere, and the room is free again.
    cast.drafter.post(f"/meetings/{made}/acts", {"act": "cancel", "reason": "다음 주로"}, 200)
    until(lambda: title not in [each["title"] for each in lines(cast, "reviewer", 6)])
    until(lambda: not lines(cast, "drafter", 6, rooms=room))


def test_what_is_due_is_beside_the_entries_of_the_day(cast: Cast) -> None:
    title = f"자료 제출 {uuid4().hex[:8]}"
    assignees = [{"person": cast.id("reviewer")}]
    cast.drafter.post("/requests", {"title": title, "assignees": assignees, "due": day(8)}, 201)
    until(lambda: title in [each["title"] for each in lines(cast, "reviewer", 8, dues="true")])
    assert title not in [each["title"] for each in lines(cast, "drafter", 8, dues="true")]


def test_times_are_proposed_at_which_all_are_free(cast: Cast) -> None:
    cast.api("reviewer").post("/schedule/entries", {"title": "종일 감사", **at(12, "09:00", "17:00")}, 201)
    people = f"{cast.id('drafter')},{cast.id('reviewer')}"
    found = cast.drafter.get(f"/schedule/free?people={people}&minutes=60&from={day(12)}&days=1")
    assert [each["starts_at"][:16] for each in found["items"]] == [f"{day(12)}T08:00"]


def test_what_cannot_be_is_refused_by_its_field(cast: Cast) -> None:
    for given, fields in (
        ({**at(3, "11:00", "10:00")}, {"ends_at": "before_start"}),
        ({"starts_at": "9999-01-01T00:00:00Z", "ends_at": "9999-01-01T01:00:00Z"}, {"starts_at": "year_out_of_range"}),
        ({**at(3, "10:00", "11:00"), "rrule": "FREQ=SECONDLY"}, {"rrule": "rule_not_supported"}),
    ):
        assert problem(cast.drafter.call("POST", "/schedule/entries", {"title": "x", **given}), 422)["fields"] == fields
    endless = {"title": "매일", **at(3, "10:00", "11:00"), "rrule": "FREQ=DAILY;COUNT=10000000"}
    assert "rrule" in problem(cast.drafter.call("POST", "/schedule/entries", endless), 422)["fields"]
