"""The content of an object as a report asks for it: whole, in part, or with recurrences unfolded (RFC 4791, 9.6)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from gateway.dav.refusals import Refused
from gateway.dav.times import Span, span
from gateway.dav.xml import Element, cal
from shared.ical import lines, recurrence, values
from shared.ical.lines import Line, Node
from shared.ical.objects import Object
from shared.ical.recurrence import Instance

TYPE = "text/calendar; charset=utf-8"
# Of a component that was unfolded the rules are left away, and what says in other words when it is.
_RULES = ("RRULE", "RDATE", "EXDATE", "EXRULE", "RECURRENCE-ID", "DTSTART", "DTEND", "DURATION")


@dataclass(frozen=True, slots=True)
class Part:
    """What of a component is told: each property (`None`: all) with or without its value, each component likewise."""

    properties: dict[str, bool] | None
    components: dict[str, Part] | None

    def of(self, node: Node) -> Node:
        """The component in that part."""
        kept = node.lines
        if self.properties is not None:
            told = self.properties
            kept = tuple(_emptied(line, told[line.name]) for line in kept if line.name in told)
        children = node.children
        if self.components is not None:
            parts = self.components
            children = tuple(parts[child.name].of(child) for child in children if child.name in parts)
        return Node(node.name, kept, children)


@dataclass(frozen=True, slots=True)
class CalendarData:
    """What of an object is told."""

    part: Part | None = None
    expanded: Span | None = None
    limited: Span | None = None

    def of(self, text: str, zone: str) -> str:
        """The object's text in that form; days and floating times are by the clock of `zone`."""
        if not (self.part or self.expanded or self.limited):
            return text
        tops = lines.parse(lines.unfold(text.encode()))
        if self.expanded:
            tops = tuple(_with_events(top, expanded(text, self.expanded, zone)) for top in tops)
            tops = tuple(replace(top, children=_without_zones(top)) for top in tops)
        elif self.limited:
            kept = _limited(text, self.limited, zone)
            tops = tuple(_with_events(top, lambda: kept) for top in tops)
        return lines.text_of(self.part.of(top) for top in tops) if self.part else lines.text_of(tops)


def of(element: Element) -> CalendarData:
    """What a `calendar-data` asks for. Raises `Refused` for a form that there is not, and for spans that are none."""
    if (element.get("content-type", "text/calendar"), element.get("version", "2.0")) != ("text/calendar", "2.0"):
        raise Refused(403, cal("supported-calendar-data"))
    component = element.find(cal("comp"))
    spans = {
        name: span(found, both=True)
        for name in ("expand", "limit-recurrence-set")
        if (found := element.find(cal(name))) is not None
    }
    part = None
    if component is not None:
        if component.get("name", "").upper() != "VCALENDAR":
            raise Refused(403, cal("valid-filter"))
        part = _part(component)
    return CalendarData(part, spans.get("expand"), spans.get("limit-recurrence-set"))


def _part(component: Element) -> Part:
    properties = None
    components = None
    if component.find(cal("allprop")) is None:
        named = component.findall(cal("prop"))
        properties = {prop.get("name", "").upper(): prop.get("novalue", "no") != "yes" for prop in named}
    if component.find(cal("allcomp")) is None:
        components = {one.get("name", "").upper(): _part(one) for one in component.findall(cal("comp"))}
    # Nothing named at all is the whole component.
    return Part(properties, components) if len(component) else Part(None, None)


def _emptied(line: Line, valued: bool) -> Line:
    return line if valued else line._replace(value="")


def _with_events(top: Node, events: Callable[[], Iterator[Node] | tuple[Node, ...]]) -> Node:
    others = tuple(child for child in top.children if child.name != "VEVENT")
    return replace(top, children=(*others, *events()))


def _without_zones(top: Node) -> tuple[Node, ...]:
    return tuple(child for child in top.children if child.name != "VTIMEZONE")


# -- recurrences ------------------------------------------------------------------------------------


def expanded(text: str, within: Span, zone: str) -> Callable[[], Iterator[Node]]:
    """The instances in a span, each as a component of its own, in UTC (RFC 4791, 9.6.5)."""
    found = Object.of_text(text)
    own = ZoneInfo(zone)
    instances = recurrence.expand(found, *within.whole, own).instances
    return lambda: (_instance(found, one, own) for one in instances)


def _instance(found: Object, instance: Instance, zone: ZoneInfo) -> Node:
    node = found.nodes.get(instance.rid) or found.master_node
    assert node is not None
    start: values.Moment = instance.start
    end: values.Moment = instance.end
    if instance.all_day:
        start, end = instance.start.astimezone(zone).date(), instance.end.astimezone(zone).date()
    added = [values.moment_line("DTSTART", start)]
    if end != start:
        added.append(values.moment_line("DTEND", end))
    if found.is_recurring:
        original = values.moment_of(instance.rid)
        told = values.instant(original, zone) if isinstance(original, datetime) else original
        added.insert(0, values.moment_line("RECURRENCE-ID", told))
    plain = node.without(*_RULES)
    return replace(plain, lines=(*plain.lines, *added))


def _limited(text: str, within: Span, zone: str) -> tuple[Node, ...]:
    """The series, and of what differs from it what is or was to be in a span (RFC 4791, 9.6.6)."""
    found = Object.of_text(text)
    own, (start, end) = ZoneInfo(zone), within.whole
    inside = {one.rid for one in recurrence.expand(found, start, end, own).instances}
    for rid in found.nodes:
        original = values.instant(values.moment_of(rid), own).astimezone(UTC)
        if start <= original < end:
            inside.add(rid)
    series = (found.master_node,) if found.master_node else ()
    return (*series, *(node for rid, node in found.nodes.items() if rid in inside))
