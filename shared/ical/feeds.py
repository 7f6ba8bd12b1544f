"""Calendars for others to read: a file of all there is, and the feed behind a secret link (RFC 7986).

In a feed what is not public says when, and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from shared.ical import events, values, writing
from shared.ical.lines import Line, Node
from shared.ical.objects import Object

HIDDEN_TITLE = "바쁨"
_PERSONAL = ("ATTENDEE", "ORGANIZER", "COMMENT", "CONTACT", "REQUEST-STATUS")
# All that an event may say which only says when; zones come with it.
_WHEN = ("DTSTAMP", "DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID", "TRANSP", "STATUS")
_REFRESH = Line("REFRESH-INTERVAL", "PT1H", (("VALUE", ("DURATION",)),))


def feed(objects: Iterable[Object], name: str, uid_of: Callable[[str], str], hidden_title: str = HIDDEN_TITLE) -> bytes:
    """The feed of a calendar by its `name`: the same bytes as long as nothing in it changes.

    Of what is not public the title is `hidden_title` and the UID what `uid_of` makes of its own, for all instances of
    a series of which one is not public. An instance without a CLASS is as its series. Guests and alarms are never
    in it.
    """
    objects = sorted(objects, key=lambda obj: obj.uid)
    nodes = [_shown(node, obj, uid_of, hidden_title) for obj in objects for node in obj.events]
    title = values.written_text(name)
    head = (Line("NAME", title), Line("X-WR-CALNAME", title), _REFRESH, Line("X-PUBLISHED-TTL", "PT1H"))
    return writing.calendar(nodes, _days(objects), head).encode()


def _shown(node: Node, obj: Object, uid_of: Callable[[str], str], hidden_title: str) -> Node:
    # A UID is of all instances: one that is hidden would tell by it which series it is of.
    hidden = any(_hides(each, obj) for each in obj.events)
    uid = Line("UID", values.written_text(uid_of(obj.uid) if hidden else obj.uid))
    if not _hides(node, obj):
        return Node("VEVENT", node.without(*_PERSONAL).lines).setting(uid)
    lines = tuple(line.with_params(**dict.fromkeys(_strange(line))) for line in node.lines if line.name in _WHEN)
    return Node("VEVENT", (uid, *lines, Line("SUMMARY", values.written_text(hidden_title)), Line("CLASS", "PRIVATE")))


def _hides(node: Node, obj: Object) -> bool:
    own = node if node.first("CLASS") else obj.master_node or node
    return events.content_of(own).visibility != "public"


def _strange(line: Line) -> list[str]:
    return [key for key, _ in line.params if key not in ("TZID", "VALUE")]


def publish(objects: Iterable[Object], name: str = "", method: str = "") -> bytes:
    """Everything of a calendar as one file, each UID once, for its owner.

    `method` may be PUBLISH, which names no guests (RFC 5546, 3.2.1).
    """
    found = list({obj.uid: obj for obj in objects}.values())
    nodes = [node.without("ATTENDEE") if method else node for obj in found for node in obj.events]
    head = [Line("METHOD", method)] if method else []
    if name:
        head += [Line("NAME", values.written_text(name)), Line("X-WR-CALNAME", values.written_text(name))]
    return writing.calendar(nodes, _days(found), head).encode()


def _days(objects: Iterable[Object]) -> tuple[date, date | None]:
    """From the first day of all to the last, without end where one has none."""
    spans = [obj.days for obj in objects]
    if not spans:
        return date(1970, 1, 1), date(1970, 1, 1)
    ends = [end for _, end in spans]
    last = None if None in ends else max(end for end in ends if end)
    return min(start for start, _ in spans), last
