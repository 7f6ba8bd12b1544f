"""`PROPFIND` (RFC 4918, 9.1): what a resource tells of itself, and what stands right below it."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Response

from gateway.dav import asked, multistatus, resources, xml
from gateway.dav.paths import Place
from gateway.dav.refusals import Refused
from gateway.dav.resources import Item, Resource
from gateway.dav.xml import dav


def find(place: Place) -> Response:
    """207. Raises `Refused` (`propfind-finite-depth`) for everything below at once."""
    depth = asked.depth("infinity")
    if depth == "infinity":
        raise Refused(403, dav("propfind-finite-depth"))
    root = xml.body()
    want = asked.of(None if root is None else xml.require_root(root, dav("propfind")))
    brief = asked.is_brief()
    resource = resources.at(place, text=want.needs_text)

    def all_of_them() -> Iterator[Resource]:
        yield resource
        if depth == "1" and not isinstance(resource, Item):
            yield from resources.within(resource, text=want.needs_text)

    return multistatus.answer(multistatus.told(one, want, brief) for one in all_of_them())
