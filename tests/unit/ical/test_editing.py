"""An object changed: all of it, one instance, or an instance and those that follow."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.ical.content import Attendee, Content, problems
from shared.ical.editing import NoSuchInstance, change, loses, remove
from shared.ical.objects import Object
from shared.ical.recurrence import expand
from tests.unit.ical.samples import NEW_YORK, NOW, SEOUL, at, event, hour, imported, shown, window

LATER = datetime(2026, 9, 1, 3, tzinfo=UTC)


def tuesdays(count: int = 4, **more: Any) -> Object:
    return Object.new(hour("2026-10-06 10:00", rrule=f"FREQ=WEEKLY;BYDAY=TU;COUNT={count}", **more), "u1", NOW)


def year(obj: Object | None) -> list[str]:
    assert obj
    return shown(window(obj, "2026-01-01", "2028-01-01"))


def rid(text: str) -> str:
    return f"{at(text).astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def moved(obj: Object, old: str, new: str, **more: Any) -> Object:
    return change(obj, {"start": at(new), **more}, LATER, "this", rid(old))[0]


def test_one_instance_moves_and_keeps_its_length() -> None:
    obj = moved(tuesdays(), "2026-10-20 10:00", "2026-10-20 15:00")

    assert year(obj) == ["10-06 10:00", "10-13 10:00", "10-20 15:00", "10-27 10:00"]
    assert (obj.sequence, obj.stamp) == (1, LATER)
    assert "RECURRENCE-ID;TZID=Asia/Seoul:20261020T100000\r\n" in obj.text
    assert Object.of_text(obj.text).text == obj.text


def test_an_instance_that_is_taken_out_is_gone_and_the_rest_stays() -> None:
    obj = remove(moved(tuesdays(), "2026-10-13 10:00", "2026-10-14 10:00"), "this", rid("2026-10-13 10:00"), LATER)

    assert year(obj) == ["10-06 10:00", "10-20 10:00", "10-27 10:00"]
    assert obj and obj.overrides == {} and obj.sequence == 2
    assert "EXDATE;TZID=Asia/Seoul:20261013T100000\r\n" in obj.text


def test_nothing_is_left_when_the_last_instance_is_taken_out() -> None:
    obj = tuesdays(2)
    for day in ("2026-10-06 10:00", "2026-10-13 10:00"):
        assert obj
        obj = remove(obj, "this", rid(day), LATER)  # type: ignore[assignment]

    assert obj is None
    assert remove(tuesdays(), "all", None, LATER) is None
    assert remove(tuesdays(), "following", rid("2026-10-06 10:00"), LATER) is None
    assert remove(Object.new(hour("2026-10-06 10:00"), "u1", NOW), "this", rid("2026-10-06 10:00"), LATER) is None


def test_a_series_that_moves_takes_days_out_along_and_gives_instances_its_time_again() -> None:
    obj = remove(tuesdays(), "this", rid("2026-10-13 10:00"), LATER)
    assert obj
    obj = moved(obj, "2026-10-20 10:00", "2026-10-20 15:00")
    obj = change(obj, {"place": "별관"}, LATER, "this", rid("2026-10-27 10:00"))[0]
    start = {"start": at("2026-10-06 09:00")}

    assert loses(obj, start) == (rid("2026-10-20 10:00"),)
    after, other = change(obj, start, LATER)
    assert other is None
    assert year(after) == ["10-06 09:00", "10-20 09:00", "10-27 09:00"]
    assert [own.place for own in after.overrides.values()] == ["별관"]
    assert after.sequence == obj.sequence + 1


def test_a_series_moves_as_far_as_the_instance_by_which_it_is_taken() -> None:
    obj = moved(tuesdays(), "2026-10-20 10:00", "2026-10-21 15:00")
    taken = {"start": at("2026-10-14 11:00"), "end": at("2026-10-14 13:00"), "title": "새"}

    assert loses(obj, taken, rid("2026-10-13 10:00")) == (rid("2026-10-20 10:00"),)
    after = change(obj, taken, LATER, "all", rid("2026-10-13 10:00"))[0]
    assert year(after) == ["10-07 11:00", "10-14 11:00", "10-21 11:00", "10-28 11:00"]
    assert after.master and after.master.length == timedelta(hours=2)
    # A form sends the times that it shows: those of the instance, which may be its own.
    shown_there = {"start": at("2026-10-21 15:00"), "end": at("2026-10-21 16:00"), "title": "새"}
    same = change(obj, shown_there, LATER, "all", rid("2026-10-20 10:00"))[0]
    assert year(same) == year(obj) and same.title == "새" and same.sequence == obj.sequence


def test_a_rule_that_says_the_same_in_other_words_is_no_change() -> None:
    obj = moved(tuesdays(), "2026-10-20 10:00", "2026-10-21 15:00")
    same = {"rrule": "FREQ=WEEKLY;INTERVAL=1;COUNT=4;WKST=MO;BYDAY=TU"}

    assert loses(obj, same) == ()
    assert change(obj, same, LATER)[0].sequence == obj.sequence
    assert loses(obj, {"rrule": "FREQ=WEEKLY;COUNT=5;BYDAY=TU"}) == (rid("2026-10-20 10:00"),)


def test_what_only_the_series_said_follows_and_what_an_instance_said_stays() -> None:
    obj = change(tuesdays(place="본관"), {"title": "특별 회의"}, LATER, "this", rid("2026-10-13 10:00"))[0]
    assert obj.sequence == 0
    obj = moved(obj, "2026-10-20 10:00", "2026-10-20 15:00")
    after = change(obj, {"title": "정례 회의", "place": "별관", "description": "안건"}, LATER)[0]

    assert loses(obj, {"title": "정례 회의"}) == ()
    assert year(after) == ["10-06 10:00", "10-13 10:00", "10-20 15:00", "10-27 10:00"]
    own = after.overrides
    assert [(each.title, each.place, each.description) for each in own.values()] == [
        ("특별 회의", "별관", "안건"),
        ("정례 회의", "별관", "안건"),
    ]


def test_who_leaves_the_series_leaves_the_days_on_which_others_declined() -> None:
    lee, guest, park = (Attendee(f"{name}@city.example") for name in ("lee", "guest", "park"))
    declined = replace(lee, partstat="DECLINED")
    obj = change(
        tuesdays(attendees=(lee, guest)), {"attendees": (declined, guest)}, LATER, "this", rid("2026-10-13 10:00")
    )[0]
    after = change(obj, {"attendees": (lee, park)}, LATER)[0]

    assert [own.attendees for own in after.overrides.values()] == [(declined, park)]
    assert after.master and after.master.attendees == (lee, park)


def test_a_day_that_is_none_of_the_series_any_more_goes_with_what_was_said_of_it() -> None:
    obj = remove(tuesdays(), "this", rid("2026-10-27 10:00"), LATER)
    assert obj
    obj = change(obj, {"title": "둘째"}, LATER, "this", rid("2026-10-13 10:00"))[0]
    after = change(obj, {"rrule": "FREQ=WEEKLY;INTERVAL=2;COUNT=3"}, LATER)[0]

    assert year(after) == ["10-06 10:00", "10-20 10:00", "11-03 10:00"]
    assert after.overrides == {} and after.master and after.master.exdates == ()
    alone = change(obj, {"rrule": None}, LATER)[0]
    assert year(alone) == ["10-06 10:00"] and not alone.is_recurring


def test_the_days_of_a_rule_move_with_its_first_start() -> None:
    until = Object.new(hour("2026-10-06 10:00", rrule="FREQ=WEEKLY;BYDAY=TU;UNTIL=20261020T010000Z"), "u1", NOW)
    assert year(change(until, {"start": at("2026-10-07 15:00")}, LATER)[0]) == [
        "10-07 15:00",
        "10-14 15:00",
        "10-21 15:00",
    ]
    last = Object.new(hour("2026-10-30 10:00", rrule="FREQ=MONTHLY;BYDAY=-1FR;COUNT=2"), "u1", NOW)
    assert year(change(last, {"start": at("2026-10-29 10:00")}, LATER)[0]) == ["10-29 10:00", "11-26 10:00"]
    day = Object.new(hour("2026-10-30 10:00", rrule="FREQ=MONTHLY;BYMONTHDAY=30;COUNT=2"), "u1", NOW)
    assert year(change(day, {"start": at("2026-10-29 10:00")}, LATER)[0]) == ["10-29 10:00", "11-29 10:00"]


def test_a_series_is_parted_with_its_share_of_everything() -> None:
    obj = remove(tuesdays(6), "this", rid("2026-10-13 10:00"), LATER)
    assert obj
    obj = change(obj, {"title": "앞"}, LATER, "this", rid("2026-10-06 10:00"))[0]
    obj = change(obj, {"title": "뒤"}, LATER, "this", rid("2026-11-03 10:00"))[0]
    old, new = change(
        obj, {"start": at("2026-10-27 14:00"), "title": "새"}, LATER, "following", rid("2026-10-27 10:00"), "u2"
    )

    assert year(old) == ["10-06 10:00", "10-20 10:00"]
    assert old.master and old.master.rrule == "FREQ=WEEKLY;BYDAY=TU;UNTIL=20261020T010000Z"
    assert [own.title for own in old.overrides.values()] == ["앞"]
    assert year(new) == ["10-27 14:00", "11-03 14:00", "11-10 14:00"]
    assert new and new.master and new.master.rrule == "FREQ=WEEKLY;BYDAY=TU;COUNT=3"
    assert (new.uid, new.sequence, new.master.title) == ("u2", 0, "새")
    assert [own.title for own in new.overrides.values()] == ["뒤"]
    assert {problem for part in (old, new) for problem in problems(part.master)} == set()  # type: ignore[arg-type]
    assert year(remove(obj, "following", rid("2026-10-20 10:00"), LATER)) == ["10-06 10:00"]


def test_a_series_of_days_is_parted_at_a_date() -> None:
    days = Content("종일", date(2026, 10, 1), date(2026, 10, 2), rrule="FREQ=DAILY;COUNT=5")
    old, new = change(Object.new(days, "u1", NOW), {"title": "뒤"}, LATER, "following", "2026-10-03", "u2")

    assert old.master and old.master.rrule == "FREQ=DAILY;UNTIL=20261002"
    assert new and new.master and (new.master.start, new.master.rrule) == (date(2026, 10, 3), "FREQ=DAILY;COUNT=3")


def test_from_the_first_instance_on_is_all_of_it() -> None:
    after, other = change(tuesdays(), {"title": "새"}, LATER, "following", rid("2026-10-06 10:00"), "u2")

    assert other is None and after.uid == "u1" and after.title == "새"


def test_an_added_day_can_be_where_a_series_is_parted() -> None:
    obj = tuesdays(rdates=(at("2026-10-15 10:00"), at("2026-12-01 10:00")))
    old, new = change(obj, {"title": "새"}, LATER, "following", rid("2026-10-15 10:00"), "u2")
    assert (year(old), year(new)) == (
        ["10-06 10:00", "10-13 10:00"],
        ["10-15 10:00", "10-20 10:00", "10-27 10:00", "12-01 10:00"],
    )
    old, new = change(obj, {"title": "새"}, LATER, "following", rid("2026-12-01 10:00"), "u2")
    assert (len(year(old)), year(new)) == (5, ["12-01 10:00"])


def test_what_is_not_there_cannot_be_changed() -> None:
    gone = remove(tuesdays(), "this", rid("2026-10-13 10:00"), LATER)
    assert gone
    for obj, address in ((tuesdays(), rid("2026-10-07 10:00")), (gone, rid("2026-10-13 10:00")), (tuesdays(), "x")):
        for scope in ("this", "following"):
            with pytest.raises(NoSuchInstance):
                change(obj, {"title": "새"}, LATER, scope, address, "u2")
            with pytest.raises(NoSuchInstance):
                remove(obj, scope, address, LATER)
    with pytest.raises(ValueError):
        change(tuesdays(), {"rrule": "FREQ=DAILY"}, LATER, "this", rid("2026-10-13 10:00"))


def test_a_day_becomes_a_time_and_a_time_a_day() -> None:
    day = Object.new(Content("종일", date(2026, 10, 1), date(2026, 10, 3)), "u1", NOW)
    assert year(change(day, {"start": at("2026-10-01 14:00")}, LATER)[0]) == ["10-01 14:00"]
    timed = change(tuesdays(), {"start": date(2026, 10, 6)}, LATER)[0]
    assert timed.master and timed.master.end == date(2026, 10, 7)
    assert [one.rid for one in window(timed, "2026-01-01", "2027-01-01").instances][1:3] == ["2026-10-13", "2026-10-20"]


def test_a_change_of_zone_alone_is_written() -> None:
    obj = Object.new(hour("2026-10-06 10:00"), "u1", NOW)
    after = change(obj, {"zone": "America/New_York"}, LATER)[0]

    assert "DTSTART;TZID=America/New_York:20261005T210000\r\n" in after.text
    assert after.master and after.master.start == at("2026-10-05 21:00", NEW_YORK)


def test_what_is_not_known_here_stays_through_every_change() -> None:
    obj = imported(
        event(
            "DTSTART;TZID=Asia/Seoul:20261006T100000",
            "DURATION:PT1H",
            "RRULE:FREQ=DAILY;COUNT=5",
            "X-KEEP:1",
            "SUMMARY;LANGUAGE=ko:회의",
        )
    )
    this = change(obj, {"place": "별관"}, LATER, "this", rid("2026-10-07 10:00"))[0]
    old, new = change(this, {"place": "본관"}, LATER, "following", rid("2026-10-07 10:00"), "u2")

    assert this.text.count("X-KEEP:1\r\n") == 2 and this.text.count("SUMMARY;LANGUAGE=ko:") == 2
    assert new and "X-KEEP:1\r\n" in old.text and new.text.count("X-KEEP:1\r\n") == 2
    assert "DURATION:PT1H\r\n" in this.text


def test_single_instances_without_their_series_can_be_changed() -> None:
    obj = imported(
        event("RECURRENCE-ID:20261006T010000Z", "DTSTART:20261006T010000Z", "SUMMARY:하나"),
        event("RECURRENCE-ID:20261013T010000Z", "DTSTART:20261013T010000Z", "SUMMARY:둘"),
    )
    after = change(obj, {"start": at("2026-10-06 15:00")}, LATER, "this", rid("2026-10-06 10:00"))[0]

    assert year(after) == ["10-06 15:00", "10-13 10:00"]
    assert year(remove(after, "this", rid("2026-10-06 10:00"), LATER)) == ["10-13 10:00"]


_SERIES = st.sampled_from(
    [
        "FREQ=DAILY;COUNT=9",
        "FREQ=WEEKLY;BYDAY=MO,TU,FR;INTERVAL=2;COUNT=9",
        "FREQ=MONTHLY;BYDAY=1TU;COUNT=7",
        "FREQ=DAILY;UNTIL=20261015T010000Z",
    ]
)


@settings(deadline=None, max_examples=60)
@given(_SERIES, st.integers(0, 6), st.sets(st.integers(0, 6), max_size=3))
def test_the_parts_of_a_series_have_what_it_had(rule: str, at_number: int, gone: set[int]) -> None:
    whole = Object.new(hour("2026-10-06 10:00", rrule=rule), "u1", NOW)
    span = (datetime(2026, 1, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC))
    rids = [one.rid for one in expand(whole, *span, SEOUL).instances]
    for number in gone - {at_number}:
        whole = remove(whole, "this", rids[number], LATER) or whole
    old, new = change(whole, {"title": "새"}, LATER, "following", rids[at_number], "u2")

    parts = [one.rid for part in (old, new) if part for one in expand(part, *span, SEOUL).instances]
    assert parts == [one.rid for one in expand(whole, *span, SEOUL).instances]


@settings(deadline=None, max_examples=60)
@given(_SERIES, st.integers(-300, 300))
def test_a_series_moved_there_and_back_is_what_it_was(rule: str, minutes: int) -> None:
    obj = Object.new(hour("2026-10-06 10:00", rrule=rule), "u1", NOW)
    start = at("2026-10-06 10:00")
    there = change(obj, {"start": start + timedelta(minutes=minutes)}, LATER)[0]
    back = change(there, {"start": start}, LATER)[0]

    assert year(back) == year(obj)
    assert len(year(there)) == len(year(obj))
