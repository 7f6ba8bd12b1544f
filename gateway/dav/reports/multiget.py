"""`calendar-multiget` (RFC 4791, 7.9): the objects at these addresses."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Response

from gateway.dav import asked, multistatus, resources, service
from gateway.dav.asked import Asked
from gateway.dav.paths import place_of
from gateway.dav.resources import Calendar, Item, Resource
from gateway.dav.xml import Element, dav, text_of
from shared.contracts.dav import NAME_LIMIT

# As many as are looked up at once.
_PART = 200


def answer(resource: Resource, root: Element) -> Response:
    """207: of each address the object, or that there is none."""
    want = asked.of(root, report=True)
    addresses = list(dict.fromkeys(text_of(href) for href in root.iterfind(dav("href"))))
    assert isinstance(resource, Calendar | Item)
    calendar = resource if isinstance(resource, Calendar) else resource.calendar
    return multistatus.answer(_responses(calendar, addresses, want, asked.is_brief()))


def _responses(calendar: Calendar, addresses: list[str], want: Asked, brief: bool) -> Iterator[Element]:
    for start in range(0, len(addresses), _PART):
        part = [(address, _name(calendar, address)) for address in addresses[start : start + _PART]]
        names = list(dict.fromkeys(name for _, name in part if name))
        told = {one["name"]: one for one in service.named(calendar.told["id"], names, text=want.needs_text)}
        for address, name in part:
            if name in told:
                yield multistatus.told(resources.item(calendar, told[name]), want, brief)
            else:
                yield multistatus.without(address, 404)


def _name(calendar: Calendar, address: str) -> str:
    """The name of the object at an address; empty where it is not of this calendar."""
    place = place_of(address)
    if place is None or place.kind != "object" or place.person != calendar.place.person:
        return ""
    name = place.name if place.id == calendar.told["id"] else ""
    # What cannot be a name is at no address either.
    return name if len(name) <= NAME_LIMIT and not any(letter < " " for letter in name) else ""
