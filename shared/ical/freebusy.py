"""When somebody is taken (RFC 4791, 7.10), and never with what."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, tzinfo

from shared.ical import addresses, lines, values
from shared.ical.content import Content
from shared.ical.lines import Line, Node
from shared.ical.objects import Object
from shared.ical.recurrence import Instance, expand
from shared.ical.writing import PRODID

BUSY, TENTATIVE = "busy", "tentative"
Period = tuple[datetime, datetime, str]
_Span = tuple[datetime, datetime]
# More than anybody has in the months that are asked for, of one series.
_MOST = 10_000


def kind(content: Content, own: Iterable[str]) -> str:
    """How an event takes the time of the person with these addresses: `busy`, `tentative`, or empty for not at all.

    What is transparent, cancelled or declined takes none; what is tentative, or not answered yet, may.
    """
    if content.transparent or content.status == "cancelled":
        return ""
    mine = {addresses.normal(address) for address in own}
    answers = {person.partstat for person in content.attendees if addresses.normal(person.address) in mine}
    if "DECLINED" in answers:
        return ""
    open_answer = answers & {"NEEDS-ACTION", "TENTATIVE"} and not _calls(content, mine)
    return TENTATIVE if content.status == "tentative" or open_answer else BUSY


def _calls(content: Content, mine: set[str]) -> bool:
    """Whether the person is the one who calls: they need not answer themselves."""
    return content.organizer is not None and addresses.normal(content.organizer.address) in mine


def busy(
    found: Iterable[Object | Instance], start: datetime, end: datetime, owner_zone: tzinfo, own_addresses: Sequence[str]
) -> tuple[Period, ...]:
    """The periods (UTC) from `start` to `end` in which a person is taken: merged, in order, busy before tentative."""
    spans: dict[str, list[_Span]] = {BUSY: [], TENTATIVE: []}
    for one in found:
        instances = expand(one, start, end, owner_zone, _MOST).instances if isinstance(one, Object) else (one,)
        for instance in instances:
            first, last = max(instance.start, start), min(instance.end, end)
            how = kind(instance.content, own_addresses)
            if how and first < last:
                spans[how].append((values.instant(first, values.ZULU), values.instant(last, values.ZULU)))
    taken = _merged(spans[BUSY])
    periods = [(*span, BUSY) for span in taken] + [
        (*span, TENTATIVE) for span in _without(_merged(spans[TENTATIVE]), taken)
    ]
    return tuple(sorted(periods))


def _merged(spans: list[_Span]) -> list[_Span]:
    """Spans that overlap or adjoin, as one each."""
    merged: list[_Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _without(spans: list[_Span], taken: list[_Span]) -> list[_Span]:
    """What of merged spans lies outside of others."""
    left = []
    for start, end in spans:
        for first, last in taken:
            if first < end and last > start:
                if start < first:
                    left.append((start, first))
                start = max(start, last)
        if start < end:
            left.append((start, end))
    return left


def freebusy_text(
    periods: Iterable[Period],
    start: datetime,
    end: datetime,
    stamp: datetime,
    uid: str = "",
    organizer: str = "",
    attendee: str = "",
    method: str = "",
) -> str:
    """The periods as VFREEBUSY, as the answer to a CalDAV report or, with a method, to a request."""
    fixed = [("UID", uid)] if uid else []
    fixed += [("DTSTAMP", _utc(stamp)), ("DTSTART", _utc(start)), ("DTEND", _utc(end))]
    fixed += [(name, addresses.mailto(who)) for name, who in (("ORGANIZER", organizer), ("ATTENDEE", attendee)) if who]
    types = {BUSY: "BUSY", TENTATIVE: "BUSY-TENTATIVE"}
    taken = [
        Line("FREEBUSY", f"{_utc(first)}/{_utc(last)}", (("FBTYPE", (types[how],)),)) for first, last, how in periods
    ]
    component = Node("VFREEBUSY", (*(Line(name, value) for name, value in fixed), *taken))
    head = [Line("VERSION", "2.0"), Line("PRODID", PRODID)] + ([Line("METHOD", method)] if method else [])
    return lines.text_of([Node("VCALENDAR", tuple(head), (component,))])


def _utc(moment: datetime) -> str:
    return values.written_moment(values.instant(moment, values.ZULU))
