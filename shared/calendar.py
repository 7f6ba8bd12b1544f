"""Days as offices in Korea count them: dates and years by the clock of Seoul, working days without public holidays.

Instants are UTC. Public holidays with their substitutes (공휴일에 관한 법률, 대체공휴일) are those of `holidays`, which
knows the years 1948 to 2100; a holiday declared since its release, as a day of election, is an exception until then.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from threading import Lock
from typing import Any
from zoneinfo import ZoneInfo

SEOUL = ZoneInfo("Asia/Seoul")
_DAY = timedelta(days=1)
_SATURDAY = 5
# Before, the table has dates of the Julian calendar.
_FIRST_LUNAR = 1583
_ASKED = Lock()
_LANGUAGES = {"ko": "ko", "en": "en_US"}


@dataclass(frozen=True)
class Exceptions:
    """What a tenant does otherwise: its own days off with their names, and days on which it works all the same."""

    off: Mapping[date, str] = field(default_factory=dict)
    working: frozenset[date] = frozenset()


NONE = Exceptions()


def seoul_date(moment: datetime) -> date:
    """The date in Seoul at an aware moment."""
    return moment.astimezone(SEOUL).date()


def seoul_year(moment: datetime) -> int:
    """The year in which a series counts: by the clock of the office, not of the server."""
    return seoul_date(moment).year


def start_of_day(day: date) -> datetime:
    """The moment (UTC) at which a day begins in Seoul."""
    return datetime.combine(day, time(), SEOUL).astimezone(UTC)


def end_of_day(day: date) -> datetime:
    """The first moment (UTC) that is no longer of the day: what is due on it is late from then on."""
    return start_of_day(day + _DAY)


def holiday_name(day: date, locale: str = "ko", exceptions: Exceptions = NONE) -> str:
    """Why nobody works on a day that is not a plain weekend: the holiday's name, or the tenant's own; else empty."""
    if day in exceptions.working:
        return ""
    return exceptions.off.get(day) or _names(day.year, _LANGUAGES.get(locale, "ko")).get(day, "")


@lru_cache(maxsize=4096)
def lunar(day: date) -> tuple[int, int, bool] | None:
    """Month and day of the lunar calendar, and whether the month is a leap month (윤달).

    By the tables of the Korea Astronomy and Space Science Institute, of the days from 1583 to 2050; None beyond.
    """
    if day.year < _FIRST_LUNAR:
        return None
    table = _lunar_table()
    # It keeps the day it was asked for: one after another.
    with _ASKED:
        if not table.setSolarDate(day.year, day.month, day.day):
            return None
        return table.lunarMonth, table.lunarDay, table.isIntercalation


def is_working_day(day: date, exceptions: Exceptions = NONE) -> bool:
    """Whether offices work: Monday to Friday without holidays, the tenant's exceptions before both."""
    if day in exceptions.working:
        return True
    return day.weekday() < _SATURDAY and day not in exceptions.off and day not in _names(day.year, "ko")


def next_working_day(day: date, exceptions: Exceptions = NONE) -> date:
    """The day itself where it is one, or else the first after it."""
    while not is_working_day(day, exceptions):
        day += _DAY
    return day


def add_working_days(day: date, count: int, exceptions: Exceptions = NONE) -> date:
    """The working day that is `count` after `day`, which is not counted itself; before it where `count` is negative.

    With 0 the day itself, or the next working day (민법 제157조, 제161조). Raises `OverflowError` beyond the calendar.
    """
    if not count:
        return next_working_day(day, exceptions)
    step, left = (_DAY, count) if count > 0 else (-_DAY, -count)
    while left:
        day += step
        left -= is_working_day(day, exceptions)
    return day


def working_days_between(first: date, last: date, exceptions: Exceptions = NONE) -> int:
    """How many working days come after `first` until `last` itself, negative where that is earlier.

    What has to be added to `first` to come to `last`, where that is a working day.
    """
    if last < first:
        return -sum(is_working_day(day, exceptions) for day in _days(last, first - _DAY))
    return sum(is_working_day(day, exceptions) for day in _days(first + _DAY, last))


def days_off_between(first: date, last: date, locale: str = "ko", exceptions: Exceptions = NONE) -> dict[date, str]:
    """The days after `first` until `last` on which nobody works, with the holiday's name; weekends have none."""
    days = (day for day in _days(first + _DAY, last) if not is_working_day(day, exceptions))
    return {day: holiday_name(day, locale, exceptions) for day in days}


def deadline(received: datetime, days: int, exceptions: Exceptions = NONE) -> datetime:
    """The moment (UTC) from which what came at `received` is late: the end of the last of `days` working days.

    The day of receipt is not counted (민법 제157조).
    """
    return end_of_day(add_working_days(seoul_date(received), days, exceptions))


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


@lru_cache(maxsize=256)
def _names(year: int, language: str) -> dict[date, str]:
    """The public holidays of a year; none in a year that is not known."""
    # The calendars of all the world come with it: only who asks for a holiday waits for them.
    from holidays import country_holidays

    return dict(country_holidays("KR", years=year, language=language))


@lru_cache(maxsize=1)
def _lunar_table() -> Any:
    """The table of lunar days: it adds up a thousand years where it is made, so that is done once."""
    from korean_lunar_calendar import KoreanLunarCalendar

    return KoreanLunarCalendar()
