"""The offsets from UTC that a VTIMEZONE of somebody else tells, at moments by which zones are known apart.

Only what a zone needs is understood: rules of a year. One that says `FREQ=SECONDLY` has nothing to say.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from dateutil.rrule import rrulestr

from shared.ical import values
from shared.ical.lines import Node

PROBES = tuple(
    datetime(year, month, day, 12, tzinfo=UTC) for year in (2025, 2026) for month in range(1, 13) for day in (2, 16)
)

_OFFSET = re.compile(r"([+-])(\d\d)(\d\d)(\d\d)?", re.ASCII)
_RULE = re.compile(r"FREQ=YEARLY(;(BYMONTH|BYDAY|BYMONTHDAY|INTERVAL|UNTIL|COUNT|WKST)=[-+A-Z0-9,]{1,40})*", re.ASCII)
_UNTIL = re.compile(r";UNTIL=(\d{4})[0-9TZ]*")
_MOST_PARTS, _MOST_DATES = 100, 300
_Onset = tuple[datetime, timedelta]


def of(node: Node) -> tuple[timedelta | None, ...] | None:
    """The offset at each of `PROBES`; None where the VTIMEZONE cannot be understood."""
    try:
        onsets = sorted(onset for part in node.children[:_MOST_PARTS] for onset in _onsets(part))
        first = min((_of_part(part) for part in node.children[:_MOST_PARTS]), key=lambda part: part[0])
    except (ValueError, OverflowError):
        return None
    return tuple(_at(probe.replace(tzinfo=None), onsets, first[1]) for probe in PROBES)


def _at(moment: datetime, onsets: list[_Onset], before: timedelta) -> timedelta:
    return next((offset for onset, offset in reversed(onsets) if onset <= moment), before)


def _of_part(part: Node) -> _Onset:
    return values.clock(values.moment(part.value("DTSTART"), None)), _offset(part.value("TZOFFSETTO"))


def _onsets(part: Node) -> list[_Onset]:
    """When the offset of a part begins to hold (UTC, naive), as far as the probes need it."""
    start, to = _of_part(part)
    back = _offset(part.value("TZOFFSETFROM"))
    found = [start]
    for line in part.all("RDATE")[:_MOST_DATES]:
        found += [values.clock(values.moment(text, None)) for text in line.value.split(",")[:_MOST_DATES]]
    rule = part.value("RRULE").upper()
    if rule:
        found += _yearly(rule, start)
    return [(onset - back, to) for onset in found if onset.year > 1]


def _yearly(rule: str, start: datetime) -> list[datetime]:
    if not _RULE.fullmatch(rule):
        raise ValueError(rule[:40])
    until = _UNTIL.search(rule)
    bare = _UNTIL.sub("", rule)
    # Rules that ended long ago need not be told from their first year, nor do those that began before clocks did.
    first = (
        start.replace(year=max(start.year, 1970))
        if "COUNT" not in rule and (start.month, start.day) != (2, 29)
        else start
    )
    limit = min(int(until[1]) if until else 9999, PROBES[-1].year)
    return list(rrulestr(bare, dtstart=first).between(first, datetime(max(limit, 1), 12, 31), inc=True))


def _offset(written: str) -> timedelta:
    found = _OFFSET.fullmatch(written)
    if not found:
        raise ValueError(written[:40])
    length = timedelta(hours=int(found[2]), minutes=int(found[3]), seconds=int(found[4] or 0))
    return -length if found[1] == "-" else length
