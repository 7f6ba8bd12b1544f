"""Working days, holidays and dates in Seoul."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared import calendar
from shared.calendar import Exceptions

_DAYS = st.dates(date(1950, 1, 1), date(2099, 12, 31))


def days(year: int, *named: str) -> list[date]:
    return [date(year, *map(int, day.split("-"))) for day in named]


# 공휴일에 관한 법률, as amended in 2026, and the almanac (월력요항) of 2027.
_HOLIDAYS = {
    2026: days(
        2026,
        *("1-1", "2-16", "2-17", "2-18", "3-1", "3-2", "5-1", "5-5", "5-24", "5-25", "6-3", "6-6", "7-17"),
        *("8-15", "8-17", "9-24", "9-25", "9-26", "10-3", "10-5", "10-9", "12-25"),
    ),
    2027: days(
        2027,
        *("1-1", "2-6", "2-7", "2-8", "2-9", "3-1", "5-1", "5-3", "5-5", "5-13", "6-6", "7-17", "7-19"),
        *("8-15", "8-16", "9-14", "9-15", "9-16", "10-3", "10-4", "10-9", "10-11", "12-25", "12-27"),
    ),
}


@pytest.mark.parametrize("year", [2026, 2027])
def test_public_holidays_are_exactly_those_of_the_law(year: int) -> None:
    every = (date(year, 1, 1) + timedelta(days=n) for n in range(365))

    assert [day for day in every if calendar.holiday_name(day)] == _HOLIDAYS[year]


def test_a_day_that_became_a_holiday_was_none_before() -> None:
    assert [calendar.is_working_day(day) for day in (date(2025, 5, 1), date(2025, 7, 17), date(2026, 9, 28))] == [
        True,
        True,
        True,
    ]


@pytest.mark.parametrize(
    ("received", "count", "due"),
    [
        ("2026-02-13", 1, "2026-02-19"),  # 설날
        ("2026-02-13", 3, "2026-02-23"),
        ("2026-08-15", 1, "2026-08-18"),  # a Saturday, whose substitute is Monday
        ("2026-04-24", 10, "2026-05-12"),  # 노동절, 어린이날
        ("2027-02-05", 1, "2027-02-10"),
        ("2027-02-05", 3, "2027-02-12"),
        ("2027-04-30", 5, "2027-05-11"),
        ("2027-10-01", 5, "2027-10-12"),
        ("2026-09-23", 1, "2026-09-28"),  # 추석, whose Saturday has no substitute
        ("2026-10-02", 1, "2026-10-06"),
        ("2026-04-29", 2, "2026-05-04"),
        ("2026-05-04", 3, "2026-05-08"),
        ("2026-05-14", 2, "2026-05-18"),
        ("2026-05-04", -1, "2026-04-30"),
        ("2026-05-10", -1, "2026-05-08"),
        ("2026-10-03", 0, "2026-10-06"),
        ("2026-10-02", 0, "2026-10-02"),
    ],
)
def test_the_day_of_receipt_is_not_counted_and_no_day_off_is(received: str, count: int, due: str) -> None:
    assert calendar.add_working_days(date.fromisoformat(received), count) == date.fromisoformat(due)


def test_a_plan_of_tasks_is_counted_in_working_days() -> None:
    assert calendar.working_days_between(date(2026, 4, 28), date(2026, 5, 18)) == 12
    assert calendar.working_days_between(date(2026, 5, 18), date(2026, 4, 29)) == -11


def test_what_was_skipped_is_told_with_its_reason() -> None:
    assert calendar.days_off_between(date(2026, 10, 2), date(2026, 10, 6)) == {
        date(2026, 10, 3): "개천절",
        date(2026, 10, 4): "",
        date(2026, 10, 5): "개천절 대체 휴일",
    }
    assert calendar.holiday_name(date(2026, 10, 5), "en") == "Alternative holiday for National Foundation Day"


@pytest.mark.parametrize(
    ("day", "told"),
    [
        ("2026-02-17", (1, 1, False)),  # 설날
        ("2026-09-25", (8, 15, False)),  # 추석
        ("2026-05-24", (4, 8, False)),  # 부처님오신날
        ("2027-02-07", (1, 1, False)),
        ("2025-07-24", (6, 30, False)),
        ("2025-07-25", (6, 1, True)),  # 윤6월
        ("2025-08-22", (6, 29, True)),
        ("2025-08-23", (7, 1, False)),
        ("2050-12-31", (11, 18, False)),
        ("2051-01-01", None),
        ("1582-12-31", None),
    ],
)
def test_a_day_is_told_by_the_lunar_calendar_in_the_years_that_are_known(
    day: str, told: tuple[int, int, bool] | None
) -> None:
    assert calendar.lunar(date.fromisoformat(day)) == told


@given(st.dates(date(1583, 1, 1), date(2050, 12, 30)))
def test_lunar_days_follow_one_another(day: date) -> None:
    today, tomorrow = calendar.lunar(day), calendar.lunar(day + timedelta(days=1))

    assert today and tomorrow
    assert tomorrow[1] == (today[1] + 1 if tomorrow[1] > 1 else 1)
    assert today[1] in (29, 30) if tomorrow[1] == 1 else tomorrow[0] == today[0] and tomorrow[2] == today[2]


def test_a_tenants_exceptions_go_before_the_calendar() -> None:
    founded, moved = date(2026, 11, 3), date(2026, 11, 7)
    own = Exceptions({founded: "개청기념일"}, frozenset({moved, date(2026, 12, 25)}))

    assert calendar.holiday_name(founded, exceptions=own) == "개청기념일"
    assert calendar.holiday_name(date(2026, 12, 25), exceptions=own) == ""
    assert calendar.add_working_days(date(2026, 11, 2), 4, own) == moved
    assert calendar.is_working_day(founded) and not calendar.is_working_day(moved)


def test_a_day_a_year_and_a_deadline_are_those_of_seoul() -> None:
    last = datetime(2026, 12, 31, 14, 59, 59, tzinfo=UTC)

    assert (calendar.seoul_date(last), calendar.seoul_year(last)) == (date(2026, 12, 31), 2026)
    assert calendar.seoul_year(last + timedelta(seconds=1)) == 2027
    assert calendar.start_of_day(date(2026, 5, 8)) == datetime(2026, 5, 7, 15, tzinfo=UTC)
    # Summer time, which Korea had in 1987 and 1988.
    assert calendar.start_of_day(date(1988, 7, 1)) == datetime(1988, 6, 30, 14, tzinfo=UTC)
    assert calendar.deadline(datetime(2026, 2, 12, 15, tzinfo=UTC), 1) == datetime(2026, 2, 19, 15, tzinfo=UTC)


def test_beyond_the_years_that_are_known_only_weekends_and_exceptions_are_off() -> None:
    assert calendar.is_working_day(date(2200, 1, 1))
    assert not calendar.is_working_day(date(2200, 1, 1), Exceptions({date(2200, 1, 1): "신정"}))


@given(_DAYS, st.integers(-60, 60).filter(bool))
def test_what_is_added_is_what_lies_between(day: date, count: int) -> None:
    there = calendar.add_working_days(day, count)

    assert calendar.is_working_day(there)
    assert calendar.working_days_between(day, there) == count
