"""`free-busy-query` (RFC 4791, 7.10): when a calendar makes its holder busy, and nothing else of it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import Response

from gateway.dav import data, service
from gateway.dav.refusals import Refused
from gateway.dav.resources import Calendar, Resource
from gateway.dav.times import span
from gateway.dav.xml import Element, cal
from shared.ical import lines, values
from shared.ical.lines import Line, Node
from shared.ical.writing import PRODID

_KINDS = {"busy": "BUSY", "tentative": "BUSY-TENTATIVE"}


def answer(resource: Resource, root: Element) -> Response:
    """200 with a `VFREEBUSY`. Raises `Refused` (`valid-filter`) without a span."""
    assert isinstance(resource, Calendar)
    found = root.find(cal("time-range"))
    if found is None:
        raise Refused(403, cal("valid-filter"))
    within = span(found, both=True)
    id_ = resource.told["id"]
    told = service.ask("dav_busy", {"calendar": id_, **within.narrows()})["items"].get(id_, [])
    return Response(_text(*within.whole, told), content_type=data.TYPE)


def _text(start: datetime, end: datetime, periods: list[dict[str, Any]]) -> str:
    span_lines = (values.moment_line("DTSTART", start), values.moment_line("DTEND", end))
    stamp = values.moment_line("DTSTAMP", datetime.now(UTC))
    busy = Node("VFREEBUSY", (stamp, *span_lines, *map(_period, periods)))
    return lines.text_of([Node("VCALENDAR", (Line("VERSION", "2.0"), Line("PRODID", PRODID)), (busy,))])


def _period(told: dict[str, Any]) -> Line:
    start, end = (f"{datetime.fromisoformat(told[name]).astimezone(UTC):%Y%m%dT%H%M%SZ}" for name in _ENDS)
    return Line("FREEBUSY", f"{start}/{end}", (("FBTYPE", (_KINDS.get(told["shown_as"], "BUSY"),)),))


_ENDS = ("starts_at", "ends_at")
