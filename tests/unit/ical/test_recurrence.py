"""Series in time: which instances fall in a window, wherever it begins."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest
import recurring_ical_events
from dateutil.rrule import rrulestr
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from shared.ical import unfolding
from shared.ical.content import Content
from shared.ical.objects import Object
from shared.ical.recurrence import expand, has, next_dates
from tests.unit.ical.samples import NEW_YORK, NOW, SEOUL, at, event, hour, imported, shown, window


def series(start: str, rule: str, **more: Any) -> Object:
    return Object.new(hour(start, rrule=rule, **more), "u1", NOW)


def all_day(day: str, rule: str) -> Object:
    start = date.fromisoformat(day)
    return Object.new(Content("종일", start, start + timedelta(days=1), rrule=rule), "u1", NOW)


@pytest.mark.parametrize(
    ("start", "rule", "days"),
    [
        (
            "2026-01-30 17:00",
            "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;COUNT=6",
            "01-30 02-27 03-31 04-30 05-29 06-30",
        ),
        ("2026-03-30 14:00", "FREQ=MONTHLY;BYDAY=5MO;COUNT=4", "03-30 06-29 08-31 11-30"),
        ("2026-06-26 15:00", "FREQ=MONTHLY;BYDAY=-1FR;COUNT=4", "06-26 07-31 08-28 09-25"),
        ("2026-01-31 15:00", "FREQ=MONTHLY;COUNT=3", "01-31 03-31 05-31"),
        ("2026-05-11 15:00", "FREQ=YEARLY;BYWEEKNO=20,21;COUNT=2", "05-11 05-18"),
    ],
)
def test_a_rule_falls_where_it_says_and_empty_months_do_not_count(start: str, rule: str, days: str) -> None:
    found = window(series(start, rule), "2026-01-01", "2028-01-01")

    assert [text[:5] for text in shown(found)] == days.split()


def test_a_start_that_its_rule_does_not_have_is_the_first_of_the_count() -> None:
    assert [
        text[:5]
        for text in shown(
            window(series("2026-09-01 10:00", "FREQ=WEEKLY;BYDAY=WE;COUNT=3"), "2026-01-01", "2027-01-01")
        )
    ] == [
        "09-01",
        "09-02",
        "09-09",
    ]


def test_the_29th_of_february_is_in_leap_years_alone() -> None:
    obj = all_day("2024-02-29", "FREQ=YEARLY;COUNT=3")
    found = window(obj, "2020-01-01", "2040-01-01")

    assert [one.rid for one in found.instances] == ["2024-02-29", "2028-02-29", "2032-02-29"]
    assert {one.end - one.start for one in found.instances} == {timedelta(days=1)}
    assert window(obj, "2026-01-01", "2027-01-01").instances == ()


def test_an_instance_that_was_moved_is_where_it_is_now() -> None:
    moved = event("RECURRENCE-ID:20260908T010000Z", "DTSTART;TZID=Asia/Seoul:20260917T150000", "DURATION:PT1H")
    obj = imported(
        event("DTSTART;TZID=Asia/Seoul:20260901T100000", "DURATION:PT1H", "RRULE:FREQ=WEEKLY;BYDAY=TU;COUNT=5"), moved
    )

    assert shown(window(obj, "2026-01-01", "2027-01-01")) == [
        *("09-01 10:00", "09-15 10:00", "09-17 15:00", "09-22 10:00", "09-29 10:00")
    ]
    assert shown(window(obj, "2026-09-07", "2026-09-14")) == []
    assert shown(window(obj, "2026-09-14", "2026-09-21")) == ["09-15 10:00", "09-17 15:00"]
    assert shown(window(obj, "2026-09-17", "2026-09-18")) == ["09-17 15:00"]
    assert has(obj, "2026-09-08T01:00:00Z") and has(obj, "2026-09-15T01:00:00Z")
    assert not has(obj, "2026-09-16T01:00:00Z") and not has(obj, "nonsense") and not has(obj, "2026-09-15")


def test_a_time_that_floats_is_by_the_clock_of_whose_calendar_it_is() -> None:
    obj = imported(event("DTSTART:20261201T090000", "DURATION:PT1H"))
    day = (datetime(2026, 11, 30, tzinfo=UTC), datetime(2026, 12, 3, tzinfo=UTC))

    assert [expand(obj, *day, zone).instances[0].start for zone in (SEOUL, NEW_YORK)] == [
        datetime(2026, 12, 1, 0, tzinfo=UTC),
        datetime(2026, 12, 1, 14, tzinfo=UTC),
    ]
    assert expand(obj, *day, SEOUL).instances[0].rid == "2026-12-01T09:00:00"


def test_a_series_stays_at_its_hour_over_summer_time() -> None:
    content = Content(
        "call", at("2026-03-07 09:00", NEW_YORK), at("2026-03-07 10:00", NEW_YORK), rrule="FREQ=DAILY;COUNT=3"
    )
    found = window(Object.new(content, "u1", NOW), "2026-03-01", "2026-04-01")

    assert [one.start.hour for one in found.instances] == [14, 13, 13]
    assert {one.end - one.start for one in found.instances} == {timedelta(hours=1)}


def test_an_instance_in_the_hour_that_clocks_leave_out_is_found_where_it_falls() -> None:
    content = Content("call", at("2026-03-06 02:30", NEW_YORK), at("2026-03-06 02:40", NEW_YORK), rrule="FREQ=DAILY")
    obj = Object.new(content, "u1", NOW)
    found = expand(obj, datetime(2026, 3, 8, 7, 10, tzinfo=UTC), datetime(2026, 3, 8, 8, tzinfo=UTC), SEOUL)

    assert [one.start for one in found.instances] == [datetime(2026, 3, 8, 7, 30, tzinfo=UTC)]


def test_an_instance_that_was_taken_out_is_gone_though_something_is_said_of_it() -> None:
    moved = event("RECURRENCE-ID:20260902T010000Z", "DTSTART:20260902T030000Z", "DURATION:PT1H")
    obj = imported(
        event("DTSTART:20260901T010000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=3", "EXDATE:20260902T010000Z"), moved
    )

    assert shown(window(obj, "2026-09-01", "2026-10-01")) == ["09-01 10:00", "09-03 10:00"]
    assert not has(obj, "2026-09-02T01:00:00Z")


def seconds(obj: Object, start: str, end: str) -> tuple[int, bool, float]:
    began = time.process_time()
    found = window(obj, start, end)
    return len(found.instances), found.truncated, time.process_time() - began


def test_a_rule_without_end_is_looked_at_where_it_is_asked_for() -> None:
    count, truncated, took = seconds(series("1900-01-01 10:00", "FREQ=DAILY"), "2026-06-01", "2026-06-08")

    assert (count, truncated) == (7, False)
    assert took < 1


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=WEEKLY;BYMONTH=2;BYMONTHDAY=31;COUNT=5",
        "FREQ=MONTHLY;INTERVAL=12;BYMONTH=1",
        "FREQ=YEARLY;INTERVAL=999999999",
        "FREQ=DAILY;INTERVAL=999999999",
        "FREQ=YEARLY;BYYEARDAY=366;BYMONTH=1",
    ],
)
def test_a_rule_that_never_falls_ends_soon(rule: str) -> None:
    count, truncated, took = seconds(series("2026-02-03 10:00", rule), "2026-02-04", "2100-01-01")

    assert (count, truncated) == (0, False)
    assert took < 2


def test_a_long_series_is_cut_and_says_so() -> None:
    obj = series("2026-01-01 10:00", "FREQ=DAILY;COUNT=10000000")

    assert window(obj, "2026-01-01", "2030-01-01").truncated
    assert len(window(obj, "2026-01-01", "2030-01-01").instances) == 1000
    assert not window(obj, "2026-01-01", "2026-01-11", most=10).truncated
    assert seconds(obj, "2090-01-01", "2090-01-08")[0] == 7


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=DAILY;COUNT=999999999;BYHOUR=0,1,2,3,4,5,6,7",
        "FREQ=DAILY;COUNT=70000",
        "FREQ=YEARLY;COUNT=99999;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYSETPOS=" + ",".join(map(str, range(1, 32))),
        "FREQ=YEARLY;COUNT=99999;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYSETPOS=" + ",".join(map(str, range(1, 367))),
    ],
)
def test_a_count_that_is_never_used_up_comes_to_an_end(rule: str) -> None:
    obj = series("1900-01-01 10:00", rule)

    assert obj.text and window(obj, "2026-06-01", "2026-07-01") is not None


def test_thousands_of_dates_are_cut_and_say_so() -> None:
    days = tuple(at("2026-01-01 10:00") + timedelta(days=n) for n in range(1, 5001))
    obj = Object.new(hour("2026-01-01 10:00", rdates=days), "u1", NOW)

    assert seconds(obj, "2026-01-01", "2100-01-01")[:2] == (1000, True)
    assert seconds(obj, "2027-01-01", "2027-02-01")[:2] == (31, False)


def test_what_is_long_is_found_in_the_middle() -> None:
    trip = Object.new(Content("출장", date(2026, 9, 1), date(2026, 9, 11), rrule="FREQ=YEARLY"), "u1", NOW)

    assert [one.rid for one in window(trip, "2027-09-08", "2027-09-09").instances] == ["2027-09-01"]
    assert window(trip, "2027-09-11", "2027-09-12").instances == ()


def test_what_takes_no_time_is_where_it_begins() -> None:
    moment = Object.new(Content("마감", at("2026-09-01 10:00"), at("2026-09-01 10:00")), "u1", NOW)

    assert shown(window(moment, "2026-09-01 10:00", "2026-09-01 11:00")) == ["09-01 10:00"]
    assert shown(window(moment, "2026-09-01 09:00", "2026-09-01 10:00")) == []


def test_the_next_dates_come_in_the_form_of_the_series() -> None:
    content = hour("2026-09-01 10:00", rrule="FREQ=WEEKLY", exdates=(at("2026-09-08 10:00"),))

    assert next_dates(content) == [at("2026-09-01 10:00"), at("2026-09-15 10:00"), at("2026-09-22 10:00")]
    assert next_dates(content, 1, at("2026-09-15 10:00")) == [at("2026-09-22 10:00")]
    assert next_dates(content, 1, date(2026, 9, 15)) == [at("2026-09-22 10:00")]
    assert next_dates(content, 1, at("2026-09-14 20:00", NEW_YORK)) == [at("2026-09-15 10:00")]
    whole = Content("종일", date(2026, 9, 1), date(2026, 9, 2), rrule="FREQ=DAILY;COUNT=2")
    assert next_dates(whole) == [date(2026, 9, 1), date(2026, 9, 2)]
    assert next_dates(whole, 3, date(2026, 9, 1)) == [date(2026, 9, 2)]


_DAYS = st.sampled_from(["MO", "TU", "WE", "TH", "FR", "SA", "SU"])
_ENDS = st.one_of(st.just(""), st.integers(1, 40).map(";COUNT={}".format), st.just(";UNTIL=20270601T000000Z"))


@st.composite
def rules(draw: st.DrawFn) -> str:
    freq = draw(st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]))
    parts = [f"FREQ={freq}", f"INTERVAL={draw(st.integers(1, 5))}"]
    if draw(st.booleans()):
        n = draw(st.sampled_from(["", "1", "-1", "5"])) if freq in ("MONTHLY", "YEARLY") else ""
        parts.append("BYDAY=" + ",".join(n + day for day in draw(st.lists(_DAYS, min_size=1, max_size=3, unique=True))))
        if draw(st.booleans()):
            parts.append(f"BYSETPOS={draw(st.sampled_from([1, 2, -1]))}")
    elif freq in ("MONTHLY", "YEARLY") and draw(st.booleans()):
        parts.append(f"BYMONTHDAY={draw(st.sampled_from([1, 15, 29, 31, -1]))}")
    if draw(st.booleans()):
        parts.append(
            "BYMONTH=" + ",".join(map(str, draw(st.lists(st.integers(1, 12), min_size=1, max_size=4, unique=True))))
        )
    parts.append(f"WKST={draw(st.sampled_from(['MO', 'SU']))}")
    return ";".join(parts) + draw(_ENDS)


_ZONES = st.sampled_from([SEOUL, NEW_YORK, ZoneInfo("UTC")])
_CLOCKS = st.datetimes(datetime(2024, 1, 1), datetime(2026, 12, 31)).map(
    lambda moment: moment.replace(microsecond=0, second=0)
)


@st.composite
def objects(draw: st.DrawFn) -> Object:
    start = draw(_CLOCKS).replace(tzinfo=draw(_ZONES))
    rule = draw(rules())
    length = timedelta(minutes=draw(st.sampled_from([0, 30, 600, 5000])))
    slots = list(unfolding.starts(rule, start, start.replace(tzinfo=None), datetime(2028, 1, 1)))
    gone = draw(st.lists(st.sampled_from(slots), max_size=3)) if slots else []
    extra = [start + timedelta(hours=n) for n in draw(st.lists(st.integers(1, 9000), max_size=3))]
    content = Content(
        *("회의", start, start + length),
        rrule=rule,
        rdates=tuple(extra),
        exdates=tuple(shown.replace(tzinfo=start.tzinfo) for shown in gone),
    )
    return Object.new(content, "u1", NOW)


_WINDOWS = st.tuples(st.integers(0, 1500), st.integers(1, 400), st.integers(0, 400), st.integers(0, 400))


@settings(deadline=None, max_examples=60)
@given(objects(), _WINDOWS)
def test_a_window_shows_what_a_larger_one_has_in_it(obj: Object, sizes: tuple[int, int, int, int]) -> None:
    offset, length, before, after = sizes
    start = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(days=offset)
    end = start + timedelta(days=length)
    large = expand(obj, start - timedelta(days=before), end + timedelta(days=after), SEOUL, 5000).instances
    inside = [one for one in large if one.start < end and (one.end > start or one.start >= start)]

    assert list(expand(obj, start, end, SEOUL, 5000).instances) == inside
    assert all(one.start <= two.start for one, two in pairwise(inside))
    first, last = obj.span(SEOUL)
    assert all(first <= one.start and (last is None or one.end <= last) for one in inside)


@settings(deadline=None, max_examples=50)
@given(rules(), _CLOCKS, st.integers(0, 9_000))
def test_a_rule_that_begins_nearer_falls_on_the_same_days(rule: str, start: datetime, later: int) -> None:
    assume("UNTIL" not in rule)
    low = start + timedelta(days=later)
    high = low + timedelta(days=800)
    falls = rrulestr(rule, dtstart=start).between(low, high, inc=True)

    plain = [each for each in falls if each != start]
    if "COUNT" in rule and next(iter(rrulestr(rule, dtstart=start)), None) != start:
        # The start is counted here, and is no part of the rule there.
        assume(False)
    assert [each for each in unfolding.starts(rule, start, low, high) if each != start] == plain


@settings(deadline=None, max_examples=15)
@given(objects())
def test_another_library_finds_the_same(obj: Object) -> None:
    assert obj.master and obj.master.rrule
    rule, start = obj.master.rrule, obj.master.start.replace(tzinfo=None)  # type: ignore[call-arg]
    # It counts a start that the rule does not have beside the rule.
    assume("COUNT" not in rule or next(iter(rrulestr(rule, dtstart=start)), None) == start)
    # It leaves out a start after UNTIL.
    assume("UNTIL" not in rule or start < datetime(2027, 5, 30))
    span = (datetime(2024, 1, 1, tzinfo=UTC), datetime(2027, 6, 1, tzinfo=UTC))
    theirs = recurring_ical_events.of(icalendar.Calendar.from_ical(obj.text)).between(*span)

    # Ends are not compared: it gives them by the clock over a change of clocks, RFC 5545 3.8.5.3 the time that passes.
    found = sorted(one.start.astimezone(UTC) for one in theirs)
    assert [one.start for one in expand(obj, *span, SEOUL, 5000).instances] == found
