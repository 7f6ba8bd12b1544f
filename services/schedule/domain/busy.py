"""When somebody is taken, and times at which all are free."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from shared.calendar import SEOUL, Exceptions, is_working_day

BUSY, TENTATIVE = "busy", "tentative"
_DAY = timedelta(days=1)
# The hours of an office (공무원 복무규정 제9조), and its hour of lunch.
OPENS, CLOSES = time(9), time(18)
LUNCH = (time(12), time(13))
STEP = timedelta(minutes=30)


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A time at which somebody is taken."""

    starts_at: datetime
    ends_at: datetime
    kind: str = BUSY


def merged(spans: Iterable[Span]) -> list[Span]:
    """The same times without overlaps, those that adjoin as one; busy goes before tentative (RFC 4791, 7.10)."""
    found = list(spans)
    busy = _joined(each for each in found if each.kind == BUSY)
    tentative = _joined(each for each in found if each.kind != BUSY)
    return sorted(busy + [part for each in tentative for part in _without(each, busy)])


def _joined(spans: Iterable[Span]) -> list[Span]:
    joined: list[Span] = []
    for each in sorted(each for each in spans if each.starts_at < each.ends_at):
        if joined and each.starts_at <= joined[-1].ends_at:
            last = joined.pop()
            each = Span(last.starts_at, max(last.ends_at, each.ends_at), each.kind)
        joined.append(each)
    return joined


def _without(span: Span, taken: Sequence[Span]) -> list[Span]:
    """What is left of a time without what is taken (in order)."""
    left, start = [], span.starts_at
    for each in taken:
        if each.ends_at <= start or each.starts_at >= span.ends_at:
            continue
        if each.starts_at > start:
            left.append(Span(start, each.starts_at, span.kind))
        start = max(start, each.ends_at)
    return [*left, Span(start, span.ends_at, span.kind)] if start < span.ends_at else left


@dataclass(frozen=True, slots=True)
class Proposal:
    """A time at which all are free; `tentative` are those who would have to move something."""

    starts_at: datetime
    ends_at: datetime
    tentative: tuple[str, ...]
    worth: tuple[int, ...]


def proposals(
    taken: Mapping[str, Sequence[Span]],
    length: timedelta,
    first: date,
    days: int,
    now: datetime,
    exceptions: Exceptions,
) -> list[Proposal]:
    """The times within working hours at which nobody is busy, best first.

    Better is where nobody has to move anything, outside of lunch, soon, and not at the edge of the day.
    """
    found: list[Proposal] = []
    for day in _working_days(first, days, exceptions):
        begins = datetime.combine(day, OPENS, SEOUL)
        closes = datetime.combine(day, CLOSES, SEOUL)
        while begins + length <= closes:
            if begins > now:
                found += _proposal(begins.astimezone(UTC), length, taken, (day - first).days)
            begins += STEP
    return sorted(found, key=lambda each: (each.worth, each.starts_at))


def _working_days(first: date, count: int, exceptions: Exceptions) -> Iterable[date]:
    day, last = first, first + timedelta(days=count * 3 + 14)
    while count and day <= last:
        if is_working_day(day, exceptions):
            count -= 1
            yield day
        day += _DAY


def _proposal(begins: datetime, length: timedelta, taken: Mapping[str, Sequence[Span]], days: int) -> list[Proposal]:
    ends = begins + length
    tentative = []
    for who, spans in taken.items():
        met = [each.kind for each in spans if each.starts_at < ends and begins < each.ends_at]
        if BUSY in met:
            return []
        if met:
            tentative.append(who)
    local = begins.astimezone(SEOUL)
    at_lunch = local.time() < LUNCH[1] and ends.astimezone(SEOUL).time() > LUNCH[0]
    at_edge = local.time() < time(9, 30) or ends.astimezone(SEOUL).time() > time(17, 30)
    worth = (len(tentative), int(at_lunch), days, int(at_edge))
    return [Proposal(begins, ends, tuple(tentative), worth)]


def spread(found: Sequence[Proposal], most: int) -> list[Proposal]:
    """The best of them, no two of which overlap: half an hour later is no other choice."""
    chosen: list[Proposal] = []
    for each in found:
        if len(chosen) == most:
            break
        if all(each.starts_at >= other.ends_at or each.ends_at <= other.starts_at for other in chosen):
            chosen.append(each)
    return chosen


def busiest(taken: Mapping[str, Sequence[Span]], most: int = 3) -> list[str]:
    """Who is taken longest: where nobody is free together, they are to be asked first."""
    length = {who: sum((s.ends_at - s.starts_at for s in spans), timedelta()) for who, spans in taken.items()}
    return [who for who in sorted(length, key=lambda who: (-length[who], who)) if length[who]][:most]
