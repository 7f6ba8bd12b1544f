"""The days of a window that are not plain working days, with the lunar dates that a calendar shows."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from shared.calendar import Exceptions, holiday_name, is_working_day, lunar, seoul_date

_DAY = timedelta(days=1)
_EVERY = timedelta(days=45)


def days(start: datetime, end: datetime, exceptions: Exceptions, locale: str) -> list[dict[str, Any]]:
    """Holidays by name, and days of work on which others are off; of a month or so every day, for its lunar date."""
    found = []
    every = end - start <= _EVERY
    day, last = seoul_date(start), seoul_date(end - timedelta(microseconds=1))
    while day <= last:
        name = holiday_name(day, locale, exceptions)
        if every or name or day in exceptions.working:
            found.append(told(day, name, exceptions))
        day += _DAY
    return found


def told(day: date, name: str, exceptions: Exceptions) -> dict[str, Any]:
    """A day as `DayView`."""
    moon = lunar(day)
    return {
        "day": day.isoformat(),
        "name": name,
        "off": not is_working_day(day, exceptions),
        "lunar": f"{moon[0]}. {moon[1]}." if moon else "",
        "leap": bool(moon and moon[2]),
    }
