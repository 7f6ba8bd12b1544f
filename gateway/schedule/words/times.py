"""Times of entries as people read them, by the clock of Seoul."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from flask_babel import gettext, pgettext

from gateway.core.format import SEOUL, moment, weekday

Told = Mapping[str, Any]
_HOUR, _DAY = 60, 24 * 60


def today() -> date:
    """The day it is in Seoul."""
    return datetime.now(UTC).astimezone(SEOUL).date()


def local(value: str) -> date | datetime:
    """A day, or the moment by the clock of Seoul, of what a service wrote."""
    if len(value) == 10:
        return date.fromisoformat(value)
    time = moment(value)
    assert time is not None
    return time.astimezone(SEOUL)


def day_of(value: str) -> date:
    """The day in Seoul that something begins on."""
    found = local(value)
    return found.date() if isinstance(found, datetime) else found


def day(value: str | date) -> str:
    """`5. 8.(금)`, with its year where that is another one."""
    found = day_of(value) if isinstance(value, str) else value
    return weekday(found, year=found.year != today().year)


def clock(value: str) -> str:
    """`14:05`; empty for a day."""
    found = local(value)
    return f"{found:%H:%M}" if isinstance(found, datetime) else ""


def when(entry: Told) -> str:
    """`12. 1.(화) 14:00–15:30`, `12. 1.(화) ~ 12. 3.(목)`, `12. 1.(화) 하루 종일`."""
    start, end = entry["starts_at"], entry["ends_at"]
    if entry["all_day"]:
        last = day_of(end) - timedelta(days=1)
        if last <= day_of(start):
            return gettext("%(day)s 하루 종일", day=day(start))
        return gettext("%(first)s ~ %(last)s", first=day(start), last=day(last))
    if day_of(start) == day_of(end) or _midnight_after(start, end):
        return f"{day(start)} {clock(start)}–{_end_clock(start, end)}"
    return gettext("%(first)s ~ %(last)s", first=f"{day(start)} {clock(start)}", last=f"{day(end)} {clock(end)}")


def _midnight_after(start: str, end: str) -> bool:
    return clock(end) == "00:00" and day_of(end) == day_of(start) + timedelta(days=1)


def _end_clock(start: str, end: str) -> str:
    return "24:00" if _midnight_after(start, end) else clock(end)


def beginnings(moments: Iterable[str]) -> str:
    """The days of several beginnings, one after the other."""
    return ", ".join(day(each) for each in moments)


def before(minutes: int) -> str:
    """How long before something begins one is reminded of it."""
    if not minutes:
        return gettext("시작할 때")
    if minutes % _DAY == 0:
        days = minutes // _DAY
        return pgettext("알림", "하루 전") if days == 1 else pgettext("알림", "%(n)d일 전", n=days)
    if minutes % _HOUR == 0:
        return pgettext("알림", "%(n)d시간 전", n=minutes // _HOUR)
    return pgettext("알림", "%(n)d분 전", n=minutes)
