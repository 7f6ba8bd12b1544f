"""Whether an object is what a filter asks for (RFC 4791, 9.7)."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from gateway.dav.filters import Component, Parameter, Property, Text
from gateway.dav.times import Span
from shared.ical import events, lines, recurrence, values
from shared.ical.lines import Line, Node
from shared.ical.objects import Object

_LOWER = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")
_DATED = ("DTSTART", "DTEND", "DTSTAMP", "CREATED", "LAST-MODIFIED", "RECURRENCE-ID")


class Matcher:
    """Tells it of one object: its text, and the zone by whose clock days and floating times are."""

    def __init__(self, text: str, zone: str) -> None:
        self._text = text
        self._zone = ZoneInfo(zone)

    def matches(self, wanted: Component, known: Component | None = None) -> bool:
        """Whether the object is what is wanted; the time of the condition `known` is met already."""
        return any(
            self._component(node, wanted, known)
            for node in lines.parse(lines.unfold(self._text.encode()))
            if node.name == wanted.name
        )

    def _component(self, node: Node, wanted: Component, known: Component | None) -> bool:
        return (
            (wanted.span is None or wanted is known or self._is_within(node, wanted.span))
            and all(self._property(node, one) for one in wanted.properties)
            and all(self._below(node, one, known) for one in wanted.components)
        )

    def _below(self, node: Node, wanted: Component, known: Component | None) -> bool:
        found = [child for child in node.children if child.name == wanted.name]
        if wanted.absent:
            return not found
        return any(self._component(child, wanted, known) for child in found)

    # -- times --------------------------------------------------------------------------------------

    def _is_within(self, node: Node, span: Span) -> bool:
        if node.name == "VEVENT":
            return bool(recurrence.expand(Object.of_text(self._text), *span.whole, self._zone, most=1).instances)
        return node.name == "VALARM" and self._rings_within(node, span)

    def _rings_within(self, alarm: Node, span: Span) -> bool:
        """Whether it goes off then, at one of the instances that are near enough."""
        trigger = alarm.first("TRIGGER")
        start, end = span.whole
        if trigger is None:
            return False
        try:
            if trigger.param("VALUE") == "DATE-TIME":
                return start <= values.instant(values.moment(trigger.value, self._zone), self._zone) < end
            before = values.duration(trigger.value)
        except ValueError:
            return False
        return any(
            start <= (one.end if trigger.param("RELATED") == "END" else one.start) + before < end
            for one in self._near(start - before, end - before)
        )

    def _near(self, start: datetime, end: datetime) -> tuple[recurrence.Instance, ...]:
        margin = timedelta(seconds=1)
        found = recurrence.expand(Object.of_text(self._text), start - margin, end + margin, self._zone)
        return found.instances

    def _is_dated_within(self, line: Line, span: Span) -> bool:
        try:
            moment = values.instant(events.moment(line), self._zone)
        except ValueError:
            return False
        start, end = span.whole
        return start <= moment < end

    # -- properties ---------------------------------------------------------------------------------

    def _property(self, node: Node, wanted: Property) -> bool:
        found = node.all(wanted.name)
        if wanted.absent:
            return not found
        return any(self._line(line, wanted) for line in found)

    def _line(self, line: Line, wanted: Property) -> bool:
        if wanted.span is not None and not (line.name in _DATED and self._is_dated_within(line, wanted.span)):
            return False
        if wanted.text is not None and not _has(values.text(line.value), wanted.text):
            return False
        return all(_parameter(line, one) for one in wanted.parameters)


def _parameter(line: Line, wanted: Parameter) -> bool:
    found = next((held for name, held in line.params if name == wanted.name), None)
    if wanted.absent:
        return found is None
    if found is None:
        return False
    return wanted.text is None or _has(",".join(found), wanted.text)


def _has(text: str, wanted: Text) -> bool:
    return (_folded(wanted.value, wanted.collation) in _folded(text, wanted.collation)) != wanted.negated


def _folded(text: str, collation: str) -> str:
    if collation == "i;octet":
        return text
    return text.casefold() if collation == "i;unicode-casemap" else text.translate(_LOWER)
