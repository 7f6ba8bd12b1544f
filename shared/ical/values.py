"""Values of iCalendar (RFC 5545, 3.3): text, moments, durations; and the ids by which instances are addressed.

A moment is a `date` (all day), a naive `datetime` (floating: by the clock of whoever looks) or an aware one in a zone
that has a name.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

from shared.ical.lines import Line

Moment = date | datetime

FIRST_YEAR, LAST_YEAR = 1900, 2100
ZULU = ZoneInfo("UTC")

_MOMENT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:[Tt](\d\d)(\d\d)(\d\d)([Zz]?))?", re.ASCII)
_DURATION = re.compile(
    r"([+-]?)P(?:(\d{1,5})W)?(?:(\d{1,6})D)?(?:T(?:(\d{1,7})H)?(?:(\d{1,8})M)?(?:(\d{1,9})S)?)?", re.ASCII
)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_TO_ESCAPE = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})
_BREAKS = re.compile("\r\n?")
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f]")
_PART = re.compile(r"((?:[^,\\]|\\.)*)(?:,|$)", re.DOTALL)


def text(written: str) -> str:
    r"""A TEXT value as it is meant: `\n` and `\N` are line breaks, each other escaped character stands for itself."""
    return _ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], written)


def written_text(plain: str) -> str:
    """A TEXT value as it is written, on one line."""
    return _CONTROLS.sub("", _BREAKS.sub("\n", plain)).translate(_TO_ESCAPE)


def texts(written: str) -> tuple[str, ...]:
    """The values of a list of TEXT, without empty ones."""
    return tuple(found for part in _PART.findall(written) if (found := text(part).strip()))


def moment(written: str, zone: tzinfo | None) -> Moment:
    """A DATE or DATE-TIME; without a Z it is in `zone`, floating where that is None. Raises `ValueError`."""
    found = _MOMENT.fullmatch(written.strip())
    if not found:
        raise ValueError(written[:40])
    year, month, day = map(int, found.group(1, 2, 3))
    if found[4] is None:
        return date(year, month, day)
    hour, minute, second = map(int, found.group(4, 5, 6))
    # A leap second is the last that a clock here has (RFC 5545, 3.3.12).
    clock = time(hour, minute, min(second, 59) if second == 60 else second)
    return datetime.combine(date(year, month, day), clock, ZULU if found[7] else zone)


def written_moment(value: Moment) -> str:
    """A moment's value, without its parameters: by the clock of its zone, or with a Z."""
    if not isinstance(value, datetime):
        return f"{value.year:04}{value:%m%d}"
    return f"{value.year:04}{value:%m%dT%H%M%S}" + ("Z" if zone_name(value) == "UTC" else "")


def moment_line(name: str, *values: Moment) -> Line:
    """A property of one moment or a list of them, all of the kind and zone of the first."""
    first, joined = values[0], ",".join(map(written_moment, values))
    if not isinstance(first, datetime):
        return Line(name, joined, (("VALUE", ("DATE",)),))
    zone = zone_name(first)
    return Line(name, joined, (("TZID", (zone,)),) if zone not in ("", "UTC") else ())


def zone_name(value: Moment) -> str:
    """The IANA name of a moment's zone; empty for a date and a floating time."""
    info = value.tzinfo if isinstance(value, datetime) else None
    if info is None:
        return ""
    return info.key if isinstance(info, ZoneInfo) and info.key else "UTC"


def like(value: Moment, model: Moment) -> Moment:
    """A moment in the form of another: a date, floating, or in its zone.

    A date becomes the model's time on that day; a floating time is one in the model's zone; the day of a time that is
    in another zone is taken in the model's.
    """
    if not isinstance(model, datetime):
        return date(value.year, value.month, value.day)
    if not isinstance(value, datetime):
        return datetime.combine(value, model.time(), model.tzinfo)
    if model.tzinfo is None or value.tzinfo is None:
        return value.replace(tzinfo=model.tzinfo)
    return value.astimezone(model.tzinfo)


def instant(value: Moment, zone: tzinfo) -> datetime:
    """The moment as UTC: a day begins, and a floating time is, by the clock of `zone`."""
    if not isinstance(value, datetime):
        value = datetime.combine(value, time())
    return (value.replace(tzinfo=zone) if value.tzinfo is None else value).astimezone(UTC)


def clock(value: Moment) -> datetime:
    """What a clock of the moment's own zone shows: naive; a day's is midnight."""
    return value.replace(tzinfo=None) if isinstance(value, datetime) else datetime.combine(value, time())


def from_clock(shown: datetime, model: Moment) -> Moment:
    """The moment of the model's kind and zone at which its clock shows `shown`."""
    return shown.replace(tzinfo=model.tzinfo) if isinstance(model, datetime) else shown.date()


def rid(value: Moment) -> str:
    """What addresses the instance whose original start this is: `2026-09-08T01:00:00Z`, a date, or floating no Z."""
    if not isinstance(value, datetime):
        return value.isoformat()
    if value.tzinfo is None:
        return value.replace(microsecond=0).isoformat()
    return f"{value.astimezone(UTC).replace(tzinfo=None, microsecond=0).isoformat()}Z"


def moment_of(address: str) -> Moment:
    """The original start that an instance's address names. Raises `ValueError`."""
    if "T" not in address:
        return date.fromisoformat(address)
    found = datetime.fromisoformat(address.removesuffix("Z"))
    if found.tzinfo is not None:
        raise ValueError(address)
    return found.replace(tzinfo=ZULU) if address.endswith("Z") else found


def duration(written: str) -> timedelta:
    """A DURATION. Raises `ValueError`."""
    found = _DURATION.fullmatch(written.strip().upper())
    if not found or not any(found.groups()[1:]):
        raise ValueError(written[:40])
    weeks, days, hours, minutes, seconds = (int(part or 0) for part in found.groups()[1:])
    try:
        length = timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
    except OverflowError as error:
        raise ValueError(written[:40]) from error
    return -length if found[1] == "-" else length


def in_years(value: Moment) -> bool:
    """Whether it lies in the years that a calendar here has: 1900 to 2100."""
    return FIRST_YEAR <= value.year <= LAST_YEAR
