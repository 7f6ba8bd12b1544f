"""Due dates: a day of the office's calendar, or an hour; how late something is, and how working days are counted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from shared import calendar
from shared.calendar import Exceptions
from shared.errors import Invalid

# Public holidays are known until then.
FIRST, LAST = date(1948, 1, 1), date(2100, 12, 31)
# So many days off are named at the most.
SKIPPED_LIMIT = 400


@dataclass(frozen=True, slots=True)
class Due:
    """`at`: the moment (UTC) from which it is late. A `whole_day` is due until its end."""

    at: datetime
    whole_day: bool

    @property
    def day(self) -> date:
        """The day in Seoul on which it is due."""
        return calendar.seoul_date(self.at - timedelta(microseconds=1) if self.whole_day else self.at)

    @property
    def told(self) -> str:
        """As it was given: a day (`YYYY-MM-DD`), or a moment."""
        return self.day.isoformat() if self.whole_day else self.at.isoformat()


def given(value: date | datetime, now: datetime, field: str = "due") -> Due:
    """What somebody gave. Raises `Invalid`: `past` for what is over by `now`, `beyond_2100` for what is beyond 2100."""
    found = _of_hour(value, field) if isinstance(value, datetime) else of_day(value, field)
    if found.at <= now:
        raise Invalid({field: "past"})
    return found


def of_day(day: date, field: str = "due") -> Due:
    """A whole day. Raises `Invalid` (`beyond_2100`)."""
    if day > LAST:
        raise Invalid({field: "beyond_2100"})
    # Before the clocks of Seoul are known, and long past.
    return Due(calendar.end_of_day(max(day, date(1900, 1, 1))), True)


def _of_hour(at: datetime, field: str) -> Due:
    try:
        too_far = calendar.seoul_date(at) > LAST
    except OverflowError:
        too_far = at.year > LAST.year
        at = calendar.start_of_day(date(1900, 1, 1))
    if too_far:
        raise Invalid({field: "beyond_2100"})
    return Due(at.astimezone(UTC), False)


def late(due: datetime | None, until: datetime) -> int:
    """Seconds from when it was due until then; 0 where it is not late."""
    return max(0, int((until - due).total_seconds())) if due else 0


def in_days(days: int, received: date, exceptions: Exceptions) -> date:
    """The day `days` working days after the day of receipt, which is not counted. Raises `Invalid` (`beyond_2100`)."""
    try:
        day = calendar.add_working_days(received, days, exceptions)
    except OverflowError as error:
        raise Invalid({"days": "beyond_2100"}) from error
    if day > LAST:
        raise Invalid({"days": "beyond_2100"})
    return day


def reckoned(received: date, day: date, exceptions: Exceptions) -> dict[str, Any]:
    """How a due day was counted, as `Reckoning`: its working days, and which days were skipped and why."""
    off = calendar.days_off_between(received, day, exceptions=exceptions)
    return {
        "received": received.isoformat(),
        "due": day.isoformat(),
        "days": calendar.working_days_between(received, day, exceptions),
        "skipped": [skipped(each, exceptions) for each in list(off)[:SKIPPED_LIMIT]],
        "day_off": skipped(day, exceptions) if not calendar.is_working_day(day, exceptions) else None,
        "next_working_day": calendar.next_working_day(day, exceptions).isoformat(),
    }


def skipped(day: date, exceptions: Exceptions) -> dict[str, Any]:
    """A day on which nobody works, with the holiday's name in both languages; a plain weekend has none."""
    names = {locale: calendar.holiday_name(day, locale, exceptions) for locale in ("ko", "en")}
    return {"day": day.isoformat(), "name": names["ko"], "name_en": names["en"]}


def warnings(due: Due | None, exceptions: Exceptions) -> Iterator[dict[str, Any]]:
    """What is worth a word about a due date: that it is on a day off."""
    if due and not calendar.is_working_day(due.day, exceptions):
        yield {"field": "due", "code": "day_off", **skipped(due.day, exceptions)}
