"""Periods (주기) that a journal is written for: a day, a week, or a shift, each with the business date it belongs to.

The business date is that of Seoul on which a period begins: a night shift's is the evening's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from shared.calendar import NONE, SEOUL, Exceptions, end_of_day, is_working_day, seoul_date
from shared.errors import Invalid

KINDS = ("day", "week", "shift")
DAYS = ("working", "every", "weekdays")
"""On which days it is due: working days (근무일), every day, or chosen days of the week, holidays or not."""
MOST_SHIFTS = 6
_DAY, _WEEK = timedelta(days=1), timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Shift:
    """근무조. It ends on the next day where it ends no later than it begins. `writers` are principals; none: all."""

    key: str
    name: str
    starts: time
    ends: time
    writers: tuple[str, ...] = ()

    @property
    def length(self) -> timedelta:
        """How long it lasts: 24 hours where it ends when it begins."""
        start, end = (timedelta(hours=t.hour, minutes=t.minute) for t in (self.starts, self.ends))
        return end - start if end > start else end - start + _DAY


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a journal is due. `opens` is when a day's or week's is asked for; a shift's is when it begins."""

    kind: str
    days: str = "working"
    weekdays: frozenset[int] = frozenset()
    opens: time = time(9)
    shifts: tuple[Shift, ...] = field(default=())

    def shift(self, key: str) -> Shift | None:
        """The shift of this key; None where there is none."""
        return next((shift for shift in self.shifts if shift.key == key), None)


@dataclass(frozen=True, slots=True)
class Period:
    """One day, week or shift. `day` is its business date; it runs in [`starts`, `ends`) and is asked for at `opens`."""

    day: date
    shift: str
    starts: datetime
    opens: datetime
    ends: datetime

    @property
    def month(self) -> str:
        """The month whose journal it is in: `2026-05`."""
        return self.day.isoformat()[:7]


def schedule_of(kept: Mapping[str, Any]) -> Schedule:
    """The schedule as it is kept with a journal. Raises `Invalid` for one that cannot be."""
    bad: dict[str, str] = {}
    shifts = tuple(_shift(each, f"shifts.{place}", bad) for place, each in enumerate(kept["shifts"]))
    if kept["kind"] == "shift" and not shifts:
        bad["schedule.shifts"] = "required"
    if kept["kind"] != "shift" and shifts:
        bad["schedule.shifts"] = "not_valid"
    if len({shift.key for shift in shifts}) < len(shifts):
        bad["schedule.shifts"] = "taken"
    if kept["days"] == "weekdays" and not kept["weekdays"]:
        bad["schedule.weekdays"] = "required"
    opens = _time(kept["opens"], "opens", bad)
    if bad:
        raise Invalid(bad)
    return Schedule(kept["kind"], kept["days"], frozenset(kept["weekdays"]), opens, shifts)


def _shift(given: Mapping[str, Any], path: str, bad: dict[str, str]) -> Shift:
    starts, ends = (_time(given[name], f"{path}.{name}", bad) for name in ("starts", "ends"))
    return Shift(given["key"], given["name"], starts, ends, tuple(given["writers"]))


def _time(text: str, path: str, bad: dict[str, str]) -> time:
    try:
        return datetime.strptime(text, "%H:%M").time()
    except ValueError:
        bad[f"schedule.{path}"] = "not_valid"
        return time()


# -- which ------------------------------------------------------------------------------------------


def of(schedule: Schedule, day: date, shift: str = "") -> Period:
    """The period of a business date; of a week any of its days. Raises `Invalid` for a shift that there is not."""
    if schedule.kind == "shift":
        found = schedule.shift(shift)
        if found is None:
            raise Invalid({"shift": "unknown" if shift else "required"})
        starts = _at(day, found.starts)
        return Period(day, shift, starts, starts, starts + found.length)
    if shift:
        raise Invalid({"shift": "not_valid"})
    if schedule.kind == "week":
        day -= timedelta(days=day.weekday())
        return Period(day, "", _at(day, time()), _at(day, schedule.opens), end_of_day(day + timedelta(days=6)))
    return Period(day, "", _at(day, time()), _at(day, schedule.opens), end_of_day(day))


def at(schedule: Schedule, moment: datetime) -> Period:
    """The period that a moment is in; between two shifts the one before. The zone of the moment makes no difference."""
    day = seoul_date(moment)
    if schedule.kind != "shift":
        return of(schedule, day)
    near = (of(schedule, day - n * _DAY, shift.key) for n in range(3) for shift in schedule.shifts)
    return max((each for each in near if each.starts <= moment), key=lambda each: (each.starts, each.shift))


def of_date(schedule: Schedule, day: date) -> list[Period]:
    """All periods of a business date, as they begin, whether due or not."""
    if schedule.kind != "shift":
        return [of(schedule, day)]
    return sorted((of(schedule, day, shift.key) for shift in schedule.shifts), key=lambda each: each.starts)


def is_due(schedule: Schedule, period: Period, calendar: Exceptions = NONE) -> bool:
    """Whether it is to be filled. A week is where any of its days would be."""
    if schedule.kind == "week":
        return any(_is_due_on(schedule, period.day + n * _DAY, calendar) for n in range(7))
    return _is_due_on(schedule, period.day, calendar)


def _is_due_on(schedule: Schedule, day: date, calendar: Exceptions) -> bool:
    if schedule.days == "working":
        return is_working_day(day, calendar)
    return schedule.days == "every" or day.weekday() in schedule.weekdays


def due(schedule: Schedule, first: date, last: date, calendar: Exceptions = NONE) -> list[Period]:
    """Every period that is due with a business date from `first` to `last`."""
    found = (each for day in _steps(schedule, first, last) for each in of_date(schedule, day))
    return [each for each in found if is_due(schedule, each, calendar)]


def following(schedule: Schedule, moment: datetime, calendar: Exceptions = NONE) -> Period | None:
    """The first period that is due and opens after `moment`; None where none does within two months."""
    first = seoul_date(moment) - _WEEK
    found = due(schedule, first, first + timedelta(days=70), calendar)
    return min((each for each in found if each.opens > moment), key=lambda each: (each.opens, each.shift), default=None)


def _steps(schedule: Schedule, first: date, last: date) -> Iterator[date]:
    if schedule.kind == "week":
        first -= timedelta(days=first.weekday())
    step = _WEEK if schedule.kind == "week" else _DAY
    while first <= last:
        yield first
        first += step


def bounds(month: str) -> tuple[date, date]:
    """The first and the last day of a month given as `2026-05`. Raises `Invalid`."""
    try:
        first = datetime.strptime(month, "%Y-%m").date()
        after = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    except ValueError as error:
        raise Invalid({"month": "not_valid"}) from error
    return first, after - _DAY


def _at(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, SEOUL).astimezone(UTC)
