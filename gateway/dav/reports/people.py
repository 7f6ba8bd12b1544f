"""Searches for principals (RFC 3744, 9.4 and 9.5): of a program only its own person is to be found."""

from __future__ import annotations

from flask import Response

from gateway.core.auth import principal
from gateway.dav import asked, multistatus, xml
from gateway.dav.paths import Place
from gateway.dav.properties import MAKERS
from gateway.dav.refusals import XML
from gateway.dav.resources import Person, Resource
from gateway.dav.xml import Element, cal, dav, el, text_of, whole
from shared.errors import Problem

_SEARCHED = {dav("displayname"): "Name", cal("calendar-user-address-set"): "Address"}


def search(resource: Resource, root: Element) -> Response:
    """207: who is signed in, where every search is for a part of what they are."""
    searches = root.findall(dav("property-search"))
    if not searches:
        raise Problem(400, "bad-xml", "Say what is searched for")
    me = Person(Place("principal", resource.me.person), principal())
    every = (all if root.get("test", "allof") == "allof" else any)(_fits(me, one) for one in searches)
    want = asked.of(root)
    return multistatus.answer([multistatus.told(me, want, asked.is_brief())] if every else [])


def _fits(me: Person, wanted: Element) -> bool:
    match = text_of(wanted.find(dav("match"))).casefold()
    names = [str(prop.tag) for prop in wanted.iterfind(f"{dav('prop')}/*")]
    return bool(names) and all(_has(me, name, match) for name in names)


def _has(me: Person, name: str, match: str) -> bool:
    if name not in _SEARCHED:
        return False
    made = MAKERS[Person][name](me)
    return made is not None and match in "\n".join(map(str, made.itertext())).casefold()


def searchable(_resource: Resource, _root: Element) -> Response:
    """200: by which properties one may search."""
    described = (
        el(dav("principal-search-property"), el(dav("prop"), el(name)), el(dav("description"), words))
        for name, words in _SEARCHED.items()
    )
    return Response(whole(xml.root(dav("principal-search-property-set"), *described)), content_type=XML)
