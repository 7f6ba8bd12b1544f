"""Calendars as others write them, and short ways to what a test looks at."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from shared.ical.content import Content
from shared.ical.objects import Object
from shared.ical.reading import read
from shared.ical.recurrence import Expansion, expand

SEOUL = ZoneInfo("Asia/Seoul")
NEW_YORK = ZoneInfo("America/New_York")
NOW = datetime(2026, 8, 1, tzinfo=UTC)


def calendar(*parts: str) -> bytes:
    """A calendar of these parts, with the line ends it must have."""
    text = "\n".join(
        ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//x//y//EN", *map(str.strip, parts), "END:VCALENDAR", ""]
    )
    return text.replace("\n", "\r\n").encode()


def event(*lines: str, uid: str = "u1", stamp: str = "20260801T000000Z") -> str:
    """A VEVENT of these lines."""
    return "\n".join(["BEGIN:VEVENT", f"UID:{uid}", f"DTSTAMP:{stamp}", *lines, "END:VEVENT"])


def imported(*parts: str) -> Object:
    """The one object of a calendar that has nothing wrong that keeps it out."""
    (found,) = read(calendar(*parts)).objects
    return found


def at(text: str, zone: ZoneInfo = SEOUL) -> datetime:
    """A time by the clock of a zone: `2026-09-01 10:00`."""
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def hour(text: str, title: str = "회의", hours: int = 1, **more: Any) -> Content:
    """An event that begins then, in Seoul."""
    start = at(text)
    return Content(title, start, start.replace(hour=start.hour + hours), **more)


def window(obj: Object, start: str, end: str, most: int = 1000) -> Expansion:
    """What falls between two times in Seoul."""
    return expand(obj, at(start), at(end), SEOUL, most)


def shown(found: Expansion) -> list[str]:
    """The starts of what was found, by the clock of Seoul."""
    return [f"{instance.start.astimezone(SEOUL):%m-%d %H:%M}" for instance in found.instances]
