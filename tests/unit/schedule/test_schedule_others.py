"""What fills calendars by itself: absences, meetings, dates of to-dos; where people are, and when they are free."""

from __future__ import annotations

from datetime import datetime
from itertools import permutations
from typing import Any

from shared.contracts import schedule as contract
from shared.ids import new_id
from shared.testing import context
from tests.unit.schedule.cast import Doc, Office, holds, seoul, utc


def away(office: Office, person: Doc, first: str, last: str, **given: Any) -> Doc:
    """What the directory tells of an absence."""
    told = {"id": new_id(), "sequence": 1, "person": person["id"], "reason": "leave", "deputy": None, "note": ""}
    return {**told, "starts_at": seoul(first), "ends_at": seoul(last), "ended": False, **given}


def meeting(office: Office, *people: Doc, **given: Any) -> Doc:
    """What meetings tells of one."""
    told = {"meeting": new_id(), "sequence": 1, "state": "called", "title": "주간 회의", "place": "소회의실"}
    told |= {"starts_at": seoul("2026-09-02", "14:00"), "ends_at": seoul("2026-09-02", "15:00")}
    told |= {"resource": None, "booking": None, "link": None, "closed": False, "organiser": office.boss}
    told |= {"removed": [], "series": None, "total": len(people)}
    named = [{"person": each["id"], "role": "required", "answer": "none"} for each in people]
    return {**told, "people": named, **given}


# -- absences -----------------------------------------------------------------------------------------


def test_an_absence_of_the_directory_is_in_the_calendar_of_who_is_away(office: Office) -> None:
    told = away(office, office.me, "2026-09-03", "2026-09-05")
    office.service.deliver("directory.absence", told, context())
    (line,) = office.window("2026-09-01", "2026-09-08")
    assert (line["title"], line["kind"], line["starts_at"], line["ends_at"]) == (
        "휴가",
        "leave",
        "2026-09-03",
        "2026-09-05",
    )
    gone = {**told, "sequence": 2, "ends_at": told["starts_at"], "ended": True}
    office.service.deliver("directory.absence", gone, context())
    office.service.deliver("directory.absence", told, context())
    assert office.window("2026-09-01", "2026-09-08") == []


def test_what_is_entered_as_an_absence_becomes_one_of_the_directory(office: Office) -> None:
    asked: list[Doc] = []
    kept = office.service.answers[("directory", "save_absence")]

    def keep(ctx: Any, data: Doc) -> Any:
        asked.append(data)
        return kept(ctx, data)

    office.service.answers[("directory", "save_absence")] = keep
    absence = {"deputy": office.mate["id"]}
    made = office.enter("2026-09-03", all_day=True, last="2026-09-05", title="연가", kind="leave", absence=absence)
    assert [(each["starts_at"], each["reason"], each["deputy"]) for each in asked] == [
        (utc("2026-09-03"), "leave", office.mate["id"])
    ]
    card = office.card(made)
    assert (card["title"], card["absence"]["deputy"], card["may"]) == ("연가", office.mate["id"], ["change", "remove"])
    # Its event says the same, and keeps the title that was given.
    told = away(office, office.me, "2026-09-03", "2026-09-05", id=card["absence"]["id"], deputy=office.mate["id"])
    office.service.deliver("directory.absence", told, context())
    assert [each["title"] for each in office.window("2026-09-01", "2026-09-08")] == ["연가"]


def test_an_absence_that_is_moved_is_moved_in_the_directory(office: Office) -> None:
    made = office.enter("2026-09-03", all_day=True, last="2026-09-04", title="연가", kind="leave", absence={})
    office.ask(office.me, "change", id=made["id"], starts_at="2026-09-07", ends_at="2026-09-09", all_day=True)
    (line,) = office.window("2026-09-01", "2026-09-12")
    assert (line["starts_at"], line["ends_at"]) == ("2026-09-07", "2026-09-09")


def test_only_a_leave_a_trip_or_training_is_an_absence(office: Office) -> None:
    times = {"title": "회의", "starts_at": seoul("2026-09-03", "10:00"), "ends_at": seoul("2026-09-03", "11:00")}
    assert office.refused(office.me, "create", **times, kind="meeting", absence={}).fields == {"kind": "not_an_absence"}


def test_a_deputy_reads_the_day_of_who_is_away_and_it_is_marked(office: Office) -> None:
    office.enter("2026-09-01", title="예산 협의")
    told = away(office, office.me, "2026-09-01", "2026-09-02", deputy=office.other["id"])
    office.service.deliver("directory.absence", told, context())
    lines = office.window("2026-09-01", "2026-09-02", office.other, people=[office.me["id"]])
    assert {(each["title"], each["mark"]) for each in lines} == {("휴가", "deputy"), ("예산 협의", "deputy")}
    office.later("2026-09-02", "09:00")
    lines = office.window("2026-09-01", "2026-09-02", office.other, people=[office.me["id"]])
    assert {(each["title"], each["mark"]) for each in lines} == {("", "")}


def test_who_moves_to_another_department_is_read_there_from_then_on(office: Office) -> None:
    office.enter("2026-09-02", title="인계 준비")
    seen = {"people": [office.me["id"]]}
    assert [each["title"] for each in office.window("2026-09-02", "2026-09-03", office.other, **seen)] == [""]
    moved = {"department": "기획과", "department_id": office.department("기획과")}
    office.service.people[office.me["id"]] = {**office.me, **moved}
    office.service.deliver("directory.people_changed", {"people": [office.me["id"]]}, context())
    office.later("2026-09-01", "08:01")
    assert [each["title"] for each in office.window("2026-09-02", "2026-09-03", office.other, **seen)] == ["인계 준비"]
    assert [each["title"] for each in office.window("2026-09-02", "2026-09-03", office.mate, **seen)] == [""]
    item = [event.data for event in office.service.events if event.type == "schedule.item"][-1]
    assert f"department:{office.department('기획과')}" in item["audience"]


# -- meetings -----------------------------------------------------------------------------------------


def test_a_meeting_is_in_the_calendars_of_who_has_not_declined(office: Office) -> None:
    told = meeting(office, office.me, office.other)
    office.service.deliver("meetings.scheduled", told, context())
    (line,) = office.window("2026-09-02", "2026-09-03")
    assert (line["title"], line["shown_as"], line["source"]) == (
        "주간 회의",
        "tentative",
        {"noun": "meetings", "subject": told["meeting"]},
    )
    answered = [{**told["people"][0], "answer": "yes"}, {**told["people"][1], "answer": "no"}]
    office.service.deliver("meetings.scheduled", {**told, "sequence": 2, "people": answered}, context())
    assert [each["shown_as"] for each in office.window("2026-09-02", "2026-09-03")] == ["busy"]
    assert office.window("2026-09-02", "2026-09-03", office.other) == []
    assert office.refused(office.me, "remove", id=line["id"]).slug == "is-fed"


def test_what_is_told_of_a_meeting_in_any_order_ends_in_the_same(office: Office) -> None:
    for order in permutations(range(4)):
        told = meeting(office, office.me, office.other)
        moved = {"starts_at": seoul("2026-09-04", "09:00"), "ends_at": seoul("2026-09-04", "10:00")}
        yes = [{**each, "answer": "yes"} for each in told["people"]]
        events = [
            told,
            {**told, "sequence": 2, **moved},
            {**told, "sequence": 3, **moved, "people": yes[:1]},
            {**told, "sequence": 4, **moved, "people": [], "removed": [office.other["id"]]},
        ]
        for place in order:
            office.service.deliver("meetings.scheduled", events[place], context())
        mine = [
            each for each in office.window("2026-09-01", "2026-09-08") if each["source"]["subject"] == told["meeting"]
        ]
        assert [(each["starts_at"], each["shown_as"]) for each in mine] == [(utc("2026-09-04", "09:00"), "busy")]
        others = office.window("2026-09-01", "2026-09-08", office.other)
        assert [each for each in others if each["source"]["subject"] == told["meeting"]] == []


def test_a_meeting_keeps_its_room_and_gives_it_back_when_it_is_cancelled(office: Office) -> None:
    room, subject = office.room(), new_id()
    period = {"starts_at": seoul("2026-09-02", "14:00"), "ends_at": seoul("2026-09-02", "15:00")}
    asked = {"resource": room, "noun": "meetings", "subject": subject, "key": new_id(), "title": "주간 회의"}
    held = office.ask(office.me, "hold", **asked, periods=[period])
    told = meeting(office, office.me, meeting=subject, booking=held["booking"], resource=room)
    office.service.deliver("meetings.scheduled", told, context())
    office.later("2026-09-01", "09:00")
    assert office.ask(office.me, "booking", id=held["booking"])["state"] == "booked"
    office.service.deliver("meetings.scheduled", {**told, "sequence": 2, "state": "cancelled"}, context())
    assert office.ask(office.me, "booking", id=held["booking"])["state"] == "released"
    assert office.window("2026-09-02", "2026-09-03") == []


def test_one_meeting_of_a_series_gives_its_time_back_and_the_others_keep_theirs(office: Office) -> None:
    room, first, second = office.room(), new_id(), new_id()
    days = [("2026-09-02", first), ("2026-09-09", second)]
    times = [{"starts_at": seoul(day, "14:00"), "ends_at": seoul(day, "15:00")} for day, _ in days]
    asked = {"resource": room, "noun": "meetings", "title": "주간 회의"}
    held = office.ask(office.me, "hold", **asked, subject=new_id(), key=new_id(), periods=times)
    of = {"booking": held["booking"], "resource": room}
    for (_, subject), time in zip(days, times, strict=True):
        office.service.deliver("meetings.scheduled", meeting(office, meeting=subject, **of, **time), context())
    # Moved by half an hour: its own time does not stand in its way.
    moved = {"starts_at": seoul("2026-09-02", "14:30"), "ends_at": seoul("2026-09-02", "15:30")}
    wanted = {**asked, "subject": first, "periods": [moved]}
    assert office.refused(office.me, "hold", **wanted, key=new_id()).slug == "room-taken"
    other = office.ask(office.me, "hold", **wanted, key=new_id(), instead=[first])
    told = meeting(office, meeting=first, sequence=2, **{**of, "booking": other["booking"]}, **moved)
    office.service.deliver("meetings.scheduled", told, context())
    assert office.starts("2026-09-01", "2026-09-15", rooms=[room]) == ["09-02 14:30", "09-09 14:00"]
    gone = meeting(office, meeting=second, sequence=3, state="cancelled", **of, **times[1])
    office.service.deliver("meetings.scheduled", gone, context())
    assert office.starts("2026-09-01", "2026-09-15", rooms=[room]) == ["09-02 14:30"]
    assert office.ask(office.me, "booking", id=held["booking"])["state"] == "released"


# -- dates of to-dos ----------------------------------------------------------------------------------


def due(person: Doc, sequence: int, at: str | None, clear: int | None = None, **given: Any) -> Doc:
    todo = {"role": "do", "since": seoul("2026-08-01"), "due": at, "urgency": 0, "sender": None, "dismissible": False}
    slot = {"person": person["id"], "kind": "request", "todo": {**todo, "params": {}} if at else None}
    told = {"subject": "00000000-0000-7000-8000-000000000001", "noun": "requests", "title": "자료 제출", "notices": []}
    return {**told, "sequence": sequence, "clear": clear, "slots": [slot], "watchers": [], "ended": False, **given}


def test_what_is_due_is_a_layer_of_its_reader_alone_in_any_order_of_events(office: Office) -> None:
    first = due(office.me, 1, seoul("2026-09-05"))
    later = due(office.me, 2, seoul("2026-09-09", "18:00"))
    for event in (later, first):
        office.service.deliver("requests.desk", event, context())
    lines = office.window("2026-09-01", "2026-09-15", dues=True)
    assert [(each["kind"], each["title"], each["starts_at"], each["source"]["noun"]) for each in lines] == [
        ("due", "자료 제출", utc("2026-09-09", "18:00"), "requests")
    ]
    assert office.window("2026-09-01", "2026-09-15") == []
    assert office.window("2026-09-01", "2026-09-15", office.mate, dues=True) == []
    office.service.deliver("requests.desk", due(office.other, 3, None, clear=3), context())
    assert office.window("2026-09-01", "2026-09-15", dues=True) == []


def test_what_is_due_at_the_end_of_a_day_is_of_that_day(office: Office) -> None:
    office.service.deliver("requests.desk", due(office.me, 1, seoul("2026-09-05")), context())
    (line,) = office.window("2026-09-01", "2026-09-15", dues=True)
    assert (line["all_day"], line["starts_at"], line["ends_at"]) == (True, "2026-09-04", "2026-09-05")


def test_what_is_due_when_the_very_thing_begins_is_not_shown_beside_it(office: Office) -> None:
    told = meeting(office, office.me)
    office.service.deliver("meetings.scheduled", told, context())
    asked = {"subject": told["meeting"], "noun": "meetings", "title": "주간 회의"}
    office.service.deliver("meetings.desk", due(office.me, 1, told["starts_at"], **asked), context())
    assert [each["kind"] for each in office.window("2026-09-02", "2026-09-03", dues=True)] == ["meeting"]


# -- where people are ---------------------------------------------------------------------------------


def test_where_somebody_is_follows_from_the_calendar_until_they_say_otherwise(office: Office) -> None:
    office.enter("2026-09-01", "09:00", "10:00", by=office.boss, kind="meeting", title="간부회의")
    office.enter("2026-09-01", "14:00", "15:00", by=office.boss, kind="visit", title="현장")

    def where(by: Doc) -> Any:
        found = office.ask(by, "presence", people=[office.boss["id"]])
        holds(contract.PresenceList, found)
        (one,) = found["items"]
        return one["status"], one["by_hand"], one["title"]

    assert where(office.boss) == ("present", False, "")
    office.later("2026-09-01", "09:30")
    assert where(office.boss) == ("meeting", False, "간부회의")
    # Others hear that the boss is not there, and not at what.
    assert where(office.me) == ("away", False, "")
    office.ask(office.boss, "set_presence", status="present", until=seoul("2026-09-01", "09:45"))
    assert where(office.me) == ("present", True, "")
    office.later("2026-09-01", "14:30")
    assert where(office.boss) == ("away", False, "현장")
    office.service.deliver("directory.absence", away(office, office.boss, "2026-09-01", "2026-09-02"), context())
    assert where(office.me)[0] == "leave"


def test_a_secretary_enters_for_an_executive_and_the_executive_hears(office: Office) -> None:
    named = {"person": office.boss["id"], "viewers": [f"person:{office.other['id']}"], "writers": [office.me["id"]]}
    office.ask(office.admin, "save_executive", **named)
    made = office.enter("2026-09-02", calendar=office.main(office.boss), title="접견")
    assert office.notices(made) == [("한시장", "entry_by_other")]
    card = office.card(made, office.boss)
    assert (card["entered_by"]["name"], card["owner"]["name"]) == ("서나래", "한시장")
    seen = office.window("2026-09-02", "2026-09-03", office.other, people=[office.boss["id"]])
    assert [(each["title"], each["mark"]) for each in seen] == [("접견", "")]
    mine = office.window("2026-09-02", "2026-09-03", people=[office.boss["id"]])
    assert [(each["access"], each["mark"]) for each in mine] == [("write", "secretary")]
    listed = office.ask(office.other, "executives")
    holds(contract.ExecutiveList, listed)
    assert [(each["person"]["name"], each["writers"]) for each in listed["items"]] == [("한시장", [])]
    assert office.ask(office.mate, "executives")["items"] == []
    assert office.refused(office.mate, "set_presence", person=office.boss["id"], status="away").status == 403
    office.ask(office.me, "set_presence", person=office.boss["id"], status="away")


# -- when people are free -----------------------------------------------------------------------------


def test_the_best_times_are_when_all_are_free_within_working_hours(office: Office) -> None:
    office.enter("2026-09-01", "09:00", "12:00")
    office.enter("2026-09-01", "13:00", "15:00", by=office.other)
    people = [office.me["id"], office.other["id"]]
    found = office.ask(office.me, "free", people=people, minutes=60, **{"from": "2026-09-01"})
    holds(contract.FreeTimes, found)
    assert found["items"][0]["starts_at"] == utc("2026-09-01", "15:00")
    assert len(found["items"]) == 3
    ends = [datetime.fromisoformat(each["ends_at"]) for each in found["items"]]
    assert max(ends) <= datetime.fromisoformat(utc("2026-09-02", "18:00"))


def test_holidays_are_no_days_to_meet(office: Office) -> None:
    found = office.ask(office.me, "free", people=[office.me["id"]], days=1, **{"from": "2026-09-24"})
    assert found["items"][0]["starts_at"][:10] == "2026-09-28"


def test_a_room_that_is_wanted_has_to_be_free_as_well(office: Office) -> None:
    room = office.room()
    office.enter("2026-09-02", "09:00", "17:00", by=office.other, room=room)
    asked = {"people": [office.me["id"]], "minutes": 60, "from": "2026-09-02", "days": 1, "room": room}
    found = office.ask(office.me, "free", **asked)
    assert [each["starts_at"] for each in found["items"]] == [utc("2026-09-02", "17:00")]
    assert found["items"][0]["rooms"] == [{"id": room, "name": "소회의실", "capacity": 0}]


def test_where_nobody_is_free_together_who_is_busiest_is_named(office: Office) -> None:
    office.enter("2026-09-02", "08:00", "19:00", by=office.other)
    asked = {"people": [office.me["id"], office.other["id"]], "from": "2026-09-02", "days": 1}
    found = office.ask(office.me, "free", **asked)
    assert (found["items"], found["busiest"]) == ([], [office.other["id"]])


def test_when_people_are_taken_says_nothing_else(office: Office) -> None:
    office.enter("2026-09-02", "09:00", "10:00", title="비밀")
    office.enter("2026-09-02", "10:00", "11:00", shown_as="tentative")
    office.enter("2026-09-02", "10:30", "12:00")
    office.enter("2026-09-02", "13:00", "14:00", shown_as="free")
    asked = {"from": "2026-09-02", "to": "2026-09-03", "people": [office.me["id"]]}
    found = office.ask(office.other, "busy", **asked)
    holds(contract.BusyView, found)
    assert found["items"][office.me["id"]] == [
        {"starts_at": utc("2026-09-02", "09:00"), "ends_at": utc("2026-09-02", "10:00"), "shown_as": "busy"},
        {"starts_at": utc("2026-09-02", "10:00"), "ends_at": utc("2026-09-02", "10:30"), "shown_as": "tentative"},
        {"starts_at": utc("2026-09-02", "10:30"), "ends_at": utc("2026-09-02", "12:00"), "shown_as": "busy"},
    ]


def test_what_stands_against_an_entry_is_said_while_it_is_typed(office: Office) -> None:
    office.enter("2026-09-08", "10:30", "11:30", by=office.mate, title="기존 협의")
    room = office.room()
    office.enter("2026-09-15", "10:00", "11:00", by=office.other, room=room)
    times = {"starts_at": seoul("2026-09-01", "10:00"), "ends_at": seoul("2026-09-01", "11:00")}
    found = office.ask(
        office.me, "preview", **times, rrule="FREQ=WEEKLY;COUNT=5", people=[office.mate["id"]], room=room
    )
    holds(contract.Preview, found)
    assert found["next"] == [utc("2026-09-01", "10:00"), utc("2026-09-08", "10:00"), utc("2026-09-15", "10:00")]
    assert (found["count"], found["ends"]) == (5, utc("2026-09-29", "10:00"))
    assert [(each["who"], each["name"], each["title"], each["reason"]) for each in found["clashes"]] == [
        ("room", "소회의실", "", "taken"),
        ("person", "송겨울", "기존 협의", "taken"),
    ]
    wrong = office.ask(office.me, "preview", **times, rrule="FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30")
    assert wrong["problems"] == {"rrule": "rule_yields_nothing"}
