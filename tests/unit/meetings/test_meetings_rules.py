"""When meetings of a series are, whether enough members are there, and which answer by mail counts."""

from __future__ import annotations

import contextlib
from datetime import UTC, date, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.meetings.domain import answers, quorum, states, times
from services.meetings.domain.meeting import REQUIRED, Person
from shared.calendar import SEOUL
from shared.errors import Conflict, Invalid
from shared.testing import new_person

ALL_STATES = ("called", "held", "minutes", "confirming", "confirmed", "cancelled")


def seoul(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SEOUL)


def days(rule: str, start: str) -> list[str]:
    found = times.occurrences(rule, seoul(start))
    assert all(moment.tzinfo is UTC for moment in found)
    return [f"{moment.astimezone(SEOUL):%Y-%m-%d %H:%M}" for moment in found]


def test_a_bare_date_in_until_means_the_whole_of_that_day() -> None:
    found = days("FREQ=DAILY;UNTIL=20260629", "2026-06-24T10:00")
    assert len(found) == 6 and found[-1] == "2026-06-29 10:00"
    assert days("FREQ=DAILY;UNTIL=20260629T010000Z", "2026-06-24T10:00") == found


def test_the_last_weekday_of_each_month() -> None:
    found = days("RRULE:FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;COUNT=6", "2026-01-30T17:00")
    assert [day[5:10] for day in found] == ["01-30", "02-27", "03-31", "04-30", "05-29", "06-30"]


def test_months_without_a_fifth_monday_are_skipped_and_do_not_use_up_the_count() -> None:
    found = days("FREQ=MONTHLY;BYDAY=5MO;COUNT=4", "2026-03-30T14:00")
    assert [day[5:10] for day in found] == ["03-30", "06-29", "08-31", "11-30"]


def test_a_rule_without_end_ends_after_200_or_two_years() -> None:
    assert len(days("FREQ=DAILY", "2026-06-24T10:00")) == times.MOST
    assert len(days("FREQ=MONTHLY", "2026-06-24T10:00")) == 25
    assert len(days("FREQ=WEEKLY;COUNT=1000000", "2026-06-24T10:00")) == 105


@pytest.mark.parametrize(
    "rule",
    [
        "",
        "weekly",
        "FREQ=SECONDLY",
        "FREQ=HOURLY;COUNT=3",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=WEEKLY;BYDAY=MO;BYSETPOS=2",
        "FREQ=WEEKLY;INTERVAL=0",
        "FREQ=WEEKLY;INTERVAL=99999999999999999999",
        "FREQ=WEEKLY;COUNT=x",
        "FREQ=WEEKLY;UNTIL=20261301T000000Z",
        "FREQ=WEEKLY;COUNT=2;COUNT=3",
        "FREQ=WEEKLY\nDTSTART:20260101T000000",
        "FREQ=MONTHLY;BYMONTHDAY=99",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;UNTIL=20200101",
    ],
)
def test_a_rule_that_is_none_or_has_no_day_is_refused(rule: str) -> None:
    with pytest.raises(Invalid) as refused:
        times.occurrences(rule, seoul("2026-06-24T10:00"))
    assert refused.value.fields.keys() <= {"rule"}


@given(st.text(st.sampled_from("FREQ=;DAILYWEKMONTHBSP,0123456789-+:Z\n"), max_size=60))
def test_no_text_breaks_it(rule: str) -> None:
    with contextlib.suppress(Invalid):
        assert len(times.occurrences(rule, seoul("2026-06-24T10:00"))) <= times.MOST


@pytest.mark.parametrize(
    ("starts", "ends", "field"),
    [
        ("2026-06-24T10:00", "2026-06-24T10:00", "ends_at"),
        ("2026-06-24T10:00", "2026-06-24T09:00", "ends_at"),
        ("2026-06-24T10:00", "2026-08-24T10:00", "ends_at"),
        ("2101-01-01T00:00", "2101-01-01T01:00", "starts_at"),
        ("9999-01-01T00:00", "9999-01-01T01:00", "starts_at"),
        ("1900-01-01T00:00", "1900-01-01T01:00", "starts_at"),
    ],
)
def test_times_that_are_none_are_refused_by_name(starts: str, ends: str, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        times.require(seoul(starts), seoul(ends))
    assert refused.value.fields.keys() == {field}


def test_a_meeting_of_the_last_evening_that_is_allowed_is_allowed() -> None:
    times.require(seoul("2100-12-31T23:00"), seoul("2100-12-31T23:59"))


def test_a_series_is_moved_by_the_clock() -> None:
    moved = times.shifted(seoul("2026-10-13T10:00"), seoul("2026-10-06T10:00"), seoul("2026-10-07T09:30"))
    assert moved == seoul("2026-10-14T09:30")


# -- quorum -----------------------------------------------------------------------------------------


def members(*present: bool | None) -> list[Person]:
    return [Person(new_person(f"위원{n}"), REQUIRED, member=True, present=there) for n, there in enumerate(present)]


def test_a_majority_of_the_members_is_more_than_half() -> None:
    for total, needed in ((1, 1), (2, 2), (3, 2), (4, 3), (9, 5), (10, 6)):
        found = quorum.of("majority", members(*[None] * total))
        assert found and (found.needed, found.met) == (needed, False)


def test_who_is_no_member_or_not_there_does_not_count() -> None:
    people = [*members(True, True, False), Person(new_person("간사"), REQUIRED, present=True)]
    found = quorum.of("3", people)
    assert found and (found.members, found.needed, found.present, found.met) == (3, 3, 2, False)
    assert quorum.of("", people) is None


def test_a_term_includes_both_of_its_days() -> None:
    member = {"from": "2026-01-01", "until": "2027-12-31"}
    assert [quorum.in_term(member, date.fromisoformat(day)) for day in ("2025-12-31", "2026-01-01")] == [False, True]
    assert [quorum.in_term(member, date.fromisoformat(day)) for day in ("2027-12-31", "2028-01-01")] == [True, False]
    assert quorum.in_term({"from": "2026-01-01", "until": None}, date(2090, 1, 1))


# -- mail -------------------------------------------------------------------------------------------


def test_answers_by_mail_end_the_same_in_whatever_order_they_come() -> None:
    stamp = datetime(2026, 9, 1, tzinfo=UTC)
    told = [(0, stamp), (2, stamp + timedelta(days=2)), (1, stamp + timedelta(days=3)), (2, stamp + timedelta(days=4))]
    for order in permutations(told):
        kept: tuple[int, datetime | None] = (0, None)
        for each in order:
            if answers.is_news(kept, each):
                kept = each
        assert kept == told[3]


def test_an_address_is_compared_without_case_and_without_its_scheme() -> None:
    same = ("kim.hana@city.example", "MAILTO:Kim.Hana@City.Example", " mailto:mailto:KIM.hana@city.example ")
    assert {answers.normal(each) for each in same} == {"kim.hana@city.example"}
    assert answers.normal("kim.hana+x@city.example") not in {answers.normal(each) for each in same}


def test_a_refusal_names_the_state() -> None:
    for state in ALL_STATES:
        refused = states.refused(state, "open")
        assert isinstance(refused, Conflict) and refused.extra == {"state": state}
        assert refused.slug == ("finished" if state in states.FINISHED else "not-now")
