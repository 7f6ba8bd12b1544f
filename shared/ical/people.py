"""ORGANIZER and ATTENDEE (RFC 5545, 3.8.4): read, and written so that parameters nobody here knows stay."""

from __future__ import annotations

from collections.abc import Iterable

from shared.ical import addresses
from shared.ical.content import Attendee, Organizer
from shared.ical.lines import Line


def organizer(line: Line | None) -> Organizer | None:
    """Who calls; None where nobody does."""
    if line is None or not addresses.bare(line.value):
        return None
    return Organizer(addresses.bare(line.value), line.param("CN"), addresses.bare(line.param("SENT-BY")))


def organizer_lines(person: Organizer | None) -> tuple[Line, ...]:
    """The property of who calls."""
    if person is None:
        return ()
    line = Line("ORGANIZER", addresses.mailto(person.address))
    sent_by = addresses.mailto(person.sent_by) if person.sent_by else None
    return (line.with_params(cn=person.name or None, sent_by=sent_by),)


def attendee(line: Line) -> Attendee:
    """Who is invited, with the RFC's defaults."""
    return Attendee(
        address=addresses.bare(line.value),
        name=line.param("CN"),
        role=(line.param("ROLE") or "REQ-PARTICIPANT").upper(),
        partstat=(line.param("PARTSTAT") or "NEEDS-ACTION").upper(),
        rsvp=line.param("RSVP").upper() == "TRUE",
        kind=(line.param("CUTYPE") or "INDIVIDUAL").upper(),
    )


def attendee_lines(people: Iterable[Attendee], before: Iterable[Line]) -> tuple[Line, ...]:
    """The properties of who is invited, each with the further parameters that it had before."""
    had = {addresses.normal(line.value): line for line in before}
    return tuple(_line(person, had.get(addresses.normal(person.address))) for person in people)


def _line(person: Attendee, before: Line | None) -> Line:
    if before and attendee(before) == person:
        return before
    line = Line("ATTENDEE", addresses.mailto(person.address), before.params if before else ())
    return line.with_params(
        cn=person.name or None,
        cutype=None if person.kind == "INDIVIDUAL" else person.kind,
        role=person.role,
        partstat=person.partstat,
        rsvp="TRUE" if person.rsvp else None,
    )
