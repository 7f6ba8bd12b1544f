"""Calendars of others: a file for an import, with each bad entry named, and one object as CalDAV clients put it.

Sizes are looked at before anything is taken apart, so that what is hostile ends soon.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from shared.ical import events, lines, values
from shared.ical.cleaning import Cleaner
from shared.ical.faults import CODES, HELD, SKIPPED, WARNING, Problem, Unkept
from shared.ical.lines import Line, Node, NotLines, unfold
from shared.ical.objects import Object, stamp_of

__all__ = [
    "CODES",
    "HELD",
    "SKIPPED",
    "WARNING",
    "NotACalendarObject",
    "Problem",
    "Read",
    "calendars",
    "one",
    "read",
    "unfold",
    "zoned",
]

MOST_BYTES, MOST_OBJECTS, MOST_LINES = 20_000_000, 20_000, 600_000
MOST_BYTES_OF_ONE = 1_000_000
MOST_OVERRIDES = 5_000


class NotACalendarObject(ValueError):
    """No object can be made of it: `reason` is a code."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Read:
    """What a file has, and what is wrong with it."""

    objects: tuple[Object, ...]
    problems: tuple[Problem, ...]


def calendars(data: bytes, most_bytes: int = MOST_BYTES) -> tuple[Node, ...]:
    """The calendars of a file as they are. Raises `NotACalendarObject` (too_large, too_deep, not_a_calendar)."""
    if len(data) > most_bytes or data.count(b"\n") > MOST_LINES or data.count(b"\r") > MOST_LINES:
        raise NotACalendarObject("too_large")
    try:
        found = tuple(node for node in lines.parse(unfold(data)) if node.name == "VCALENDAR")
    except NotLines as error:
        raise NotACalendarObject(str(error)) from error
    if not found:
        raise NotACalendarObject("not_a_calendar")
    return found


def read(
    data: bytes,
    most_bytes: int = MOST_BYTES,
    most_objects: int = MOST_OBJECTS,
    zone_for_unknown: ZoneInfo | None = None,
) -> Read:
    """The objects of a file, one for each UID, and what is wrong. An entry in a zone that nobody knows is held.

    `zone_for_unknown` is the zone that a person chose for those. Of two that are the same, the later counts.
    """
    try:
        found = calendars(data, most_bytes)
    except NotACalendarObject as error:
        return Read((), (Problem("", "", "", error.reason, SKIPPED),))
    cleaner = Cleaner(tuple(_named(found, "VTIMEZONE")), zone_for_unknown)
    for name in ("VTODO", "VJOURNAL"):
        for node in _named(found, name):
            cleaner.tell(node, name, "not_an_event")
    groups: dict[str, list[Node]] = {}
    for node in _named(found, "VEVENT"):
        known = _with_uid(node, cleaner)
        groups.setdefault(known.value("UID"), []).append(known)
    objects = []
    for number, group in enumerate(groups.values()):
        if number >= most_objects:
            cleaner.tell(group[0], "", "too_many", SKIPPED)
            break
        made = _object(group, cleaner)
        if made is not None:
            objects.append(made)
    return Read(tuple(objects), tuple(cleaner.problems))


def one(data: bytes, most_bytes: int = MOST_BYTES_OF_ONE, may_lack_start: bool = False) -> Object:
    """The object that a CalDAV client puts (RFC 4791, 4.1). Raises `NotACalendarObject` with the first reason.

    Among them `several_uids`, `no_event`, `no_uid`, `unknown_zone`, and the codes of what an import skips. A
    cancellation `may_lack_start` (RFC 5546, 3.2.5).
    """
    found = calendars(data, most_bytes)
    nodes = [_with_start(node) if may_lack_start else node for node in _named(found, "VEVENT")]
    if not nodes:
        raise NotACalendarObject("no_event")
    uids = {node.value("UID") for node in nodes}
    if "" in uids:
        raise NotACalendarObject("no_uid")
    if len(uids) > 1:
        raise NotACalendarObject("several_uids")
    cleaner = Cleaner(tuple(_named(found, "VTIMEZONE")))
    made = _object(nodes, cleaner)
    bad = next((problem for problem in cleaner.problems if problem.severity != WARNING), None)
    if made is None or bad:
        raise NotACalendarObject(bad.code if bad else "no_event")
    return made


def zoned(line: Line, vtimezones: tuple[Node, ...]) -> Line | None:
    """A property of a moment with its zone by its IANA name; None where nobody knows the zone."""
    try:
        return Cleaner(vtimezones).zoned(line)
    except Unkept:
        return None


def _named(found: Iterable[Node], name: str) -> Iterable[Node]:
    return (node for top in found for node in top.children if node.name == name)


def _with_uid(node: Node, cleaner: Cleaner) -> Node:
    """The event with a UID: what has none gets one from what it says, so that a second import finds it."""
    if node.value("UID"):
        return node
    cleaner.tell(node, "UID", "no_uid")
    said = "\n".join(node.without("DTSTAMP", "CREATED", "LAST-MODIFIED").plain())
    return node.setting(Line("UID", hashlib.sha256(said.encode()).hexdigest()[:40]))


def _with_start(node: Node) -> Node:
    """The event with a start: that of the instance which is meant, or else the moment of the message."""
    if node.first("DTSTART"):
        return node
    line = node.first("RECURRENCE-ID") or Line("DTSTART", node.value("DTSTAMP"))
    return node.setting(line._replace(name="DTSTART"))


def _object(nodes: list[Node], cleaner: Cleaner) -> Object | None:
    """The object of the events of one UID; None where none can be kept. What is held holds all of it."""
    before = len(cleaner.problems)
    masters = _latest([node for node in nodes if not node.first("RECURRENCE-ID")], cleaner)
    masters = [_stamped(node) for node in masters]
    master = cleaner.event(masters[0]) if masters else None
    if masters and master is None:
        return None
    others = [node for node in nodes if node.first("RECURRENCE-ID")]
    for node in others[MOST_OVERRIDES:]:
        cleaner.tell(node, "RECURRENCE-ID", "too_many", SKIPPED)
        break
    cleaned = [cleaner.event(_stamped(node), master) for node in others[:MOST_OVERRIDES]]
    if any(problem.severity == HELD for problem in cleaner.problems[before:]):
        return None
    kept = _latest([node for node in cleaned if node is not None], cleaner)
    together = [*([master] if master else []), *kept]
    return Object.of_events(together) if together else None


def _latest(nodes: list[Node], cleaner: Cleaner) -> list[Node]:
    """One for each address: of the same the one of the higher SEQUENCE, then of the later DTSTAMP."""
    found: dict[str, Node] = {}
    for node in nodes:
        line = node.first("RECURRENCE-ID")
        address = values.rid(events.moment(line)) if line else ""
        if address in found:
            cleaner.tell(node, "UID", "duplicate")
        found[address] = max(found.get(address, node), node, key=_version)
    return list(found.values())


def _version(node: Node) -> tuple[int, datetime]:
    return events.number(node, "SEQUENCE", 2**31 - 1), stamp_of(node)


def _stamped(node: Node) -> Node:
    """The event with a DTSTAMP, which readers may rely on: one without is as old as can be."""
    return node if node.first("DTSTAMP") else replace(node, lines=(*node.lines, Line("DTSTAMP", "19700101T000000Z")))
