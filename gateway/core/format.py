"""How values are put into words on pages: dates, waiting times, sizes; names of codes are the nouns' own."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from flask import Flask
from flask_babel import format_date, get_locale, gettext, ngettext
from jinja2 import pass_context
from jinja2.runtime import Context

from shared.calendar import SEOUL as SEOUL
from shared.calendar import end_of_day, seoul_date

_MINUTE, _HOUR, _DAY = 60, 3600, 86400
_WITHIN_DATES = re.compile(r"(?<=\d\.) (?=\d)")
_DAYS = {"ko": ("M. d.(E)", "y. M. d.(E)"), "en": ("E d MMM", "E d MMM y")}
_MONTHS = {"ko": "y년 M월", "en": "MMMM y"}


def moment(value: str | datetime | None) -> datetime | None:
    """The aware time that a service wrote as ISO 8601 text."""
    if not value:
        return None
    time = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def day(value: str | datetime | None) -> str:
    """`2026. 1. 2.`: the date as official documents write it (Reg 7), in Seoul."""
    time = moment(value)
    if time is None:
        return ""
    time = time.astimezone(SEOUL)
    return f"{time.year}. {time.month}. {time.day}."


def whole_dates(text: str) -> str:
    """A title in which no line ends within a date: `2026. 11. 30.` stays together."""
    return _WITHIN_DATES.sub("\u00a0", text)


def stamp(value: str | datetime | None) -> str:
    """`2026. 1. 2. 14:05`: date and 24-hour time (Reg 7), in Seoul."""
    time = moment(value)
    return f"{day(time)} {time.astimezone(SEOUL):%H:%M}" if time else ""


def weekday(value: date, *, year: bool = False) -> str:
    """`10. 2.(금)`, in English `Fri 2 Oct`: a date with its day of the week, and with its year where asked."""
    short, full = _DAYS.get(_language(), _DAYS["en"])
    return format_date(value, full if year else short)


def month_words(month: str) -> str:
    """`2026년 10월`, in English `October 2026`, of `2026-10`."""
    return format_date(date.fromisoformat(f"{month}-01"), _MONTHS.get(_language(), _MONTHS["en"]))


def _language() -> str:
    return str(get_locale() or "ko")


def ago(value: str | datetime | None, now: datetime | None = None) -> str:
    """How long ago: just now, minutes, hours, up to six days; then the date."""
    time = moment(value)
    if time is None:
        return ""
    seconds = ((now or datetime.now(UTC)) - time).total_seconds()
    if seconds < _MINUTE:
        return gettext("방금")
    if seconds < _HOUR:
        return gettext("%(n)d분 전", n=seconds // _MINUTE)
    if seconds < _DAY:
        return gettext("%(n)d시간 전", n=seconds // _HOUR)
    if seconds < 7 * _DAY:
        return ngettext("%(num)d일 전", "%(num)d일 전", int(seconds // _DAY))
    return day(time)


def waiting(value: str | datetime | None, now: datetime | None = None) -> str:
    """How long something has waited: `3시간째`, `2일째`; empty for less than a minute."""
    time = moment(value)
    if time is None:
        return ""
    seconds = ((now or datetime.now(UTC)) - time).total_seconds()
    if seconds < _MINUTE:
        return gettext("방금 도착")
    if seconds < _HOUR:
        return gettext("%(n)d분째", n=seconds // _MINUTE)
    if seconds < _DAY:
        return gettext("%(n)d시간째", n=seconds // _HOUR)
    return ngettext("%(num)d일째", "%(num)d일째", int(seconds // _DAY))


def due(value: str | datetime | None, now: datetime | None = None) -> str:
    """Until when something is to be done: `오늘 18:00까지`, `내일까지`, `10. 2.(금)까지`, `3시간 지남`, `2일 지남`.

    What is due on a day is due at the first moment of the next one: then the hour is not said.
    """
    time, here = moment(value), now or datetime.now(UTC)
    if time is None:
        return ""
    # The day it belongs to: one that ends with it.
    last = seoul_date(time - timedelta(microseconds=1))
    hour = "" if end_of_day(last) == time else f"{time.astimezone(SEOUL):%H:%M}"
    days = (last - seoul_date(here)).days
    if time <= here:
        return _past(-days, (here - time).total_seconds())
    name = {0: gettext("오늘"), 1: gettext("내일")}.get(days) or weekday(last)
    return gettext("%(day)s %(hour)s까지", day=name, hour=hour) if hour else gettext("%(day)s까지", day=name)


def _past(days: int, seconds: float) -> str:
    if days > 0:
        return ngettext("%(num)d일 지남", "%(num)d일 지남", days)
    if seconds < _HOUR:
        return gettext("방금 지남")
    return ngettext("%(num)d시간 지남", "%(num)d시간 지남", int(seconds // _HOUR))


def late(value: str | datetime | None, now: datetime | None = None) -> bool:
    """Whether something has waited for more than two days: the page says so by colour and words."""
    time = moment(value)
    return time is not None and (now or datetime.now(UTC)) - time > timedelta(days=2)


def size(value: int | None) -> str:
    """A file's size in words: `512 B`, `1.5 KB`, `20 MB`."""
    if value is None:
        return ""
    amount = float(value)
    for unit in ("B", "KB", "MB"):
        if amount < 1024:
            return f"{amount:.0f} {unit}" if unit == "B" or amount >= 10 else f"{amount:.1f} {unit}"
        amount /= 1024
    return f"{amount:.1f} GB"


def items(count: int) -> str:
    """`3건`."""
    return ngettext("%(num)d건", "%(num)d건", count)


def names(table: Callable[[], dict[str, str]]) -> Callable[[Any], str]:
    """A filter that gives the name of a code, in the reader's language; an unknown code stands for itself."""

    def name(code: Any) -> str:
        return table().get(str(code), str(code))

    return name


def install(app: Flask) -> None:
    """Makes everything above a filter of the templates."""
    add(
        app,
        day=day,
        weekday=weekday,
        month_words=month_words,
        stamp=stamp,
        ago=ago,
        waiting=waiting,
        due=due,
        late=late,
    )
    add(app, filesize=size, items_count=items, whole_dates=whole_dates)


def add(app: Flask, **filters: Callable[..., Any]) -> None:
    """Makes functions filters of the templates, by these names."""
    app.jinja_env.filters.update({name: _asked_each_time(function) for name, function in filters.items()})


def _asked_each_time(function: Callable[..., Any]) -> Callable[..., Any]:
    """The filter, kept from being applied to a constant once and for all: in the language of who came first."""

    @pass_context
    def asked(_: Context, *values: Any) -> Any:
        return function(*values)

    return asked
