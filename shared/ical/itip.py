"""Invitations, cancellations and answers (RFC 5546) as the calendar part of a mail (RFC 6047) has them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from shared.ical import addresses, events, people, reading, series, values, writing
from shared.ical.editing import NoSuchInstance, change
from shared.ical.lines import Line, Node
from shared.ical.objects import Object, stamp_of
from shared.ical.ordering import Message, State, apply, read_message
from shared.ical.reading import NotACalendarObject
from shared.ical.recurrence import has
from shared.ical.values import Moment

__all__ = [
    "CANCEL",
    "COUNTER",
    "REPLY",
    "REQUEST",
    "Message",
    "Reply",
    "State",
    "answered",
    "apply",
    "message",
    "method_of",
    "read_message",
    "read_reply",
]

REQUEST, CANCEL, REPLY, COUNTER = "REQUEST", "CANCEL", "REPLY", "COUNTER"
ANSWERS = ("ACCEPTED", "DECLINED", "TENTATIVE", "DELEGATED", "NEEDS-ACTION")
# What a cancellation and an answer say: which event, not what is in it.
_BRIEF = ("UID", "DTSTART", "DTEND", "DURATION", "RECURRENCE-ID", "SUMMARY", "LOCATION", "ORGANIZER", "SEQUENCE")


@dataclass(frozen=True)
class Reply:
    """An answer: of whom, to which object and instance (empty: all of it), and which of its versions was answered."""

    uid: str
    rid: str
    sequence: int
    stamp: datetime
    attendee: str
    partstat: str
    comment: str = ""
    name: str = ""
    proposed: tuple[Moment, Moment] | None = None
    """The other time that a counter proposal names."""


def message(
    obj: Object,
    method: str,
    recipient: str,
    now: datetime,
    *,
    rid: str = "",
    hide_list: bool = False,
    sequence: int | None = None,
    partstat: str = "",
    comment: str = "",
) -> bytes:
    """The `text/calendar; method=…` part: UTF-8, CRLF; its MIME `method` has to be the same.

    `recipient` is the guest whom it concerns: who gets a REQUEST or a CANCEL, who answers by a REPLY with `partstat`.
    `rid` is the one instance that is meant. `hide_list` shows a guest no other. A CANCEL has `sequence`, that of the
    object after the change. Raises `NoSuchInstance`; `ValueError` where nobody calls.
    """
    nodes = [_instance(obj, rid)] if rid else list(obj.events)
    if not nodes[0].first("ORGANIZER"):
        raise ValueError("organizer")
    if method != REQUEST:
        nodes = [_brief(node) for node in nodes[:1]]
    own = [
        _addressed(node, method, recipient, hide_list, partstat).setting(Line("DTSTAMP", _utc(now))) for node in nodes
    ]
    if method == CANCEL:
        number = Line("SEQUENCE", str(obj.sequence if sequence is None else sequence))
        own = [node.setting(Line("STATUS", "CANCELLED"), number) for node in own]
    if comment:
        own = [node.setting(Line("COMMENT", values.written_text(comment))) for node in own]
    return writing.calendar(own, obj.days, [Line("METHOD", method)]).encode()


def _instance(obj: Object, rid: str) -> Node:
    if rid in obj.nodes:
        return obj.nodes[rid]
    if obj.master is None or not has(obj, rid):
        raise NoSuchInstance(rid)
    moment = values.like(values.moment_of(rid), obj.master.start)
    one = replace(series.instance(obj.master, moment), sequence=obj.sequence)
    return events.node_of(one, obj.uid, obj.stamp, obj.master_node)


def _brief(node: Node) -> Node:
    return Node(node.name, tuple(line for line in node.lines if line.name in (*_BRIEF, "ATTENDEE")))


def _addressed(node: Node, method: str, recipient: str, hide_list: bool, partstat: str) -> Node:
    """The event with the guests that the message has; alarms are everybody's own."""
    guests = node.all("ATTENDEE")
    if method != REQUEST or hide_list:
        guests = tuple(line for line in guests if addresses.same(line.value, recipient))
        guests = guests or (Line("ATTENDEE", addresses.mailto(recipient)),)
    if method == REQUEST:
        guests = tuple(line.with_params(rsvp="TRUE") for line in guests)
    elif method == REPLY:
        guests = tuple(line.with_params(partstat=partstat, rsvp=None) for line in guests)
    return Node(node.name, (*node.without("ATTENDEE").lines, *guests))


def _utc(moment: datetime) -> str:
    return values.written_moment(values.instant(moment, values.ZULU))


def method_of(data: bytes) -> str:
    """The METHOD of a calendar part, in capitals; empty where there is none. Raises `NotACalendarObject`."""
    return reading.calendars(data, reading.MOST_BYTES_OF_ONE)[0].value("METHOD").upper()


def read_reply(data: bytes, *, or_counter: bool = False) -> Reply:
    """The answer in a calendar part. Raises `NotACalendarObject`, also where it is none (`not_a_reply`).

    With `or_counter` a proposal of another time (RFC 5546, 3.2.7) is an answer as well.
    """
    top = reading.calendars(data, reading.MOST_BYTES_OF_ONE)[0]
    node = next((child for child in top.children if child.name == "VEVENT"), None)
    method = top.value("METHOD").upper()
    if node is None or method not in ((REPLY, COUNTER) if or_counter else (REPLY,)):
        raise NotACalendarObject("not_a_reply")
    found = [people.attendee(line) for line in node.all("ATTENDEE")]
    if len(found) != 1 or found[0].partstat not in ANSWERS or not node.value("UID"):
        raise NotACalendarObject("not_a_reply")
    comment = node.first("COMMENT")
    return Reply(
        uid=values.text(node.value("UID")),
        rid=_rid(node, top.children),
        sequence=events.number(node, "SEQUENCE", 2**31 - 1),
        stamp=stamp_of(node),
        attendee=found[0].address,
        partstat=found[0].partstat,
        comment=values.text(comment.value)[:2000] if comment else "",
        name=found[0].name,
        proposed=_proposed(node, top.children) if method == COUNTER else None,
    )


def _proposed(node: Node, siblings: Iterable[Node]) -> tuple[Moment, Moment]:
    """When a counter proposal would have it."""
    times = {name: _zoned(line, siblings) for name in ("DTSTART", "DTEND") if (line := node.first(name))}
    try:
        start = events.moment(times["DTSTART"])
        return start, events.end(Node(node.name, (*node.without(*times).lines, *times.values())), start)
    except (KeyError, ValueError) as error:
        raise NotACalendarObject("not_a_date") from error


def _zoned(line: Line, siblings: Iterable[Node]) -> Line:
    found = reading.zoned(line, tuple(child for child in siblings if child.name == "VTIMEZONE"))
    if found is None:
        raise NotACalendarObject("unknown_zone")
    return found


def _rid(node: Node, siblings: Iterable[Node]) -> str:
    line = node.first("RECURRENCE-ID")
    if line is None:
        return ""
    found = _zoned(line, siblings)
    try:
        return values.rid(events.moment(found))
    except ValueError as error:
        raise NotACalendarObject("not_a_date") from error


def answered(obj: Object, reply: Reply, now: datetime) -> Object | None:
    """The object with an answer in it; None where who answers is no guest of it. Raises `NoSuchInstance`.

    Which of several answers of one person is the last is told by their (`sequence`, `stamp`), as of all messages.
    """
    content = obj.overrides.get(reply.rid) if reply.rid else None
    content = content or obj.master
    if content is None or not any(addresses.same(person.address, reply.attendee) for person in content.attendees):
        return None
    guests = tuple(
        replace(person, partstat=reply.partstat, rsvp=False)
        if addresses.same(person.address, reply.attendee)
        else person
        for person in content.attendees
    )
    scope = "this" if reply.rid else "all"
    return change(obj, {"attendees": guests}, now, scope, reply.rid or None)[0]
