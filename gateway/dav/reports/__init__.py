"""Reports (RFC 3253, 3.6): by the name of their document's root, on a place."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import Response

from gateway.dav import asked, resources, xml
from gateway.dav.paths import Place
from gateway.dav.properties import REPORTS
from gateway.dav.refusals import Refused
from gateway.dav.reports import busy, expanding, multiget, people, query, sync
from gateway.dav.resources import Resource
from gateway.dav.xml import Element, cal, dav
from shared.errors import Problem

_HOW: Mapping[str, Callable[[Resource, Element], Response]] = {
    cal("calendar-query"): query.answer,
    cal("calendar-multiget"): multiget.answer,
    cal("free-busy-query"): busy.answer,
    dav("sync-collection"): sync.answer,
    dav("expand-property"): expanding.answer,
    dav("principal-property-search"): people.search,
    dav("principal-search-property-set"): people.searchable,
}


def report(place: Place) -> Response:
    """The report that is asked for. Raises `Refused` (`supported-report`) for one that there is not here."""
    root = xml.body()
    if root is None:
        raise Problem(400, "bad-xml", "Say which report")
    resource = resources.at(place, text=place.kind == "object")
    if root.tag not in REPORTS[type(resource)]:
        raise Refused(403, dav("supported-report"))
    if asked.depth("0") == "infinity" and root.tag == dav("expand-property"):
        raise Problem(400, "bad-depth", "The depth is none of this report's")
    return _HOW[str(root.tag)](resource, root)
