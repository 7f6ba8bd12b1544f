"""A whole calendar as it is written: our PRODID, each zone that is used, the events."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from shared.ical import lines, zones
from shared.ical.lines import Line, Node

PRODID = "-//One Way//Calendar//KO"


def calendar(events: Iterable[Node], days: tuple[date, date | None], more: Iterable[Line] = ()) -> str:
    """The text of events that fall on `days` (first, last; without end), with further properties of the calendar."""
    events = tuple(events)
    # A property that nobody here knows may have a zone that nobody knows either.
    used = sorted({zone for event in events for zone in _zones(event) if zones.is_known(zone)})
    head = (Line("VERSION", "2.0"), Line("PRODID", PRODID), Line("CALSCALE", "GREGORIAN"), *more)
    clocks = tuple(zones.vtimezone(zone, *days) for zone in used)
    return lines.text_of([Node("VCALENDAR", head, (*clocks, *events))])


def _zones(event: Node) -> Iterable[str]:
    yield from (zone for line in event.lines if (zone := line.param("TZID")))
    for child in event.children:
        yield from _zones(child)
