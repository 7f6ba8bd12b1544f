"""Rules in parts, and what of them is refused."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.ical import rules
from shared.ical.content import Content, problems
from shared.ical.recurrence import Parts, describe, rule
from tests.unit.ical.samples import NEW_YORK, SEOUL, at, hour


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("FREQ=DAILY", Parts("DAILY")),
        ("freq=weekly;interval=2;byday=mo,we;count=5", Parts("WEEKLY", 2, ("MO", "WE"), count=5)),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", Parts("MONTHLY", monthday=-1)),
        ("FREQ=MONTHLY;BYDAY=-1FR;UNTIL=20261231", Parts("MONTHLY", 1, ("FR",), position=-1, until=date(2026, 12, 31))),
        ("FREQ=MONTHLY;BYDAY=FR;BYSETPOS=2", Parts("MONTHLY", 1, ("FR",), position=2)),
        (
            "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
            Parts("MONTHLY", 1, ("MO", "TU", "WE", "TH", "FR"), position=-1),
        ),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", Parts("YEARLY", monthday=29, month=2)),
    ],
)
def test_a_rule_is_told_in_parts(text: str, parts: Parts) -> None:
    assert describe(text) == parts
    assert describe(rule(parts)) == parts


@pytest.mark.parametrize(
    "text",
    [
        "FREQ=MONTHLY;BYDAY=1MO,3MO",
        "FREQ=YEARLY;BYWEEKNO=20",
        "FREQ=HOURLY",
        "FREQ=MONTHLY;BYMONTHDAY=1,15",
        "FREQ=DAILY;BYHOUR=9",
    ],
)
def test_a_rule_that_says_more_than_a_form_is_told_so(text: str) -> None:
    assert not describe(text).complete


_PARTS = st.one_of(
    st.builds(
        Parts, st.sampled_from(["DAILY", "WEEKLY"]), st.integers(1, 99), st.sampled_from([(), ("MO",), ("TU", "FR")])
    ),
    st.builds(
        Parts,
        st.sampled_from(["MONTHLY", "YEARLY"]),
        st.integers(1, 9),
        st.sampled_from([("MO",), ("TU", "FR")]),
        month=st.integers(0, 12),
        position=st.sampled_from([0, 1, -1, 5]),
        count=st.integers(0, 99),
    ),
    st.builds(Parts, st.just("MONTHLY"), monthday=st.sampled_from([-1, 1, 31]), until=st.dates(date(2000, 1, 1))),
)


@given(_PARTS)
def test_parts_come_back_from_the_rule_they_make(parts: Parts) -> None:
    assert describe(rule(parts)) == parts
    assert rules.is_supported(rule(parts))


def test_the_end_of_a_rule_has_the_form_of_its_start() -> None:
    last = datetime(2026, 6, 29, 10)
    assert rule(Parts("DAILY", until=last.replace(tzinfo=SEOUL))) == "FREQ=DAILY;UNTIL=20260629T010000Z"
    assert rules.normal("FREQ=DAILY;UNTIL=20260629T010000Z", date(2026, 6, 1)) == "FREQ=DAILY;UNTIL=20260629"
    assert rules.normal("FREQ=DAILY;UNTIL=20260629", datetime(2026, 6, 1, 10)) == "FREQ=DAILY;UNTIL=20260629T100000"
    assert (
        rules.normal("FREQ=DAILY;UNTIL=20260629T100000", at("2026-06-01 10:00")) == "FREQ=DAILY;UNTIL=20260629T010000Z"
    )


def changed(**more: Any) -> dict[str, str]:
    return problems(hour("2026-01-31 10:00", **more))


@pytest.mark.parametrize(
    ("rrule", "code"),
    [
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "rule_yields_nothing"),
        ("FREQ=MONTHLY;INTERVAL=12;BYMONTH=2", "rule_yields_nothing"),
        ("FREQ=SECONDLY", "rule_not_supported"),
        ("FREQ=HOURLY;COUNT=3", "rule_not_supported"),
        ("FREQ=DAILY;BYMINUTE=0,10,20,30,40,50;BYHOUR=9,10", "rule_not_supported"),
        ("FREQ=WEEKLY;BYDAY=1MO", "rule_not_supported"),
        ("FREQ=DAILY;COUNT=0", "not_a_rule"),
        ("FREQ=DAILY;INTERVAL=0", "not_a_rule"),
        ("FREQ=DAILY;INTERVAL=-1", "not_a_rule"),
        ("FREQ=DAILY;BYMONTH=13", "not_a_rule"),
        ("FREQ=DAILY;BYMONTHDAY=0", "not_a_rule"),
        ("FREQ=DAILY;FREQ=DAILY", "not_a_rule"),
        ("FREQ=DAILY;UNTIL=20260230", "not_a_rule"),
        ("BYDAY=MO", "not_a_rule"),
        ("FREQ=DAILY\r\nATTENDEE:mailto:x@y", "not_a_rule"),
        ("FREQ=DAILY;COUNT=10000000", "count_out_of_range"),
        ("FREQ=DAILY;COUNT=3;UNTIL=20270101", "count_and_until"),
        ("FREQ=DAILY;UNTIL=20260101", "until_before_start"),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", ""),
        ("FREQ=MONTHLY", ""),
    ],
)
def test_a_rule_that_cannot_be_meant_is_named(rrule: str, code: str) -> None:
    assert changed(rrule=rrule) == ({"rrule": code} if code else {})


@pytest.mark.parametrize(
    ("more", "found"),
    [
        ({"end": at("2026-01-31 09:00")}, {"end": "before_start"}),
        ({"end": at("2026-01-31 10:00")}, {}),
        ({"end": date(2026, 2, 1)}, {"end": "other_kind"}),
        ({"end": datetime(9999, 12, 31, 23, tzinfo=SEOUL)}, {"end": "year_out_of_range"}),
        ({"start": datetime(1899, 12, 31, 23, tzinfo=SEOUL)}, {"start": "year_out_of_range"}),
        ({"start": date(2026, 2, 1), "end": date(2026, 2, 1)}, {"end": "before_start"}),
        ({"title": " "}, {"title": "required"}),
        ({"title": "가" * 301}, {"title": "too_long"}),
        ({"importance": 2}, {"importance": "unknown"}),
        ({"visibility": "secret"}, {"visibility": "unknown"}),
        ({"reminders": (-5,)}, {"reminders": "out_of_range"}),
        ({"reminders": tuple(range(11))}, {"reminders": "too_many"}),
        ({"exdates": (date(9000, 1, 1),)}, {"exdates": "year_out_of_range"}),
    ],
)
def test_what_cannot_be_kept_is_named_by_its_field(more: dict[str, Any], found: dict[str, str]) -> None:
    fields: dict[str, Any] = {"title": "회의", "start": at("2026-01-31 10:00"), "end": at("2026-01-31 11:00")}

    assert problems(Content(**(fields | more))) == found


def test_a_content_is_told_in_one_zone() -> None:
    start = datetime(2026, 5, 7, 5, tzinfo=ZoneInfo("UTC"))
    content = Content("회의", start, start + timedelta(hours=1), zone="Asia/Seoul", exdates=(date(2026, 5, 8),))

    assert (content.start.isoformat(), content.zone) == ("2026-05-07T14:00:00+09:00", "Asia/Seoul")
    assert content.exdates == (at("2026-05-08 14:00"),)
    assert Content("회의", datetime(2026, 5, 7, 14), datetime(2026, 5, 7, 15), zone="Asia/Seoul").start == content.start
    assert Content("회의", datetime(2026, 5, 7, 14), datetime(2026, 5, 7, 15)).floating
    assert Content("회의", at("2026-05-07 14:00"), at("2026-05-07 14:00", NEW_YORK)).length == timedelta(hours=13)
