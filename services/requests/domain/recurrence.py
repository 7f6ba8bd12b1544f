"""Recurring instructions: on which days they are due, and when each is asked."""

from __future__ import annotations

import calendar as months
from dataclasses import dataclass
from datetime import date, timedelta

from shared import calendar
from shared.calendar import Exceptions

EVERY = ("month", "working_day", "week")
LONGEST = timedelta(days=3660)
_MOST_TRIES = 24


@dataclass(frozen=True, slots=True)
class Rule:
    """`every`: `month` on its day `on` (1 to 31, a shorter month's last day), `working_day` the `on`-th of the month
    (1 to 15, or -1 the last), `week` on the weekday `on` (0 Monday to 6). Nothing is due after `until`.

    What falls on a day off is due on the next working day. Each is asked `ahead` working days before.
    """

    every: str
    on: int
    until: date
    ahead: int = 5

    @property
    def is_valid(self) -> bool:
        """Whether `on` fits `every`."""
        return self.on in {"month": range(1, 32), "working_day": (*range(1, 16), -1), "week": range(7)}[self.every]


def following(rule: Rule, after: date, exceptions: Exceptions) -> date | None:
    """The first day after `after` on which one is due; None where the rule has ended by then."""
    if rule.every == "week":
        days = (rule.on - after.weekday() - 1) % 7 + 1
        found = calendar.next_working_day(after + timedelta(days=days), exceptions)
        return found if found <= rule.until else None
    year, month = after.year, after.month
    for _ in range(_MOST_TRIES):
        found = _in_month(rule, year, month, exceptions)
        if found > rule.until:
            return None
        if found > after:
            return found
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    return None


def _in_month(rule: Rule, year: int, month: int, exceptions: Exceptions) -> date:
    first = date(year, month, 1)
    last = first.replace(day=months.monthrange(year, month)[1])
    if rule.every == "month":
        return calendar.next_working_day(first.replace(day=min(rule.on, last.day)), exceptions)
    if rule.on > 0:
        return calendar.add_working_days(first - timedelta(days=1), rule.on, exceptions)
    return calendar.add_working_days(last + timedelta(days=1), -1, exceptions)


def asked_on(rule: Rule, due: date, exceptions: Exceptions) -> date:
    """The working day on which the one that is due then is asked."""
    return calendar.add_working_days(due, -rule.ahead, exceptions) if rule.ahead else due
