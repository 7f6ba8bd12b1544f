"""Days of the organisation's calendar as the moments between which they lie."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_SEOUL = ZoneInfo("Asia/Seoul")


def begin(day: date) -> datetime:
    """The moment a day begins; the first day there is has always begun."""
    if day == date.min:
        return datetime.min.replace(tzinfo=UTC)
    return datetime.combine(day, time(), _SEOUL).astimezone(UTC)


def end(day: date) -> datetime:
    """The moment it has ended, which is the next day's first; the last day there is never ends."""
    if day == date.max:
        return datetime.max.replace(tzinfo=UTC)
    return begin(day + timedelta(days=1))
