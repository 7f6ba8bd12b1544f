"""`expand-property` (RFC 3253, 3.8): what stands at the addresses that a property tells, told along with it."""

from __future__ import annotations

from flask import Response

from gateway.dav import multistatus, resources
from gateway.dav.paths import place_of
from gateway.dav.properties import MAKERS
from gateway.dav.resources import Resource
from gateway.dav.xml import Element, dav, el, text_of
from shared.errors import NotFound, Problem

_DEEPEST = 3
_MOST = 100


def answer(resource: Resource, root: Element) -> Response:
    """207 about this one resource."""
    if sum(1 for _ in root.iter()) > _MOST:
        raise Problem(400, "bad-xml", "The body has too many parts")
    return multistatus.answer([_response(resource, root, 1)])


def _response(resource: Resource, wanted: Element, depth: int) -> Element:
    found: list[Element] = []
    missing: list[Element] = []
    for prop in wanted.iterfind(dav("property")):
        name = _name(prop)
        maker = MAKERS[type(resource)].get(name)
        made = maker(resource) if maker else None
        if made is None:
            missing.append(el(name))
        elif len(prop) and depth < _DEEPEST:
            found.append(_expanded(made, prop, depth))
        else:
            found.append(made)
    states = [multistatus.propstat(200, found)] if found or not missing else []
    states += [multistatus.propstat(404, missing)] if missing else []
    return el(dav("response"), el(dav("href"), resource.href), *states)


def _name(prop: Element) -> str:
    name, namespace = prop.get("name", ""), prop.get("namespace", "DAV:")
    try:
        el(f"{{{namespace}}}{name}")
    except ValueError as error:
        raise Problem(400, "bad-xml", "This is no name of a property") from error
    return f"{{{namespace}}}{name}"


def _expanded(made: Element, prop: Element, depth: int) -> Element:
    """The property with a response instead of each address at which there is something of ours."""
    parts = []
    for child in made:
        place = place_of(text_of(child)) if child.tag == dav("href") else None
        try:
            parts.append(child if place is None else _response(resources.at(place), prop, depth + 1))
        except NotFound:
            parts.append(child)
    return el(str(made.tag), *parts)
