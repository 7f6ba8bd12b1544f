"""Rooms: booked all or not at all, agreed to, given back, released where nobody came; the sign at the door."""

from __future__ import annotations

from typing import Any

import pytest

from shared.contracts import rooms as contract
from shared.ids import new_id
from tests.unit.schedule.cast import Doc, Office, holds, seoul, utc


def hold(office: Office, room: str, *days: str, by: Doc | None = None, **given: Any) -> Doc:
    """A room held for a meeting, from two to three on each of the days."""
    return dict(office.ask(by or office.me, "hold", **_wanted(room, *days, **given)))


def _wanted(room: str, *days: str, hours: tuple[str, str] = ("14:00", "15:00"), **given: Any) -> Doc:
    periods = [{"starts_at": seoul(day, hours[0]), "ends_at": seoul(day, hours[1])} for day in days]
    named = {"noun": "meetings", "subject": new_id(), "key": new_id(), "title": "주간 회의", **given}
    return {"resource": room, "periods": periods, **named}


def test_back_to_back_is_no_clash_and_a_minute_over_is(office: Office) -> None:
    room = office.room()
    hold(office, room, "2026-09-01")
    hold(office, room, "2026-09-01", hours=("15:00", "16:00"))
    hold(office, room, "2026-09-01", hours=("13:00", "14:00"))
    refused = office.refused(office.other, "hold", **_wanted(room, "2026-09-01", hours=("15:59", "16:30")))
    assert (refused.slug, refused.extra["clashes"]) == (
        "room-taken",
        [{"starts_at": utc("2026-09-01", "15:59"), "ends_at": utc("2026-09-01", "16:30"), "reason": "taken"}],
    )


def test_a_series_names_what_clashes_and_is_booked_without_it_where_that_is_wanted(office: Office) -> None:
    room, other, taken = office.room(), office.room("중회의실"), office.room("대회의실")
    tuesdays = [f"2026-{month:02}-{day:02}" for month, day in _TUESDAYS]
    hold(office, room, "2026-09-15")
    hold(office, taken, "2026-09-22")
    closed = {"starts_at": seoul("2026-10-06"), "ends_at": seoul("2026-10-08"), "reason": "보수"}
    holds(contract.ClosureResult, office.ask(office.admin, "close_room", id=room, **closed))
    refused = office.refused(office.me, "hold", **_wanted(room, *tuesdays))
    assert [(each["starts_at"], each["reason"]) for each in refused.extra["clashes"]] == [
        (utc("2026-09-15", "14:00"), "taken"),
        (utc("2026-10-06", "14:00"), "closed"),
    ]
    assert refused.extra["others"] == [{"id": other, "name": "중회의실"}]
    made = hold(office, room, *tuesdays, skip=True)
    holds(contract.HoldResult, made)
    assert (len(made["booked"]), [each["reason"] for each in made["skipped"]]) == (10, ["taken", "closed"])


_TUESDAYS = [
    (9, 1),
    (9, 8),
    (9, 15),
    (9, 22),
    (9, 29),
    (10, 6),
    (10, 13),
    (10, 20),
    (10, 27),
    (11, 3),
    (11, 10),
    (11, 17),
]


def test_what_was_skipped_is_taken_again_once_it_is_free(office: Office) -> None:
    room = office.room()
    first = hold(office, room, "2026-09-15")
    made = hold(office, room, "2026-09-08", "2026-09-15", by=office.other, skip=True)
    again = {"starts_at": seoul("2026-09-15", "14:00"), "ends_at": seoul("2026-09-15", "15:00")}
    assert office.refused(office.other, "rebook", id=made["booking"], **again).slug == "room-taken"
    office.ask(office.me, "release", id=first["booking"])
    office.ask(office.other, "rebook", id=made["booking"], **again)
    whole = office.ask(office.other, "booking", id=made["booking"])
    holds(contract.BookingWhole, whole)
    assert ([each["taken"] for each in whole["periods"]], whole["skipped"]) == ([True, True], [])


def test_the_same_key_is_the_same_booking(office: Office) -> None:
    room, key = office.room(), new_id()
    assert hold(office, room, "2026-09-01", key=key) == hold(office, room, "2026-09-01", key=key)


def test_who_asks_again_for_what_failed_does_not_stand_in_their_own_way(office: Office) -> None:
    room = office.room()
    first = hold(office, room, "2026-09-01")
    assert hold(office, room, "2026-09-01")["state"] == "held"
    assert office.ask(office.me, "booking", id=first["booking"])["state"] == "released"
    assert office.refused(office.other, "hold", **_wanted(room, "2026-09-01")).slug == "room-taken"


def test_a_hold_that_no_meeting_confirms_is_released_after_ten_minutes(office: Office) -> None:
    room = office.room()
    made = hold(office, room, "2026-09-01")
    office.later("2026-09-01", "08:09")
    assert office.ask(office.me, "booking", id=made["booking"])["state"] == "held"
    office.later("2026-09-01", "08:11")
    assert office.ask(office.me, "booking", id=made["booking"])["state"] == "released"
    hold(office, room, "2026-09-01", by=office.other)
    told = [event.data["state"] for event in office.service.events if event.type == "schedule.booking"]
    assert told == ["released"]


def test_where_somebody_has_to_agree_they_are_asked_and_the_booker_hears(office: Office) -> None:
    room = office.room(approvers=[office.boss["id"]])
    made = hold(office, room, "2026-09-01")
    assert (made["state"], office.todos(made["booking"])) == ("asked", {"한시장": "agree"})
    assert office.refused(office.other, "answer_booking", id=made["booking"], granted=True).status == 403
    office.ask(office.boss, "answer_booking", id=made["booking"], granted=False, reason="행사가 있습니다")
    assert office.todos(made["booking"]) == {}
    assert office.notices(made["booking"]) == [("서나래", "booking_refused")]
    assert office.refused(office.boss, "answer_booking", id=made["booking"], granted=True).slug == "not-booked"
    assert hold(office, room, "2026-09-01", by=office.boss)["state"] == "held"


def test_who_may_not_book_is_refused(office: Office) -> None:
    room = office.room(bookers=[f"department:{office.department('시장실')}"])
    assert office.refused(office.me, "hold", **_wanted(room, "2026-09-01")).slug == "not-bookable"
    hold(office, room, "2026-09-01", by=office.boss)


@pytest.mark.parametrize(
    ("day", "hours", "reason"),
    [
        ("2026-09-01", ("08:00", "09:30"), "hours"),
        ("2026-09-05", ("10:00", "11:00"), "hours"),
        ("2026-09-24", ("10:00", "11:00"), "hours"),
        ("2026-09-01", ("17:30", "18:00"), None),
    ],
)
def test_a_room_is_booked_within_its_hours(
    office: Office, day: str, hours: tuple[str, str], reason: str | None
) -> None:
    opening = {"opens": 540, "closes": 1080, "weekdays": [0, 1, 2, 3, 4], "holidays": False}
    room = office.room(hours=opening)
    if reason is None:
        hold(office, room, day, hours=hours)
    else:
        refused = office.refused(office.me, "hold", **_wanted(room, day, hours=hours))
        assert [each["reason"] for each in refused.extra["clashes"]] == [reason]


def test_where_nobody_comes_the_time_is_free_again(office: Office) -> None:
    room = office.room(no_show=15)
    made = office.enter("2026-09-01", "09:00", "10:00", room=room)["booking"]
    office.later("2026-09-01", "09:20")
    assert office.notices(made["booking"]) == [("서나래", "booking_no_show")]
    hold(office, room, "2026-09-01", hours=("09:30", "10:00"), by=office.other)


def test_who_says_they_are_there_keeps_the_room(office: Office) -> None:
    room = office.room(no_show=15)
    made = office.enter("2026-09-01", "09:00", "10:00", room=room)["booking"]
    office.later("2026-09-01", "08:50")
    assert office.refused(office.other, "check_in", id=room).status == 403
    code = office.ask(office.admin, "room", id=room)["door"]
    office.ask(office.other, "check_in", id=room, code=code)
    office.later("2026-09-01", "09:20")
    assert office.notices(made["booking"]) == []


def test_the_sign_at_the_door_shows_today_without_what_is_private(office: Office) -> None:
    room = office.room("소회의실", place="본관 2층", capacity=8)
    office.enter("2026-09-01", "09:00", "10:00", room=room, title="공개 협의")
    office.enter("2026-09-01", "11:00", "12:00", room=room, title="비밀 협의", visibility="private")
    office.enter("2026-09-02", "11:00", "12:00", room=room, title="내일")
    code = office.ask(office.admin, "room", id=room)["door"]
    assert office.ask(office.me, "room", id=room)["door"] is None
    shown = office.ask(office.me, "door", code=code)
    holds(contract.DoorView, shown)
    assert [each["title"] for each in shown["bookings"]] == ["공개 협의", ""]
    assert office.refused(office.me, "door", code="x" * 30).status == 404


def test_an_entry_books_its_room_for_all_of_its_times_and_gives_them_back(office: Office) -> None:
    room = office.room()
    made = office.enter("2026-09-01", rrule="FREQ=WEEKLY;COUNT=4", room=room)
    assert office.card(made)["place"] == "소회의실"
    assert len(office.window("2026-09-01", "2026-10-01", rooms=[room])) == 4
    rid = office.window("2026-09-08", "2026-09-09")[0]["rid"]
    office.ask(office.me, "remove", id=made["id"], rid=rid, scope="this")
    assert office.starts("2026-09-01", "2026-10-01", rooms=[room]) == ["09-01 10:00", "09-15 10:00", "09-22 10:00"]
    moved = {"starts_at": seoul("2026-09-15", "16:00"), "ends_at": seoul("2026-09-15", "17:00")}
    rid = office.window("2026-09-15", "2026-09-16")[0]["rid"]
    office.ask(office.me, "change", id=made["id"], rid=rid, scope="this", **moved)
    assert office.starts("2026-09-01", "2026-10-01", rooms=[room]) == ["09-01 10:00", "09-15 16:00", "09-22 10:00"]
    office.ask(office.me, "remove", id=made["id"])
    assert office.window("2026-09-01", "2026-10-01", rooms=[room]) == []


def test_a_change_that_clashes_leaves_entry_and_room_as_they_were(office: Office) -> None:
    room = office.room()
    office.enter("2026-09-02", "14:00", "15:00", by=office.other, room=room)
    made = office.enter("2026-09-02", room=room)
    moved = {"starts_at": seoul("2026-09-02", "14:30"), "ends_at": seoul("2026-09-02", "15:30")}
    assert office.refused(office.me, "change", id=made["id"], **moved).slug == "room-taken"
    assert office.starts("2026-09-02", "2026-09-03", rooms=[room]) == ["09-02 10:00", "09-02 14:00"]
    assert office.starts("2026-09-02", "2026-09-03") == ["09-02 10:00"]


def test_a_series_without_end_books_no_room(office: Office) -> None:
    room = office.room()
    times = {"title": "매주", "starts_at": seoul("2026-09-01", "10:00"), "ends_at": seoul("2026-09-01", "11:00")}
    assert office.refused(office.me, "create", **times, rrule="FREQ=WEEKLY", room=room).fields == {"room": "endless"}


def test_a_room_that_is_taken_away_tells_who_has_booked_it(office: Office) -> None:
    room = office.room()
    made = hold(office, room, "2026-09-02")
    office.ask(office.admin, "save_room", id=room, version=1, name="소회의실", removed=True)
    assert office.notices(made["booking"]) == [("서나래", "booking_room_gone")]
    assert office.ask(office.me, "booking", id=made["booking"])["state"] == "released"
    assert office.ask(office.me, "rooms")["items"] == []
    assert office.refused(office.me, "hold", **_wanted(room, "2026-09-02")).status == 404


def test_rooms_are_found_by_size_and_by_whether_they_are_free(office: Office) -> None:
    small, large = office.room("소회의실", capacity=6), office.room("대회의실", capacity=40)
    hold(office, large, "2026-09-01")
    at = {"starts_at": seoul("2026-09-01", "14:30"), "ends_at": seoul("2026-09-01", "15:30")}
    found = office.ask(office.me, "rooms", **at)
    holds(contract.RoomList, found)
    assert {each["id"]: each["free"] for each in found["items"]} == {small: True, large: False}
    assert [each["id"] for each in office.ask(office.me, "rooms", capacity=10)["items"]] == [large]
    holds(contract.RoomView, office.ask(office.admin, "room", id=large))
