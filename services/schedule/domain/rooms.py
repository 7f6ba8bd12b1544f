"""When a room can be had: its hours, its closures, what is booked. Back to back is no clash."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from shared.calendar import SEOUL, Exceptions, is_working_day

TAKEN, CLOSED, HOURS = "taken", "closed", "hours"
_DAY = timedelta(days=1)
_MINUTES = 24 * 60
# A booking is over before a third day begins: what lasts longer is a closure.
LONGEST = timedelta(days=31)


@dataclass(frozen=True, slots=True, order=True)
class Time:
    """From `starts_at` until before `ends_at`."""

    starts_at: datetime
    ends_at: datetime

    def meets(self, other: Time) -> bool:
        """Whether both have a moment in common."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at


@dataclass(frozen=True, slots=True)
class Hours:
    """When a room is open, by the clock of Seoul: minutes of the day on days of the week (0 is Monday)."""

    opens: int = 0
    closes: int = _MINUTES
    weekdays: frozenset[int] = frozenset(range(7))
    holidays: bool = True

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Hours:
        """From what is kept of a room."""
        return cls(told["opens"], told["closes"], frozenset(told["weekdays"]), told["holidays"])

    def has(self, time: Time, exceptions: Exceptions) -> bool:
        """Whether a room is open all of this time."""
        first, last = time.starts_at.astimezone(SEOUL), time.ends_at.astimezone(SEOUL)
        day = first.date()
        while day <= last.date():
            begins = first.hour * 60 + first.minute if day == first.date() else 0
            ends = last.hour * 60 + last.minute if day == last.date() else _MINUTES
            if ends > begins and not self._open(day, begins, ends, exceptions):
                return False
            day += _DAY
        return True

    def _open(self, day: Any, begins: int, ends: int, exceptions: Exceptions) -> bool:
        if day.weekday() not in self.weekdays:
            return False
        off = day.weekday() < 5 and not is_working_day(day, exceptions)
        return begins >= self.opens and ends <= self.closes and (self.holidays or not off)


def problems(times: Sequence[Time]) -> dict[str, str]:
    """What is wrong with times that somebody asks for, whatever the room; codes by field."""
    for place, time in enumerate(times):
        if time.ends_at <= time.starts_at:
            return {f"periods.{place}.ends_at": "before_start"}
        if time.ends_at - time.starts_at > LONGEST:
            return {f"periods.{place}.ends_at": "too_long"}
        if not 1900 <= time.starts_at.year <= 2100:
            return {f"periods.{place}.starts_at": "year_out_of_range"}
    ordered = sorted(times)
    if any(one.meets(other) for one, other in pairwise(ordered)):
        return {"periods": "overlaps"}
    return {}


def refused(
    times: Iterable[Time], hours: Hours, closures: Sequence[Time], taken: Sequence[Time], exceptions: Exceptions
) -> list[tuple[Time, str]]:
    """Those of the times that cannot be had, each with why."""
    found = []
    for time in times:
        if any(time.meets(other) for other in taken):
            found.append((time, TAKEN))
        elif any(time.meets(other) for other in closures):
            found.append((time, CLOSED))
        elif not hours.has(time, exceptions):
            found.append((time, HOURS))
    return found
