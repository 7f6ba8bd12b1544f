"""Time zones: which one a TZID means, and the VTIMEZONE that goes out with each one used (RFC 5545, 3.6.5).

A name that nobody knows is told as such: it is never taken for UTC or for the zone of the server.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from shared.ical import offsets
from shared.ical.lines import Line, Node

# What a VTIMEZONE without a known name is compared with: Korea's zone, the large ones, those Windows has a name for.
_LARGE = ("New_York", "Chicago", "Denver", "Los_Angeles")
_FIRST = (
    "Asia/Seoul",
    "UTC",
    *(f"America/{city}" for city in _LARGE),
    "Europe/London",
    "Europe/Paris",
    "Asia/Shanghai",
)
_CANDIDATES = tuple(dict.fromkeys([*_FIRST, *WINDOWS_TO_OLSON.values()]))
_WINDOWS = {name.casefold(): zone for name, zone in WINDOWS_TO_OLSON.items()}
_UTC = ("utc", "z", "gmt", "etc/utc", "etc/gmt", "zulu", "tzone://microsoft/utc")
# Names of files beside the zones: of nowhere, and of the server.
_NO_ZONES = {"Factory", "localtime", "posixrules"}
_EPOCH = datetime(1970, 1, 1)
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_WEEK = timedelta(days=7)


def resolve(tzid: str, vtimezones: Iterable[Node] = ()) -> ZoneInfo | None:
    """The zone that a TZID means, None where it cannot be known.

    In turn: an IANA name, also quoted or behind a vendor's path; a name of Windows (CLDR); the name that its VTIMEZONE
    gives (`X-LIC-LOCATION`); the zone that has the offsets of its VTIMEZONE today, Asia/Seoul before others.
    """
    name = bare(tzid)
    found = _named(name)
    if found:
        return found
    for node in vtimezones:
        if bare(node.value("TZID")) == name:
            return _named(node.value("X-LIC-LOCATION")) or _alike(node)
    return None


def bare(tzid: str) -> str:
    """A TZID without quotes and blanks around it."""
    return tzid.strip().strip("\"'").strip()


def is_known(name: str) -> bool:
    """Whether it is the name of a zone as IANA writes it."""
    return _by_folded().get(name.casefold()) == name


@lru_cache(maxsize=1024)
def _named(name: str) -> ZoneInfo | None:
    if not name or len(name) > 100:
        return None
    if name.casefold() in _UTC:
        return ZoneInfo("UTC")
    known = _by_folded()
    parts = name.strip("/").split("/")
    for count in range(len(parts)):
        zone = known.get("/".join(parts[count:]).casefold())
        # A vendor's path ends in the name as IANA has it: of one part alone, it is the whole name only.
        if zone and (count == 0 or "/" in zone):
            return ZoneInfo(zone)
    windows = _WINDOWS.get(name.casefold())
    return ZoneInfo(windows) if windows else None


@lru_cache(maxsize=1)
def _by_folded() -> dict[str, str]:
    return {name.casefold(): name for name in available_timezones() - _NO_ZONES}


def _alike(node: Node) -> ZoneInfo | None:
    """The zone whose clocks show what the VTIMEZONE says, at two times of each month of some years."""
    shown = offsets.of(node)
    if shown is None:
        return None
    return next((ZoneInfo(name) for name, those in _offsets_of_candidates() if those == shown), None)


@lru_cache(maxsize=1)
def _offsets_of_candidates() -> tuple[tuple[str, tuple[timedelta | None, ...]], ...]:
    def those(name: str) -> tuple[timedelta | None, ...]:
        zone = ZoneInfo(name)
        return tuple(moment.astimezone(zone).utcoffset() for moment in offsets.PROBES)

    return tuple((name, those(name)) for name in _CANDIDATES)


def vtimezone(zone: str, start: date, end: date | None) -> Node:
    """What a reader must know of a zone's clocks for the days from `start` to `end`, for ever where that is None."""
    return _vtimezone(zone, start.year, None if end is None else end.year)


@lru_cache(maxsize=512)
def _vtimezone(zone: str, first_year: int, last_year: int | None) -> Node:
    # Rules are told from the last years: the tables of IANA follow one rule from 2038 at the latest.
    last = max(first_year, last_year) if last_year else max(first_year + 5, 2045)
    first = datetime(max(first_year, 1901) - 1, 1, 1, tzinfo=UTC)
    changes = list(_changes(ZoneInfo(zone), first, datetime(min(last, 2200), 12, 31, tzinfo=UTC)))
    local = first.astimezone(ZoneInfo(zone))
    base = _part(local, local, _EPOCH if not changes else first.replace(tzinfo=None))
    parts = [base, *_written(changes, last if last_year is None else None)]
    return Node("VTIMEZONE", (Line("TZID", zone),), tuple(parts))


def _changes(zone: ZoneInfo, first: datetime, last: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Each change of the clocks: the moments before and after it in local time, a second from each other."""
    at, state = first, _state(first.astimezone(zone))
    while at < last:
        after = at + _WEEK
        if _state(after.astimezone(zone)) != state:
            low, high = at, after
            while high - low > timedelta(seconds=1):
                middle = (low + (high - low) / 2).replace(microsecond=0)
                low, high = (middle, high) if _state(middle.astimezone(zone)) == state else (low, middle)
            yield low.astimezone(zone), high.astimezone(zone)
            after = high
            state = _state(high.astimezone(zone))
        at = after


def _state(local: datetime) -> tuple[timedelta | None, str | None]:
    return local.utcoffset(), local.tzname()


def _written(changes: list[tuple[datetime, datetime]], endless_from: int | None) -> Iterator[Node]:
    """A part for each run of changes of one kind: what goes on for ever as a rule, the rest change by change."""
    runs: dict[tuple[object, ...], list[tuple[datetime, datetime]]] = {}
    for before, after in changes:
        runs.setdefault((_state(before), _state(after), _yearly(before)), []).append((before, after))
    for (_before, _after, rule), run in runs.items():
        years = [after.year for _, after in run]
        steady = years == list(range(years[0], years[0] + len(years))) and len(years) > 2
        if steady and endless_from is not None and years[-1] >= endless_from:
            yield _part(*run[0], _onset(*run[0]), (Line("RRULE", str(rule)),))
        else:
            yield from (_part(before, after, _onset(before, after)) for before, after in run)


def _yearly(before: datetime) -> str:
    """The yearly rule by which clocks change then: the day is the last of its kind in the month, or the n-th."""
    onset = before + timedelta(seconds=1)
    month = onset.month
    position = -1 if (onset + _WEEK).month != month else (onset.day - 1) // 7 + 1
    return f"FREQ=YEARLY;BYMONTH={month};BYDAY={position}{_WEEKDAYS[onset.weekday()]}"


def _onset(before: datetime, _after: datetime) -> datetime:
    """When the clocks change, by the clock that is changed (RFC 5545, 3.6.5)."""
    return before.replace(tzinfo=None) + timedelta(seconds=1)


def _part(before: datetime, after: datetime, onset: datetime, more: tuple[Line, ...] = ()) -> Node:
    lines = (
        Line("DTSTART", f"{onset.year:04}{onset:%m%dT%H%M%S}"),
        Line("TZOFFSETFROM", _signed(before)),
        Line("TZOFFSETTO", _signed(after)),
        Line("TZNAME", after.tzname() or ""),
        *more,
    )
    return Node("DAYLIGHT" if after.dst() else "STANDARD", lines)


def _signed(local: datetime) -> str:
    seconds = int((local.utcoffset() or timedelta()).total_seconds())
    hours, rest = divmod(abs(seconds), 3600)
    minutes, left = divmod(rest, 60)
    return f"{'-' if seconds < 0 else '+'}{hours:02}{minutes:02}" + (f"{left:02}" if left else "")
