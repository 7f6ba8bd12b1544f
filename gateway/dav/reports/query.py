"""`calendar-query` (RFC 4791, 7.8): the objects that are what a filter asks for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import Response

from gateway.dav import asked, filters, multistatus, resources, service
from gateway.dav.filters import Component
from gateway.dav.matching import Matcher
from gateway.dav.resources import Calendar, Item, Resource
from gateway.dav.xml import Element, cal

Told = dict[str, Any]


def answer(resource: Resource, root: Element) -> Response:
    """207. Raises `Refused` for a filter that is none, or not to be had."""
    want = asked.of(root, report=True)
    wanted = filters.of(root.find(cal("filter")))
    brief = asked.is_brief()
    if isinstance(resource, Item):
        zone = resource.calendar.told["zone"]
        fits = Matcher(resource.told["text"] or "", zone).matches(wanted)
        return multistatus.answer([multistatus.told(resource, want, brief)] if fits else [])
    assert isinstance(resource, Calendar)
    if asked.depth("1") == "0":
        # Of the calendar alone, which is no object.
        return multistatus.answer([])
    found = _found(resource, wanted, want.needs_text)
    return multistatus.answer(multistatus.told(resources.item(resource, told), want, brief) for told in found)


def _found(calendar: Calendar, wanted: Component, text: bool) -> Iterator[Told]:
    """What fits, found by its time in the schedule and by its text here, where the filter says anything about that."""
    events, simple = filters.narrowing(wanted)
    narrowed = events.span.narrows() if events and events.span else {}
    id_, zone = calendar.told["id"], calendar.told["zone"]
    if simple:
        yield from service.every(id_, text=text, **narrowed)
        return

    def fitting(**more: Any) -> Iterator[Told]:
        for told in service.every(id_, text=True, **narrowed, **more):
            if Matcher(told["text"] or "", zone).matches(wanted, events):
                yield told

    uid = filters.uid(events)
    # A client that looks for a UID means that one, and rarely a part of one.
    exact = list(fitting(uid=uid)) if uid and len(uid) <= _LONGEST else []
    yield from exact or fitting()


_LONGEST = 1_000
