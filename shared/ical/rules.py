"""Recurrence rules (RFC 5545, 3.3.10): checked, put in one form, told in parts from which pages make words.

A rule of seconds, minutes or hours is not unfolded here; nor is one that falls many times a day.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time
from functools import lru_cache

from shared.ical import values
from shared.ical.values import Moment

FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
MOST_TIMES_A_DAY = 8
MOST_OF_A_RULE = 2_000
MOST_POSITIONS = 31

_SUB_DAILY = ("SECONDLY", "MINUTELY", "HOURLY")
_NUMBERS = {
    "BYMONTH": (1, 12),
    "BYMONTHDAY": (-31, 31),
    "BYYEARDAY": (-366, 366),
    "BYWEEKNO": (-53, 53),
    "BYSETPOS": (-366, 366),
    "BYHOUR": (0, 23),
    "BYMINUTE": (0, 59),
    "BYSECOND": (0, 59),
}
_FROM_ZERO = ("BYHOUR", "BYMINUTE", "BYSECOND")
_NUMBER = re.compile(r"[+-]?\d{1,3}", re.ASCII)
_DAY = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)", re.ASCII)
_WHOLE = re.compile(r"\d{1,9}", re.ASCII)
_TOLD = {"FREQ", "INTERVAL", "BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS", "UNTIL", "COUNT", "WKST"}


@dataclass(frozen=True)
class Parts:
    """A rule as a form has it. `position` is the n-th of the weekdays in the month (-1 the last), 0 where none is.

    `complete` is false where the rule says more than these parts: a form shows it and does not change it.
    """

    freq: str
    interval: int = 1
    weekdays: tuple[str, ...] = ()
    monthday: int = 0
    month: int = 0
    position: int = 0
    until: Moment | None = None
    count: int = 0
    complete: bool = True


def split(rrule: str) -> dict[str, str]:
    """The parts of a rule by their names. Raises `ValueError` where it is none."""
    if len(rrule) > MOST_OF_A_RULE:
        raise ValueError("too long")
    return dict(_split(rrule))


@lru_cache(maxsize=4096)
def _split(rrule: str) -> tuple[tuple[str, str], ...]:
    parts: dict[str, str] = {}
    for written in rrule.strip().removeprefix("RRULE:").upper().rstrip(";").split(";"):
        name, equals, value = written.partition("=")
        if not equals or name.strip() in parts:
            raise ValueError(rrule[:40])
        parts[name.strip()] = value.strip()
    _require(parts)
    return tuple(parts.items())


def _require(parts: dict[str, str]) -> None:
    if parts.get("FREQ") not in (*FREQUENCIES, *_SUB_DAILY):
        raise ValueError("FREQ")
    for name, (low, high) in _NUMBERS.items():
        for value in numbers(parts, name):
            if not low <= value <= high or (not value and name not in _FROM_ZERO):
                raise ValueError(name)
    if not all(_DAY.fullmatch(day) for day in listed(parts, "BYDAY")) or parts.get("WKST", "MO") not in WEEKDAYS:
        raise ValueError("BYDAY")
    for name in ("INTERVAL", "COUNT"):
        if name in parts and (not _WHOLE.fullmatch(parts[name]) or not int(parts[name])):
            raise ValueError(name)
    if "UNTIL" in parts:
        values.moment(parts["UNTIL"], None)


def listed(parts: dict[str, str], name: str) -> list[str]:
    """The values of a part that is a list."""
    return [value.strip() for value in parts[name].split(",")] if parts.get(name) else []


def numbers(parts: dict[str, str], name: str) -> list[int]:
    """The numbers of a part that is a list of them. Raises `ValueError`."""
    found = listed(parts, name)
    if not all(_NUMBER.fullmatch(value) for value in found):
        raise ValueError(name)
    return [int(value) for value in found]


def joined(parts: dict[str, str]) -> str:
    """The rule of these parts, as it is written."""
    return ";".join(f"{name}={value}" for name, value in parts.items())


def is_supported(rrule: str) -> bool:
    """Whether the rule is unfolded here; another is kept, and stands for its first event."""
    try:
        parts = split(rrule)
    except ValueError:
        return False
    known = {"FREQ", "INTERVAL", "BYDAY", "UNTIL", "COUNT", "WKST", *_NUMBERS}
    times = [max(1, len(set(listed(parts, name)))) for name in _FROM_ZERO]
    often = times[0] * times[1] * times[2] > MOST_TIMES_A_DAY or len(listed(parts, "BYSETPOS")) > MOST_POSITIONS
    numbered = parts["FREQ"] in ("DAILY", "WEEKLY") and any(len(day) > 2 for day in listed(parts, "BYDAY"))
    return parts["FREQ"] in FREQUENCIES and not often and not numbered and not set(parts) - known


def until(parts: dict[str, str], start: Moment) -> Moment | None:
    """The last moment of a rule, in the form of its start.

    UNTIL as a bare date on a timed event, found in the wild though the RFC wants equal kinds, means the whole of that
    local day.
    """
    if "UNTIL" not in parts:
        return None
    last = values.moment(parts["UNTIL"], None)
    if isinstance(start, datetime) and not isinstance(last, datetime):
        end = time(23, 59, 59) if any(parts.get(name) for name in _FROM_ZERO) else start.time()
        return datetime.combine(last, end, start.tzinfo)
    return values.like(last, start)


def normal(rrule: str, start: Moment) -> str:
    """The rule with its UNTIL in the form that goes with its start: a date, local time, or UTC; as it is if it is none.

    A bare date and a local time become UTC where the start has a zone (RFC 5545, 3.3.10).
    """
    try:
        parts = split(rrule)
        last = until(parts, start)
    except (ValueError, OverflowError):
        return rrule
    if last is not None:
        aware = isinstance(last, datetime) and last.tzinfo is not None
        parts["UNTIL"] = values.written_moment(values.instant(last, values.ZULU) if aware else last)
    return joined(parts)


def describe(rrule: str) -> Parts:
    """The rule in parts. Raises `ValueError` where it is none."""
    parts = split(rrule)
    days = listed(parts, "BYDAY")
    positions = {int(found[1] or 0) for day in days if (found := _DAY.fullmatch(day))} | set(numbers(parts, "BYSETPOS"))
    monthdays, months = numbers(parts, "BYMONTHDAY"), numbers(parts, "BYMONTH")
    single = len(positions - {0}) <= 1 and len(monthdays) <= 1 and len(months) <= 1 and not (days and monthdays)
    # The n-th of several weekdays each is not the n-th of them together.
    each = len(days) > 1 and any(len(day) > 2 for day in days)
    return Parts(
        freq=parts["FREQ"],
        interval=int(parts.get("INTERVAL", 1)),
        weekdays=tuple(day[-2:] for day in days),
        monthday=monthdays[0] if monthdays else 0,
        month=months[0] if months else 0,
        position=next(iter(positions - {0}), 0),
        until=values.moment(parts["UNTIL"], None) if "UNTIL" in parts else None,
        count=int(parts.get("COUNT", 0)),
        complete=single and not each and not set(parts) - _TOLD and is_supported(rrule) and not _by_other_weeks(parts),
    )


def alike(one: str | None, other: str | None, start: Moment) -> bool:
    """Whether both rules say the same, as far as a form can tell: parts may be in another order, or implied."""
    if not one or not other:
        return (one or None) == (other or None)
    try:
        told = [describe(normal(rrule, start)) for rrule in (one, other)]
    except ValueError:
        return one == other
    return one == other or (told[0] == told[1] and told[0].complete)


def _by_other_weeks(parts: dict[str, str]) -> bool:
    """Whether it matters on which day weeks begin, and it is not Monday."""
    return parts.get("WKST", "MO") != "MO" and parts["FREQ"] == "WEEKLY" and parts.get("INTERVAL", "1") != "1"


def rule(parts: Parts) -> str:
    """The rule of the parts: what `describe` tells of it is they again."""
    written = {"FREQ": parts.freq}
    if parts.interval != 1:
        written["INTERVAL"] = str(parts.interval)
    if parts.month:
        written["BYMONTH"] = str(parts.month)
    if parts.monthday:
        written["BYMONTHDAY"] = str(parts.monthday)
    if parts.weekdays:
        one = parts.position if parts.position and len(parts.weekdays) == 1 else ""
        written["BYDAY"] = ",".join(f"{one}{day}" for day in parts.weekdays)
        if parts.position and len(parts.weekdays) > 1:
            written["BYSETPOS"] = str(parts.position)
    if parts.until is not None:
        aware = isinstance(parts.until, datetime) and parts.until.tzinfo is not None
        last = values.instant(parts.until, values.ZULU) if aware else parts.until
        written["UNTIL"] = values.written_moment(last)
    elif parts.count:
        written["COUNT"] = str(parts.count)
    return joined(written)
