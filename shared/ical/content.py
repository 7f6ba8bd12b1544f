"""What an event says, in one form whatever it was written like: the fields of pages, of the API and of iCalendar."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from shared.ical import rules, unfolding, values
from shared.ical.values import Moment

MOST_TITLE, MOST_PLACE, MOST_LINK, MOST_DESCRIPTION = 300, 300, 2000, 50_000
MOST_DATES = 5_000
MOST_REMINDERS, LONGEST_REMINDER = 10, 366 * 24 * 60
MOST_CATEGORIES, MOST_ATTENDEES = 50, 1_000
# So many events are no series but a mistake: 200 years of days.
MOST_COUNT = 73_000
IMPORTANCE = (0, 1, 5, 9)
VISIBILITY = ("public", "busy", "private")
STATUS = ("confirmed", "tentative", "cancelled")


class Organizer(NamedTuple):
    """Who calls: an address (without `mailto:`), a name, the address of who sends for them."""

    address: str
    name: str = ""
    sent_by: str = ""


@dataclass(frozen=True)
class Attendee:
    """Who is invited: words as iCalendar has them (`REQ-PARTICIPANT`, `NEEDS-ACTION`, `INDIVIDUAL`)."""

    address: str
    name: str = ""
    role: str = "REQ-PARTICIPANT"
    partstat: str = "NEEDS-ACTION"
    rsvp: bool = False
    kind: str = "INDIVIDUAL"


@dataclass(frozen=True)
class Content:
    """One event, or a series by its first one.

    `start` and `end` are dates (all day, the end not included), naive times (floating) or aware ones; `all_day` and
    `zone` follow `start`: where a zone is given too, an aware time is told in it and a naive one is of it. Dates of
    the series are in the form of `start`. `importance` is PRIORITY: 0 none, 1 high, 5 normal, 9 low. `busy` shows
    others when, not what. `reminders` are minutes before the start. Raises for a `zone` that `zoneinfo` does not know:
    `shared.ical.zones.is_known` tells before.
    """

    title: str
    start: Moment
    end: Moment
    all_day: bool = False
    zone: str = ""
    rrule: str | None = None
    rdates: tuple[Moment, ...] = ()
    exdates: tuple[Moment, ...] = ()
    place: str = ""
    link: str = ""
    description: str = ""
    importance: int = 0
    categories: tuple[str, ...] = ()
    visibility: str = "public"
    transparent: bool = False
    status: str = "confirmed"
    reminders: tuple[int, ...] = ()
    organizer: Organizer | None = None
    attendees: tuple[Attendee, ...] = ()
    sequence: int = 0
    recurrence_id: Moment | None = None

    def __post_init__(self) -> None:
        start = _placed(self.start, self.zone)
        self._set("start", start)
        self._set("end", _ended(start, self.end))
        self._set("all_day", not isinstance(start, datetime))
        self._set("zone", values.zone_name(start))
        self._set("rrule", rules.normal(self.rrule, start) if self.rrule else None)
        self._set("rdates", _dates(self.rdates, start))
        self._set("exdates", _dates(self.exdates, start))

    def _set(self, name: str, value: object) -> None:
        object.__setattr__(self, name, value)

    @property
    def floating(self) -> bool:
        """Whether it is at its time by the clock of whoever looks."""
        return not self.all_day and not self.zone

    @property
    def length(self) -> timedelta:
        """How long it lasts: days of the calendar, or time that passes."""
        if isinstance(self.start, datetime) and self.start.tzinfo is not None:
            return values.instant(self.end, values.ZULU) - values.instant(self.start, values.ZULU)
        return values.clock(self.end) - values.clock(self.start)

    @property
    def recurs(self) -> bool:
        """Whether there may be more than one."""
        return bool(self.rrule or self.rdates)


def _placed(start: Moment, zone: str) -> Moment:
    if not isinstance(start, datetime):
        return start
    start = start.replace(microsecond=0)
    if zone:
        info = ZoneInfo(zone)
        return start.replace(tzinfo=info) if start.tzinfo is None else start.astimezone(info)
    if start.tzinfo is not None and not (isinstance(start.tzinfo, ZoneInfo) and start.tzinfo.key):
        return start.astimezone(values.ZULU)
    return start


def _ended(start: Moment, end: Moment) -> Moment:
    """The end in the zone of the start, so that both are told by one clock; of another kind it stays, and is told."""
    if isinstance(start, datetime) and isinstance(end, datetime):
        return values.like(end.replace(microsecond=0), start)
    return end


def _dates(moments: Iterable[Moment], start: Moment) -> tuple[Moment, ...]:
    placed = {values.rid(moment): moment for moment in (values.like(each, start) for each in moments)}
    return tuple(placed[key] for key in sorted(placed))


def problems(content: Content) -> dict[str, str]:
    """What cannot be kept, by field, as codes; empty where all is well."""
    found = {**_times(content), **_lengths(content), **_words(content)}
    if content.rrule and "start" not in found and (code := _rule(content.rrule, content)):
        found["rrule"] = code
    return found


def _times(content: Content) -> dict[str, str]:
    start, end = content.start, content.end
    if not values.in_years(start):
        return {"start": "year_out_of_range"}
    if isinstance(start, datetime) != isinstance(end, datetime):
        return {"end": "other_kind"}
    if not values.in_years(end):
        return {"end": "year_out_of_range"}
    if content.length < timedelta() or (content.all_day and not content.length):
        return {"end": "before_start"}
    return {
        field: "year_out_of_range"
        for field, moments in (("rdates", content.rdates), ("exdates", content.exdates))
        if not all(map(values.in_years, moments))
    }


def _lengths(content: Content) -> dict[str, str]:
    texts = {
        "title": (content.title, MOST_TITLE),
        "place": (content.place, MOST_PLACE),
        "link": (content.link, MOST_LINK),
        "description": (content.description, MOST_DESCRIPTION),
    }
    lists = {
        "rdates": (content.rdates, MOST_DATES),
        "exdates": (content.exdates, MOST_DATES),
        "categories": (content.categories, MOST_CATEGORIES),
        "reminders": (content.reminders, MOST_REMINDERS),
        "attendees": (content.attendees, MOST_ATTENDEES),
    }
    long = {field: "too_long" for field, (text, most) in texts.items() if len(text) > most}
    return long | {field: "too_many" for field, (items, most) in lists.items() if len(items) > most}


def _words(content: Content) -> dict[str, str]:
    checks = {
        "title": (bool(content.title.strip()), "required"),
        "importance": (content.importance in IMPORTANCE, "unknown"),
        "visibility": (content.visibility in VISIBILITY, "unknown"),
        "status": (content.status in STATUS, "unknown"),
        "reminders": (all(0 <= minutes <= LONGEST_REMINDER for minutes in content.reminders), "out_of_range"),
    }
    return {field: code for field, (holds, code) in checks.items() if not holds}


def _rule(rrule: str, content: Content) -> str:
    try:
        parts = rules.split(rrule)
        last = rules.until(parts, content.start)
    except (ValueError, OverflowError):
        return "not_a_rule"
    if not rules.is_supported(rrule):
        return "rule_not_supported"
    if "COUNT" in parts and last is not None:
        return "count_and_until"
    if int(parts.get("COUNT", 1)) > MOST_COUNT:
        return "count_out_of_range"
    if last is not None and values.clock(last) < values.clock(content.start):
        return "until_before_start"
    return "" if _yields(rrule, content.start) else "rule_yields_nothing"


def _yields(rrule: str, start: Moment) -> bool:
    """Whether the rule itself falls on any day, in all the years of a calendar here."""
    parts = rules.split(rrule)
    parts.pop("COUNT", None)
    first, last = values.clock(start), datetime(values.LAST_YEAR, 12, 31, 23, 59, 59)
    falls = unfolding.falls(rules.joined(parts), start, first, last)
    return next(falls, None) is not None
