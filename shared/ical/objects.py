"""A calendar object (RFC 4791, 4.1): everything of one UID, the series and the instances that differ from it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import cached_property
from types import MappingProxyType

from shared.ical import events, lines, rules, unfolding, values, writing
from shared.ical.content import Content
from shared.ical.lines import Node

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
_STAMPS = ("DTSTAMP", "LAST-MODIFIED", "CREATED")


@dataclass(frozen=True)
class Object:
    """The VEVENTs of one UID in one form: IANA zones, times of the series in the form of its start.

    Made by `new`, by `of_text` from what `.text` wrote, and by `shared.ical.reading` from anything else.
    """

    events: tuple[Node, ...]

    @staticmethod
    def new(content: Content, uid: str, stamp: datetime) -> Object:
        """The object of one event or series."""
        return Object((events.node_of(content, uid, stamp),))

    @staticmethod
    def of_text(text: str) -> Object:
        """The object that `.text` wrote. Raises `ValueError` where there is no event."""
        found = tuple(node for top in lines.parse(lines.unfold(text.encode())) for node in top.children)
        return Object.of_events(node for node in found if node.name == "VEVENT")

    @staticmethod
    def of_events(nodes: Iterable[Node]) -> Object:
        """The object of VEVENTs in that form: the series first, then the instances in order. Raises `ValueError`."""
        ordered = sorted(nodes, key=_order)
        if not ordered:
            raise ValueError("no_event")
        return Object(tuple(ordered))

    @cached_property
    def uid(self) -> str:
        """What the object is known by everywhere."""
        return values.text(self.events[0].value("UID"))

    @cached_property
    def sequence(self) -> int:
        """The highest SEQUENCE."""
        return max(events.number(node, "SEQUENCE", 2**31 - 1) for node in self.events)

    @cached_property
    def stamp(self) -> datetime:
        """The latest DTSTAMP, UTC; 1970 where there is none."""
        return max(map(stamp_of, self.events))

    @cached_property
    def master_node(self) -> Node | None:
        """The VEVENT of the series, or of the only event."""
        return next((node for node in self.events if not node.first("RECURRENCE-ID")), None)

    @cached_property
    def master(self) -> Content | None:
        """What the series says, or the only event; None where only single instances are known."""
        return events.content_of(self.master_node) if self.master_node else None

    @cached_property
    def nodes(self) -> Mapping[str, Node]:
        """The VEVENTs of the instances that differ, by their address."""
        own = ((node.first("RECURRENCE-ID"), node) for node in self.events)
        return MappingProxyType({values.rid(events.moment(line)): node for line, node in own if line})

    @cached_property
    def overrides(self) -> Mapping[str, Content]:
        """The instances that differ from the series, by their address."""
        return MappingProxyType({rid: events.content_of(node) for rid, node in self.nodes.items()})

    @property
    def is_recurring(self) -> bool:
        """Whether it may have more than one instance."""
        return bool(self.overrides) or (self.master is not None and self.master.recurs)

    @property
    def title(self) -> str:
        """The title of the series, or of the first instance that is known."""
        return (self.master or next(iter(self.overrides.values()))).title

    @cached_property
    def text(self) -> str:
        """The object as iCalendar, the same text for the same object."""
        return writing.calendar(self.events, self.days)

    @cached_property
    def digest(self) -> str:
        """What two versions have in common that say the same, whenever they were written."""
        said = "\n".join(line for node in self.events for line in node.without(*_STAMPS).plain())
        return hashlib.sha256(said.encode()).hexdigest()

    @property
    def days(self) -> tuple[date, date | None]:
        """The first day and the last that it touches by any clock; None where it has no end."""
        start, end = self.span(UTC)
        margin = timedelta(days=1)
        return (start - margin).date(), None if end is None else (end + margin).date()

    def span(self, owner_zone: tzinfo) -> tuple[datetime, datetime | None]:
        """From the first start to the last end (UTC), None without end: nothing of it lies outside."""
        own = [self.master, *self.overrides.values()]
        contents = [content for content in own if content is not None]
        starts = [values.instant(moment, owner_zone) for each in contents for moment in (each.start, *each.rdates)]
        ends = [values.instant(content.end, owner_zone) for content in contents]
        if self.master is not None:
            last = _last(self.master)
            if last is None:
                return min(starts), None
            ends.append(values.instant(last, owner_zone) + self.master.length)
        return min(starts), max(ends)


def stamp_of(node: Node) -> datetime:
    """The DTSTAMP of a VEVENT, UTC; 1970 where there is none."""
    try:
        return values.instant(values.moment(node.value("DTSTAMP"), UTC), UTC)
    except ValueError:
        return _NEVER


def _order(node: Node) -> tuple[bool, str]:
    line = node.first("RECURRENCE-ID")
    return line is not None, values.rid(events.moment(line)) if line else ""


def _last(content: Content) -> values.Moment | None:
    """The last start of a series, or one after it; None without end."""
    known = max((content.start, *content.rdates), key=values.clock)
    if not content.rrule or not rules.is_supported(content.rrule):
        return known
    parts = rules.split(content.rrule)
    last = rules.until(parts, content.start)
    end = datetime(values.LAST_YEAR, 12, 31, 23, 59, 59)
    if last is None and not unfolding.goes_on(content.rrule, content.start, end):
        for shown in unfolding.starts(content.rrule, content.start, values.clock(content.start), end):
            last = values.from_clock(shown, content.start)
    return None if last is None else max(known, last, key=values.clock)
