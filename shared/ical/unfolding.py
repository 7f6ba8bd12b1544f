"""When a rule falls (RFC 5545, 3.3.10): over `dateutil`, with its faults and its costs kept away.

Reckoned by the clock of the event's own zone, without a zone: ten o'clock stays ten o'clock over summer time.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from dateutil.rrule import rrulestr

from shared.ical import rules, values
from shared.ical.values import Moment

_DAYS = ("BYDAY", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO")
# The calendar repeats itself, to the weekday and the number of the week.
_CYCLE = 400
_LAST = 9999


def starts(rrule: str, start: Moment, low: datetime, high: datetime) -> Iterator[datetime]:
    """The starts of a rule by the clock of its event, from `low` to `high` (naive, both included), in order.

    The first start is one of them whether the rule has it or not, and counts as the first of COUNT. Ends soon
    whatever the rule: one that never falls is looked for in no more than four centuries, a long one begins near `low`.
    """
    first = values.clock(start)
    if low <= first <= high:
        yield first
    count = 0 if goes_on(rrule, start, high) else int(rules.split(rrule).get("COUNT", 0))
    seen = 1
    for shown in falls(rrule, start, first if count else low, high):
        if shown > first:
            if count and seen >= count:
                return
            seen += 1
            if shown >= low:
                yield shown


def goes_on(rrule: str, start: Moment, until: datetime) -> bool:
    """Whether a rule has no COUNT, or one that cannot be used up by then, however often it falls."""
    count = rules.split(rrule).get("COUNT")
    days = (until - values.clock(start)).days + 2
    return count is None or int(count) > days * rules.MOST_TIMES_A_DAY


def falls(rrule: str, start: Moment, low: datetime, high: datetime) -> Iterator[datetime]:
    """What the rule itself has from about `low` to `high`, without regard to COUNT; from its first start at most."""
    first = values.clock(start)
    parts = _explicit(rules.split(rrule), first)
    last = rules.until(parts, start)
    parts.pop("COUNT", None)
    parts.pop("UNTIL", None)
    return _plain(parts, _near(parts, first, low), high if last is None else min(high, values.clock(last)))


def _plain(parts: dict[str, str], first: datetime, end: datetime) -> Iterator[datetime]:
    """What the rule has from `first` to `end`.

    `dateutil` seeks on to the year 9999 where nothing falls: it is asked about the same years of the last cycle.
    """
    if first > end:
        return
    shift = (_LAST - end.year) // _CYCLE * _CYCLE
    for shown in rrulestr(rules.joined(parts), dtstart=first.replace(year=first.year + shift)):
        back = shown.replace(year=shown.year - shift)
        if back > end:
            return
        yield back


def _explicit(parts: dict[str, str], first: datetime) -> dict[str, str]:
    """The rule with what it takes from its start written out, so that it may begin elsewhere.

    BYWEEKNO takes the weekday of the start, which `dateutil` does not know: it has the whole week.
    """
    freq = parts["FREQ"]
    parts = dict(parts)
    if not any(parts.get(name) for name in _DAYS):
        if freq == "WEEKLY":
            parts["BYDAY"] = rules.WEEKDAYS[first.weekday()]
        elif freq in ("MONTHLY", "YEARLY"):
            parts["BYMONTHDAY"] = str(first.day)
        if freq == "YEARLY":
            parts.setdefault("BYMONTH", str(first.month))
    elif parts.get("BYWEEKNO") and not any(parts.get(name) for name in _DAYS[:3]):
        parts["BYDAY"] = rules.WEEKDAYS[first.weekday()]
    return parts


def _near(parts: dict[str, str], first: datetime, low: datetime) -> datetime:
    """Where the rule may begin instead of at its first start: whole intervals later, before `low`."""
    interval, freq = int(parts.get("INTERVAL", 1)), parts["FREQ"]
    if freq in ("DAILY", "WEEKLY"):
        length = interval * (7 if freq == "WEEKLY" else 1)
        return first + timedelta(days=max(0, ((low - first).days - length - 7) // length * length))
    months = interval * (12 if freq == "YEARLY" else 1)
    apart = (low.year - first.year) * 12 + low.month - first.month
    skipped = (apart - months - 12) // months * months
    if skipped <= 0:
        return first
    year, month = divmod(first.year * 12 + first.month - 1 + skipped, 12)
    return first.replace(year=year, month=1 if freq == "YEARLY" else month + 1, day=1)
