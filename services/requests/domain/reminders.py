"""When somebody is reminded of a request, by the tenant's rule."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from services.requests.domain.due import Due
from shared import calendar
from shared.calendar import Exceptions

BEFORE, ON_DAY, AFTER = "before", "on_day", "after"
TO = ("assignees", "asker")


@dataclass(frozen=True, slots=True)
class Rule:
    """Reminders go out at the hour `hour` of a working day: so many working days `before`, on the day, so many `after`.

    They go to whom `to` says, and not from `quiet_from` until `quiet_to` o'clock: one that falls into these hours
    comes at their end. What is overdue goes up one level `escalate_after` working days later; never where that is None.
    """

    before: tuple[int, ...] = (1,)
    on_day: bool = True
    after: tuple[int, ...] = (1, 3)
    to: tuple[str, ...] = ("assignees",)
    hour: int = 9
    quiet_from: int = 20
    quiet_to: int = 8
    escalate_after: int | None = 1


@dataclass(frozen=True, slots=True)
class Reminder:
    """One: when, and whether `before`, `on_day` or `after`, by how many working days."""

    at: datetime
    code: str
    days: int


def next_one(due: Due, rule: Rule, now: datetime, exceptions: Exceptions) -> Reminder | None:
    """The first reminder after `now`."""
    coming = [each for each in _every(due, rule, exceptions) if each.at > now]
    return min(coming, key=lambda each: each.at, default=None)


def _every(due: Due, rule: Rule, exceptions: Exceptions) -> Iterator[Reminder]:
    for days in rule.before:
        yield Reminder(_at(calendar.add_working_days(due.day, -days, exceptions), rule), BEFORE, days)
    if rule.on_day and (moment := _at(due.day, rule)) < due.at:
        yield Reminder(moment, ON_DAY, 0)
    for days in rule.after:
        yield Reminder(_at(calendar.add_working_days(due.day, days, exceptions), rule), AFTER, days)


def escalation(due: Due, rule: Rule, exceptions: Exceptions) -> datetime | None:
    """When an overdue request goes up."""
    if rule.escalate_after is None:
        return None
    return _at(calendar.add_working_days(due.day, rule.escalate_after, exceptions), rule)


def _at(day: date, rule: Rule) -> datetime:
    hour = rule.hour
    if is_quiet(hour, rule):
        # In the evening it waits for the next morning.
        day += timedelta(days=hour >= rule.quiet_to)
        hour = rule.quiet_to
    return datetime.combine(day, time(hour), calendar.SEOUL).astimezone(calendar.start_of_day(day).tzinfo)


def is_quiet(hour: int, rule: Rule) -> bool:
    """Whether nobody is reminded in this hour of the day; never quiet where both ends are the same."""
    start, end = rule.quiet_from, rule.quiet_to
    return start <= hour < end if start <= end else hour >= start or hour < end
