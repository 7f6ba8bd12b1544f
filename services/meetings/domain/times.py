"""When meetings are: the limits, the meetings of a series, and how one is moved with others."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from itertools import islice

from dateutil.rrule import rrulestr

from shared.calendar import SEOUL
from shared.errors import Invalid

FIRST, LAST = datetime(1990, 1, 1, tzinfo=UTC), datetime(2101, 1, 1, tzinfo=SEOUL).astimezone(UTC)
LONGEST = timedelta(days=31)
MOST = 200
WITHIN = timedelta(days=731)
_PARTS = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS", "WKST"}
# Of these a rule may always find a next day: nothing is searched without end.
_DAILY = _PARTS - {"BYMONTHDAY", "BYMONTH", "BYSETPOS"}
_ALLOWED = {"DAILY": _DAILY, "WEEKLY": _DAILY, "MONTHLY": _PARTS, "YEARLY": _PARTS}
_VALUE = re.compile(r"[A-Z0-9,+:TZ-]{1,60}")
_DATE = re.compile(r"\d{8}")


def require(starts_at: datetime, ends_at: datetime) -> None:
    """That a meeting may be then. Raises `Invalid`."""
    if not FIRST <= starts_at < LAST:
        raise Invalid({"starts_at": "out_of_range"})
    if ends_at <= starts_at:
        raise Invalid({"ends_at": "not_later"})
    if ends_at - starts_at > LONGEST:
        raise Invalid({"ends_at": "too_long"})


def occurrences(rule: str, starts_at: datetime) -> list[datetime]:
    """When the meetings of a series begin (UTC), the first of them then: 200 at the most, within two years.

    The rule is an RRULE [RFC 5545 3.3.10], reckoned by the clock of Seoul; a bare date in UNTIL means its whole day.
    Raises `Invalid` (`not_valid`, `none_before`).
    """
    first = starts_at.astimezone(SEOUL).replace(tzinfo=None)
    try:
        found = rrulestr(_local(_checked(rule)), dtstart=first)
        until = first + WITHIN
        days = [day for day in islice(found, MOST) if day <= until]
    except (ValueError, OverflowError, TypeError) as error:
        raise Invalid({"rule": "not_valid"}) from error
    if not days:
        raise Invalid({"rule": "none_before"})
    return [day.replace(tzinfo=SEOUL).astimezone(UTC) for day in days]


def _checked(rule: str) -> dict[str, str]:
    parts = [part.partition("=") for part in rule.strip().upper().removeprefix("RRULE:").split(";") if part]
    found = {name: value for name, _, value in parts}
    allowed = _ALLOWED.get(found.get("FREQ", ""), set())
    if len(found) != len(parts) or not found.keys() <= allowed or not all(map(_VALUE.fullmatch, found.values())):
        raise Invalid({"rule": "not_valid"})
    if not 1 <= int(found.get("INTERVAL", "1")) <= MOST:
        raise Invalid({"rule": "not_valid"})
    return found


def _local(parts: dict[str, str]) -> str:
    """The rule with its end by the clock of Seoul, as its days are reckoned."""
    until = parts.get("UNTIL")
    if until and _DATE.fullmatch(until):
        parts = {**parts, "UNTIL": f"{until}T235959"}
    elif until and until.endswith("Z"):
        moment = datetime.strptime(until, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC).astimezone(SEOUL)
        parts = {**parts, "UNTIL": f"{moment:%Y%m%dT%H%M%S}"}
    return ";".join(f"{name}={value}" for name, value in parts.items())


def rid(starts_at: datetime) -> str:
    """The RECURRENCE-ID of a meeting of a series: when it was to begin at first, in UTC."""
    return f"{starts_at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def shifted(moment: datetime, before: datetime, after: datetime) -> datetime:
    """A moment moved as `before` was moved to `after`: by days and hours of the clock of Seoul."""
    by = after.astimezone(SEOUL).replace(tzinfo=None) - before.astimezone(SEOUL).replace(tzinfo=None)
    return (moment.astimezone(SEOUL).replace(tzinfo=None) + by).replace(tzinfo=SEOUL).astimezone(UTC)
