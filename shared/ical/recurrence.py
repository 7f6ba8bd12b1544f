"""What an object has in a span of time: its instances, with those that were changed where they are now."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo

from shared.ical import rules, unfolding, values
from shared.ical.content import Content
from shared.ical.objects import Object
from shared.ical.rules import Parts, describe, rule
from shared.ical.values import Moment

__all__ = ["Expansion", "Instance", "Parts", "describe", "expand", "has", "next_dates", "rule", "slots"]

MOST = 1_000
# What a zone may be off from UTC: by so much is looked around a window of instants by any clock.
_MARGIN = timedelta(days=1)
_FIRST, _LAST = datetime(values.FIRST_YEAR, 1, 1), datetime(values.LAST_YEAR, 12, 31, 23, 59, 59)


@dataclass(frozen=True)
class Instance:
    """One instance: `rid` addresses it (its original start), `start` and `end` are UTC.

    `content` is what says it: its own where it was changed, else that of the series, with the times of the series.
    """

    rid: str
    start: datetime
    end: datetime
    all_day: bool
    content: Content


@dataclass(frozen=True)
class Expansion:
    """The instances in order of their start; `truncated` where there are more."""

    instances: tuple[Instance, ...]
    truncated: bool


def expand(obj: Object, start: datetime, end: datetime, owner_zone: tzinfo, most: int = MOST) -> Expansion:
    """The instances that touch the time from `start` until before `end` (aware), `most` at most.

    Days and floating times are by the clock of `owner_zone`. A rule that is not supported stands for its first event.
    """
    found = [one for one in _changed(obj, owner_zone) if _touches(one, start, end)]
    if obj.master is not None:
        plain = _plain(obj, obj.master, start, end, owner_zone)
        # One more than is asked for tells whether there are more: those that come are in order.
        found += [one for _, one in zip(range(most + 1), plain, strict=False)]
    found.sort(key=lambda one: (one.start, one.end, one.rid))
    return Expansion(tuple(found[:most]), len(found) > most)


def _changed(obj: Object, zone: tzinfo) -> Iterator[Instance]:
    """The instances that differ from their series and were not taken out of it."""
    gone = _gone(obj.master)
    return (_instance(rid, content, content.start, zone) for rid, content in obj.overrides.items() if rid not in gone)


def _plain(obj: Object, master: Content, start: datetime, end: datetime, zone: tzinfo) -> Iterator[Instance]:
    """The instances as the series has them, in order."""
    low = _clock(start - max(master.length, timedelta()), master, zone) - _MARGIN
    high = _clock(end, master, zone) + _MARGIN
    for moment in slots(master, low, high):
        rid = values.rid(moment)
        if rid not in obj.overrides:
            instance = _instance(rid, master, moment, zone)
            if _touches(instance, start, end):
                yield instance


def _clock(moment: datetime, content: Content, zone: tzinfo) -> datetime:
    model = content.start
    own = model.tzinfo if isinstance(model, datetime) and model.tzinfo else zone
    return moment.astimezone(own).replace(tzinfo=None)


def _instance(rid: str, content: Content, moment: Moment, zone: tzinfo) -> Instance:
    start = values.instant(moment, zone)
    if content.all_day or content.floating:
        end = values.instant(moment + content.length, zone)
    else:
        end = start + content.length
    return Instance(rid, start, end, content.all_day, content)


def _touches(instance: Instance, start: datetime, end: datetime) -> bool:
    """Whether it is in the window (RFC 4791, 9.9); what takes no time is where it begins."""
    return instance.start < end and (
        instance.end > start or (instance.start == instance.end and instance.start >= start)
    )


def _gone(content: Content | None) -> frozenset[str]:
    return frozenset(map(values.rid, content.exdates)) if content else frozenset()


def slots(content: Content, low: datetime, high: datetime) -> Iterator[Moment]:
    """The original starts of a series from `low` to `high` by its own clock, in order, without those taken out."""
    gone = _gone(content)
    before = None
    added = (shown for shown in sorted(map(values.clock, content.rdates)) if low <= shown <= high)
    for shown in heapq.merge(_starts(content, low, high), added):
        moment = values.from_clock(shown, content.start)
        if shown != before and values.rid(moment) not in gone:
            yield moment
        before = shown


def _starts(content: Content, low: datetime, high: datetime) -> Iterator[datetime]:
    if content.rrule and rules.is_supported(content.rrule):
        yield from unfolding.starts(content.rrule, content.start, low, min(high, _LAST))
    elif low <= values.clock(content.start) <= high:
        yield values.clock(content.start)


def has(obj: Object, rid: str) -> bool:
    """Whether an instance of this address is there."""
    if obj.master is None or rid in obj.overrides:
        return rid in obj.overrides and rid not in _gone(obj.master)
    try:
        moment = values.like(values.moment_of(rid), obj.master.start)
    except (ValueError, OverflowError):
        return False
    shown = values.clock(moment)
    return any(values.rid(slot) == rid for slot in slots(obj.master, shown, shown))


def next_dates(content: Content, count: int = 3, after: Moment | None = None) -> list[Moment]:
    """The first starts of a series, or those after a moment or a whole day, in the form of its start."""
    if after is None:
        low = _FIRST
    elif isinstance(after, datetime):
        low = values.clock(values.like(after, content.start))
    else:
        low = datetime.combine(after, time(23, 59, 59))
    later = (slot for slot in slots(content, low, _LAST) if after is None or values.clock(slot) > low)
    return [slot for _, slot in zip(range(count), later, strict=False)]
