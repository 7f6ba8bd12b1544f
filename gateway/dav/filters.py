"""Filters of a `calendar-query` (RFC 4791, 9.7): read from XML, and what of them the schedule can answer by itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeVar

from gateway.dav.limits import COLLATIONS
from gateway.dav.refusals import Refused
from gateway.dav.times import Span, span
from gateway.dav.xml import Element, cal, el

_YES = {"yes": True, "no": False}
_MOST = 200
_DEEPEST = 5
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Text:
    """A text that is in another one, or is `negated`: in none."""

    value: str
    collation: str
    negated: bool


@dataclass(frozen=True, slots=True)
class Parameter:
    """Of a property's parameter: that it is `absent`, or what is in it."""

    name: str
    absent: bool
    text: Text | None


@dataclass(frozen=True, slots=True)
class Property:
    """Of a property: that it is `absent`, or when it is, what is in it, and its parameters."""

    name: str
    absent: bool
    span: Span | None
    text: Text | None
    parameters: tuple[Parameter, ...]


@dataclass(frozen=True, slots=True)
class Component:
    """Of a component: that it is `absent`, or when it is, its properties, and its components."""

    name: str
    absent: bool = False
    span: Span | None = None
    properties: tuple[Property, ...] = ()
    components: tuple[Component, ...] = field(default=())

    @property
    def is_plain(self) -> bool:
        """Whether it asks for nothing but when the component is."""
        return not (self.absent or self.properties or self.components)


def of(element: Element | None) -> Component:
    """The filter of a query: about a `VCALENDAR`. Raises `Refused` (`valid-filter`, `supported-filter`)."""
    found = [] if element is None else element.findall(cal("comp-filter"))
    if len(found) != 1 or found[0].get("name", "").upper() != "VCALENDAR":
        raise Refused(403, cal("valid-filter"))
    if sum(1 for _ in found[0].iter()) > _MOST:
        raise _unsupported(found[0])
    top = _component(found[0], 1)
    if top.span or top.absent:
        raise _unsupported(found[0])
    return top


def narrowing(top: Component) -> tuple[Component | None, bool]:
    """The first condition on events, by whose time the schedule looks; and whether nothing else is asked for."""
    events = [one for one in top.components if one.name == "VEVENT" and not one.absent]
    first = events[0] if events else None
    simple = not top.properties and len(top.components) == len(events) <= 1 and (first is None or first.is_plain)
    return first, simple


def uid(events: Component | None) -> str | None:
    """The UID that is looked for, where it is one."""
    texts = (one.text for one in events.properties if one.name == "UID") if events else ()
    return next((text.value for text in texts if text and not text.negated and text.value), None)


# -- reading ----------------------------------------------------------------------------------------


def _component(element: Element, depth: int) -> Component:
    if depth > _DEEPEST:
        raise _unsupported(element)
    components = tuple(_component(child, depth + 1) for child in element.findall(cal("comp-filter")))
    properties = tuple(_property(child) for child in element.findall(cal("prop-filter")))
    return Component(_name(element), _absent(element), _span(element), properties, components)


def _property(element: Element) -> Property:
    parameters = tuple(
        Parameter(_name(child), _absent(child), _text(child)) for child in element.findall(cal("param-filter"))
    )
    return Property(_name(element), _absent(element), _span(element), _text(element), parameters)


def _name(element: Element) -> str:
    name = element.get("name", "").upper()
    if not name:
        raise Refused(403, cal("valid-filter"))
    return name


def _absent(element: Element) -> bool:
    absent = element.find(cal("is-not-defined")) is not None
    if absent and len(element) > 1:
        raise Refused(403, cal("valid-filter"))
    return absent


def _span(element: Element) -> Span | None:
    found = _only(element.iterfind(cal("time-range")))
    return None if found is None else span(found)


def _text(element: Element) -> Text | None:
    found = _only(element.iterfind(cal("text-match")))
    if found is None:
        return None
    collation = found.get("collation", "i;ascii-casemap")
    negated = _YES.get(found.get("negate-condition", "no"))
    if negated is None:
        raise Refused(403, cal("valid-filter"))
    collation = "i;ascii-casemap" if collation == "default" else collation
    if collation not in COLLATIONS:
        raise Refused(403, cal("supported-collation"))
    return Text(found.text or "", collation, negated)


def _only(found: Iterator[T]) -> T | None:
    """The one there is, or none. Raises `Refused` where there are several."""
    first = next(found, None)
    if next(found, None) is not None:
        raise Refused(403, cal("valid-filter"))
    return first


def _unsupported(element: Element) -> Refused:
    """That says which part of the filter it is."""
    shown = el(str(element.tag))
    for name, value in element.attrib.items():
        shown.set(str(name), str(value))
    return Refused(403, cal("supported-filter"), shown)
