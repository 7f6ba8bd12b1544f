"""Days, weeks and shifts: the business date is that of Seoul on which a period begins."""

from __future__ import annotations

from datetime import UTC, date, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.memo.journals.domain import periods
from services.memo.journals.domain.clock import Times
from shared.calendar import Exceptions
from shared.errors import Invalid
from tests.unit.memo.journals.cast import NIGHT, at

BLANK: dict[str, Any] = {"days": "working", "weekdays": [], "opens": "09:00", "shifts": []}


def schedule(kind: str = "day", **changes: Any) -> periods.Schedule:
    shifts = [{"writers": [], **shift} for shift in changes.pop("shifts", [])]
    return periods.schedule_of({**BLANK, "kind": kind, **changes, "shifts": shifts})


SHIFTS = schedule("shift", days="every", shifts=NIGHT["shifts"])


@pytest.mark.parametrize(
    ("moment", "day", "shift"),
    [
        ("2026-05-31 23:50", "2026-05-31", "night"),
        ("2026-06-01 02:00", "2026-05-31", "night"),
        ("2026-06-01 05:59", "2026-05-31", "night"),
        ("2026-06-01 06:00", "2026-06-01", "day"),
    ],
)
def test_a_night_shift_is_of_the_evening_on_which_it_began(moment: str, day: str, shift: str) -> None:
    found = periods.at(SHIFTS, at(moment))
    assert (found.day.isoformat(), found.shift, found.month) == (day, shift, day[:7])


@given(st.integers(-12, 14))
def test_the_zone_of_the_phone_makes_no_difference(hours: int) -> None:
    moment = at("2026-06-01 02:00").astimezone(timezone(timedelta(hours=hours)))
    assert periods.at(SHIFTS, moment).day == date(2026, 5, 31)


def test_between_two_shifts_it_is_the_one_before() -> None:
    office = schedule("shift", shifts=[{"key": "am", "name": "오전", "starts": "09:00", "ends": "12:00"}])
    assert periods.at(office, at("2026-06-02 08:00")).day == date(2026, 6, 1)


def test_a_day_begins_at_midnight_in_seoul_and_a_week_on_its_monday() -> None:
    assert periods.at(schedule(), at("2026-06-01 00:00")).day == date(2026, 6, 1)
    week = periods.at(schedule("week"), at("2026-05-31 12:00"))
    assert (week.day, week.ends) == (date(2026, 5, 25), at("2026-06-01 00:00"))
    assert week.opens == at("2026-05-25 09:00")


def test_working_days_leave_out_weekends_holidays_and_the_tenants_own_days_off() -> None:
    own = Exceptions({date(2026, 6, 5): "개청 기념일"}, frozenset({date(2026, 6, 6)}))
    days = [each.day.day for each in periods.due(schedule(), date(2026, 6, 1), date(2026, 6, 8), own)]
    # 3 is election day, 6 a Saturday and Memorial Day on which this office works, 7 a Sunday.
    assert days == [1, 2, 4, 6, 8]


def test_chosen_days_of_the_week_are_due_on_holidays_as_well() -> None:
    found = periods.due(schedule(days="weekdays", weekdays=[2]), date(2026, 6, 1), date(2026, 6, 14))
    assert [each.day.day for each in found] == [3, 10]


def test_a_week_without_a_working_day_is_not_due() -> None:
    off = Exceptions({date(2026, 6, 1) + timedelta(days=n): "휴무" for n in range(5)})
    found = periods.due(schedule("week"), date(2026, 6, 1), date(2026, 6, 14), off)
    assert [each.day.day for each in found] == [8]


def test_the_next_one_to_open_is_found_over_a_weekend() -> None:
    found = periods.following(schedule(), at("2026-06-05 09:00"))
    assert found is not None and found.opens == at("2026-06-08 09:00")
    night = periods.following(SHIFTS, at("2026-06-05 06:00"))
    assert night is not None and (night.shift, night.opens) == ("night", at("2026-06-05 22:00"))


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"kind": "shift"}, {"schedule.shifts": "required"}),
        ({"shifts": NIGHT["shifts"]}, {"schedule.shifts": "not_valid"}),
        ({"kind": "shift", "shifts": NIGHT["shifts"][:1] * 2}, {"schedule.shifts": "taken"}),
        ({"days": "weekdays"}, {"schedule.weekdays": "required"}),
        ({"opens": "25:00"}, {"schedule.opens": "not_valid"}),
    ],
)
def test_a_schedule_that_cannot_be_is_refused(changes: dict[str, Any], fields: dict[str, str]) -> None:
    with pytest.raises(Invalid) as problem:
        schedule(**changes)
    assert problem.value.fields == fields


@given(st.datetimes(at("2001-01-01 00:00").replace(tzinfo=None), at("2090-01-01 00:00").replace(tzinfo=None)))
def test_every_moment_is_in_exactly_the_period_that_is_found_for_it(moment: Any) -> None:
    moment = moment.replace(tzinfo=UTC)
    for each in (schedule(), schedule("week"), SHIFTS):
        found = periods.at(each, moment)
        assert found.starts <= moment < found.ends
        assert periods.of(each, found.day, found.shift) == found


# -- the clock of the device ------------------------------------------------------------------------


def test_what_waited_for_the_net_is_no_fault_of_the_clock() -> None:
    told = Times(at("2026-05-31 23:50"), at("2026-06-01 00:10"), at("2026-06-01 00:10"))
    assert not told.flagged and told.corrected == told.written


@pytest.mark.parametrize(("minutes", "flagged"), [(10, False), (-10, False), (11, True), (-11, True), (1440, True)])
def test_a_clock_that_is_off_by_more_than_ten_minutes_is_flagged(minutes: int, flagged: bool) -> None:
    off = timedelta(minutes=minutes)
    real = at("2026-06-01 05:00")
    told = Times(real + off, real + off, real)
    assert told.flagged is flagged
    assert told.corrected == (real if flagged else real + off)
