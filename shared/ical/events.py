"""A VEVENT and what it says: to `Content` and back, without loss of what no field has.

What did not change is written as it was, letter for letter; what changed is written anew; properties that are unknown
here, and alarms that are no plain reminder, stay.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from shared.ical import people, values
from shared.ical.content import Content
from shared.ical.lines import Line, Node
from shared.ical.values import Moment

_CLASS = {"PUBLIC": "public", "": "public", "CONFIDENTIAL": "busy"}
_CLASS_OF = {"public": "PUBLIC", "busy": "CONFIDENTIAL", "private": "PRIVATE"}
A_DAY = timedelta(days=1)
_MOST_SEQUENCE = 2**31 - 1
_Lines = tuple[Line, ...]


def moment(line: Line) -> Moment:
    """The moment of a property whose TZID is an IANA name. Raises `ValueError`, `KeyError`."""
    return moments(line)[0]


def moments(line: Line) -> tuple[Moment, ...]:
    """The moments of a property; of a period its start. Raises `ValueError`, `KeyError`."""
    tzid = line.param("TZID")
    zone = ZoneInfo(tzid) if tzid else None
    return tuple(values.moment(text.partition("/")[0], zone) for text in line.value.split(","))


def end(node: Node, start: Moment) -> Moment:
    """The end by DTEND or DURATION; without them a day lasts a day and a time no time. Raises `ValueError`."""
    if line := node.first("DTEND"):
        return moment(line)
    if line := node.first("DURATION"):
        return later(start, values.duration(line.value))
    return start if isinstance(start, datetime) else start + A_DAY


def later(start: Moment, length: timedelta) -> Moment:
    """The moment after a length (RFC 5545, 3.3.6): days by the calendar, hours as they pass. Raises `ValueError`."""
    try:
        if not isinstance(start, datetime) or start.tzinfo is None:
            return start + length
        days = timedelta(days=length.days)
        return ((start + days).astimezone(UTC) + (length - days)).astimezone(start.tzinfo)
    except OverflowError as error:
        raise ValueError("DURATION") from error


def content_of(node: Node) -> Content:
    """What a VEVENT says, its zones by their IANA names. Raises `ValueError`, `KeyError`."""
    dtstart = node.first("DTSTART")
    if dtstart is None:
        raise ValueError("DTSTART")
    start = moment(dtstart)
    recurrence_id = node.first("RECURRENCE-ID")
    return Content(
        title=_text(node, "SUMMARY"),
        start=start,
        end=end(node, start),
        rrule=node.value("RRULE") or None,
        rdates=tuple(each for line in node.all("RDATE") if line.value for each in moments(line)),
        exdates=tuple(each for line in node.all("EXDATE") if line.value for each in moments(line)),
        place=_text(node, "LOCATION"),
        link=node.value("URL") or node.value("CONFERENCE"),
        description=_text(node, "DESCRIPTION"),
        importance=_importance(node),
        categories=tuple(text for line in node.all("CATEGORIES") for text in values.texts(line.value)),
        visibility=_CLASS.get(node.value("CLASS").upper(), "private"),
        transparent=node.value("TRANSP").upper() == "TRANSPARENT",
        status=_status(node),
        reminders=tuple(sorted({minutes for child in node.children if (minutes := reminder(child)) is not None})),
        organizer=people.organizer(node.first("ORGANIZER")),
        attendees=tuple(people.attendee(line) for line in node.all("ATTENDEE")),
        sequence=number(node, "SEQUENCE", _MOST_SEQUENCE),
        recurrence_id=moment(recurrence_id) if recurrence_id else None,
    )


def _text(node: Node, name: str) -> str:
    line = node.first(name)
    return values.text(line.value) if line else ""


def number(node: Node, name: str, most: int) -> int:
    """A whole number from 0 to `most`; 0 where it is none."""
    written = node.value(name)
    return min(int(written), most) if written.isascii() and written.isdigit() and len(written) < 20 else 0


def _importance(node: Node) -> int:
    priority = number(node, "PRIORITY", 9)
    return 0 if not priority else 1 if priority < 5 else 5 if priority == 5 else 9


def _status(node: Node) -> str:
    status = node.value("STATUS").lower()
    return status if status in ("tentative", "cancelled") else "confirmed"


def reminder(node: Node) -> int | None:
    """How many minutes before the start an alarm shows itself; None for one of another kind."""
    trigger = node.first("TRIGGER")
    if node.name != "VALARM" or trigger is None or node.value("ACTION").upper() not in ("DISPLAY", "AUDIO"):
        return None
    if trigger.param("VALUE").upper() == "DATE-TIME" or trigger.param("RELATED").upper() == "END":
        return None
    try:
        before = -values.duration(trigger.value)
    except ValueError:
        return None
    return int(before.total_seconds() // 60) if before >= timedelta() else None


def _alarm(minutes: int, title: str) -> Node:
    text = values.written_text(title or "-")
    return Node("VALARM", (Line("ACTION", "DISPLAY"), Line("TRIGGER", f"-PT{minutes}M"), Line("DESCRIPTION", text)))


def _text_lines(name: str, text: str) -> _Lines:
    return (Line(name, values.written_text(text)),) if text else ()


def _when(content: Content, _base: Node) -> _Lines:
    return values.moment_line("DTSTART", content.start), values.moment_line("DTEND", content.end)


def _list(name: str, moments: tuple[Moment, ...]) -> _Lines:
    return (values.moment_line(name, *moments),) if moments else ()


def _categories(content: Content, _base: Node) -> _Lines:
    written = ",".join(map(values.written_text, content.categories))
    return (Line("CATEGORIES", written),) if written else ()


def _recurrence_id(content: Content, _base: Node) -> _Lines:
    return _list("RECURRENCE-ID", (content.recurrence_id,) if content.recurrence_id is not None else ())


def _attendees(content: Content, base: Node) -> _Lines:
    return people.attendee_lines(content.attendees, base.all("ATTENDEE"))


# For each kind of property: the fields that it says, its names, how it is written.
_WRITTEN: tuple[tuple[tuple[str, ...], tuple[str, ...], Callable[[Content, Node], _Lines]], ...] = (
    (("recurrence_id",), ("RECURRENCE-ID",), _recurrence_id),
    (("start", "end", "zone"), ("DTSTART", "DTEND", "DURATION"), _when),
    (("rrule",), ("RRULE",), lambda content, _: (Line("RRULE", content.rrule),) if content.rrule else ()),
    (("rdates", "zone"), ("RDATE",), lambda content, _: _list("RDATE", content.rdates)),
    (("exdates", "zone"), ("EXDATE",), lambda content, _: _list("EXDATE", content.exdates)),
    (("title",), ("SUMMARY",), lambda content, _: _text_lines("SUMMARY", content.title)),
    (("place",), ("LOCATION",), lambda content, _: _text_lines("LOCATION", content.place)),
    (("description",), ("DESCRIPTION",), lambda content, _: _text_lines("DESCRIPTION", content.description)),
    (("link",), ("URL", "CONFERENCE"), lambda content, _: (Line("URL", content.link),) if content.link else ()),
    (
        ("importance",),
        ("PRIORITY",),
        lambda content, _: (Line("PRIORITY", str(content.importance)),) if content.importance else (),
    ),
    (("categories",), ("CATEGORIES",), _categories),
    (("visibility",), ("CLASS",), lambda content, _: (Line("CLASS", _CLASS_OF[content.visibility]),)),
    (
        ("transparent",),
        ("TRANSP",),
        lambda content, _: (Line("TRANSP", "TRANSPARENT" if content.transparent else "OPAQUE"),),
    ),
    (("status",), ("STATUS",), lambda content, _: (Line("STATUS", content.status.upper()),)),
    (("organizer",), ("ORGANIZER",), lambda content, _: people.organizer_lines(content.organizer)),
    (("attendees",), ("ATTENDEE",), _attendees),
)
_OURS = ("UID", "DTSTAMP", "SEQUENCE", "LAST-MODIFIED", *(name for _, names, _w in _WRITTEN for name in names))


def node_of(content: Content, uid: str, stamp: datetime, base: Node | None = None) -> Node:
    """The VEVENT that says it, with what `base` has besides; `stamp` (aware) is its DTSTAMP."""
    base, old = base or Node("VEVENT"), content_of(base) if base else None
    stamped = values.written_moment(values.instant(stamp.replace(microsecond=0), values.ZULU))
    lines = [Line("UID", values.written_text(uid)), Line("DTSTAMP", stamped), Line("SEQUENCE", str(content.sequence))]
    for fields, names, write in _WRITTEN:
        same = old is not None and all(getattr(old, field) == getattr(content, field) for field in fields)
        lines += base.all(*names) if same else write(content, base)
    if base.first("LAST-MODIFIED"):
        lines.append(Line("LAST-MODIFIED", stamped))
    return Node("VEVENT", (*lines, *base.without(*_OURS).lines), _alarms(content, old, base))


def _alarms(content: Content, old: Content | None, base: Node) -> tuple[Node, ...]:
    if old is not None and old.reminders == content.reminders:
        return base.children
    others = tuple(child for child in base.children if reminder(child) is None)
    return (*others, *(_alarm(minutes, content.title) for minutes in content.reminders))
