"""Periods of reports: weeks of ISO 8601 and months by the clock of Seoul, when they open and when they are due.

Decisions of our own: what would be due on a day off is due on the working day before it, and where the period has none
before, on its first one. A period without a working day is not reported on; what was planned goes on to the next.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from shared.calendar import Exceptions, is_working_day, seoul_date, start_of_day

_DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)
# Offices begin then; on the day that it is due those who have not written are reminded.
_MORNING = timedelta(hours=9)
# So many periods are looked through for one with a working day.
_MOST = 60


@dataclass(frozen=True, slots=True)
class Period:
    """From its first to its last day; `key` is `2026-W27` or `2026-07`."""

    cadence: str
    key: str
    first: date
    last: date

    def days(self) -> Iterator[date]:
        """Each day of it."""
        return (self.first + _DAY * n for n in range((self.last - self.first).days + 1))


@dataclass(frozen=True, slots=True)
class Rule:
    """When reports are due: the hour of a weekday (1 is Monday), or of a day of the month."""

    cadence: str
    weekday: int
    day: int
    hour: int


@dataclass(frozen=True, slots=True)
class Opening:
    """A period that is reported on, from when, until when."""

    period: Period
    opens_at: datetime
    due_at: datetime


def of(cadence: str, day: date) -> Period:
    """The period that a day is in."""
    if cadence == "week":
        monday = day - _DAY * (day.isoweekday() - 1)
        year, week, _ = monday.isocalendar()
        return Period(cadence, f"{year}-W{week:02}", monday, monday + _DAY * 6)
    first = day.replace(day=1)
    last = (first + _DAY * 31).replace(day=1) - _DAY
    return Period(cadence, f"{first:%Y-%m}", first, last)


def after(period: Period) -> Period:
    """The one that follows."""
    return of(period.cadence, period.last + _DAY)


def opening(rule: Rule, period: Period, exceptions: Exceptions) -> Opening | None:
    """When the period opens and is due; None where nobody works in it."""
    working = [day for day in period.days() if is_working_day(day, exceptions)]
    if not working:
        return None
    wanted = period.first + _DAY * (rule.weekday - 1) if rule.cadence == "week" else _day(period, rule.day)
    due = max((day for day in working if day <= wanted), default=working[0])
    return Opening(period, start_of_day(working[0]), start_of_day(due) + _HOUR * rule.hour)


def upcoming(rule: Rule, now: datetime, exceptions: Exceptions, opened: date | None = None) -> Opening:
    """The first period that is still to be reported on, after the one that begins with `opened`.

    Raises `OverflowError` where there is none for a long time.
    """
    period = of(rule.cadence, seoul_date(now))
    for _ in range(_MOST):
        found = opening(rule, period, exceptions)
        if found and found.due_at > now and (opened is None or period.first > opened):
            return found
        period = after(period)
    raise OverflowError("no working day")


def reminder(opens_at: datetime, due_at: datetime) -> datetime | None:
    """When those who have not written are reminded: in the morning of the last day, or an hour before."""
    at = min(start_of_day(seoul_date(due_at - _HOUR)) + _MORNING, due_at - _HOUR)
    return at if at > opens_at else None


def title(cadence: str, first: date, last: date, unit: str) -> str:
    """What the report is called; in Korean, as papers are."""
    if cadence == "month":
        return f"{unit} 월간보고({first.year}년 {first.month}월)"
    until = f"{last.month}. {last.day}." if last.year == first.year else f"{last.year}. {last.month}. {last.day}."
    return f"{unit} 주간보고({first.year}. {first.month}. {first.day}.~{until})"


def _day(period: Period, day: int) -> date:
    return period.first.replace(day=min(day, period.last.day))
