"""When meetings are: the limits, the meetings of a series, and how one is moved with others."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import islice

from shared.calendar import SEOUL
from shared.errors import Invalid
from shared.ical import values
from shared.ical.content import Content, problems
from shared.ical.recurrence import slots

FIRST, LAST = datetime(1990, 1, 1, tzinfo=UTC), datetime(2101, 1, 1, tzinfo=SEOUL).astimezone(UTC)
LONGEST = timedelta(days=31)
MOST = 200
WITHIN = timedelta(days=731)
_HOUR = timedelta(hours=1)


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
    first = starts_at.astimezone(SEOUL)
    if not rule.strip():
        raise Invalid({"rule": "not_valid"})
    try:
        series = Content("·", first, first + _HOUR, zone=SEOUL.key, rrule=rule.strip().removeprefix("RRULE:"))
        wrong = problems(series).get("rrule")
    except (ValueError, OverflowError) as error:
        raise Invalid({"rule": "not_valid"}) from error
    # More than are made of it is no mistake here: there are 200 at the most.
    if wrong and wrong != "count_out_of_range":
        raise Invalid({"rule": "none_before" if wrong == "until_before_start" else "not_valid"})
    begins = values.clock(series.start)
    found = islice(slots(series, begins, begins + WITHIN), MOST)
    return [values.instant(day, SEOUL) for day in found]


def rid(starts_at: datetime) -> str:
    """The RECURRENCE-ID of a meeting of a series: when it was to begin at first, in UTC."""
    return f"{starts_at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def shifted(moment: datetime, before: datetime, after: datetime) -> datetime:
    """A moment moved as `before` was moved to `after`: by days and hours of the clock of Seoul."""
    by = after.astimezone(SEOUL).replace(tzinfo=None) - before.astimezone(SEOUL).replace(tzinfo=None)
    return (moment.astimezone(SEOUL).replace(tzinfo=None) + by).replace(tzinfo=SEOUL).astimezone(UTC)
