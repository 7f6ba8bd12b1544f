"""Answers about many resources (RFC 4918, section 13), sent while the rest is still being asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice

from flask import Response, stream_with_context
from lxml import etree

from gateway.dav import xml
from gateway.dav.asked import Asked
from gateway.dav.properties import DATA, MAKERS
from gateway.dav.refusals import XML
from gateway.dav.resources import Item, Resource
from gateway.dav.xml import Element, cal, dav, el

_STATUS = {
    200: "HTTP/1.1 200 OK",
    403: "HTTP/1.1 403 Forbidden",
    404: "HTTP/1.1 404 Not Found",
    424: "HTTP/1.1 424 Failed Dependency",
    507: "HTTP/1.1 507 Insufficient Storage",
}
_AT_ONCE = 200
_DECLARATION = b'<?xml version="1.0" encoding="utf-8"?>\n'
_ROOT = dav("multistatus")
_END = b"</D:multistatus>"


def answer(responses: Iterable[Element], last: Callable[[], Element] | None = None) -> Response:
    """207 of these responses, with what `last` makes of the end. What goes wrong before the first is refused."""
    parts = _parts(iter(responses), last)
    begun = list(islice(parts, 2))
    if len(begun) == 1:
        return Response(_DECLARATION + begun[0], 207, content_type=XML)
    pieces = chain([_DECLARATION, *begun], parts)
    return Response(stream_with_context(pieces), 207, content_type=XML)


def _parts(responses: Iterator[Element], last: Callable[[], Element] | None) -> Iterator[bytes]:
    """The document in pieces. Each is written as a document of its own, of which the ends are left away."""
    opened = False
    while True:
        found = list(islice(responses, _AT_ONCE))
        ended = len(found) < _AT_ONCE
        if ended and last:
            found.append(last())
        # An empty text has the end written for itself where there is nothing in it.
        root = xml.root(_ROOT, *found) if found else xml.root(_ROOT, "")
        written: bytes = etree.tostring(root, encoding="utf-8")
        start = written.index(b">") + 1 if opened else 0
        yield written[start:] if ended else written[start : -len(_END)]
        if ended:
            return
        opened = True


# -- one response -----------------------------------------------------------------------------------


def status(code: int) -> Element:
    """A `status`."""
    return el(dav("status"), _STATUS[code])


def without(href: str, code: int, *parts: Element) -> Element:
    """A response that tells no properties, but how it stands."""
    return el(dav("response"), el(dav("href"), href), status(code), *parts)


def error(condition: str) -> Element:
    """An `error` within a response."""
    return el(dav("error"), el(condition))


def propstat(code: int, properties: Iterable[Element], *parts: Element) -> Element:
    """Properties that are in one state."""
    return el(dav("propstat"), el(dav("prop"), *properties), status(code), *parts)


def told(resource: Resource, asked: Asked, brief: bool) -> Element:
    """A response with what is asked of a resource: what there is, and what there is not unless that is `brief`."""
    makers = MAKERS[type(resource)]
    if asked.only_names:
        return el(dav("response"), el(dav("href"), resource.href), propstat(200, map(el, makers)))
    found: list[Element] = []
    missing: list[Element] = []
    for name in asked.names:
        maker = makers.get(name)
        made = maker(resource) if maker else None
        if made is not None:
            found.append(made)
        elif not asked.all:
            missing.append(el(name))
    if asked.data is not None:
        (found if isinstance(resource, Item) else missing).append(_data(resource, asked))
    states = [propstat(200, found)] if found or brief or not missing else []
    if missing and not brief:
        states.append(propstat(404, missing))
    return el(dav("response"), el(dav("href"), resource.href), *states)


def _data(resource: Resource, asked: Asked) -> Element:
    if not isinstance(resource, Item) or asked.data is None:
        return el(DATA)
    text = asked.data.of(resource.told["text"] or "", resource.calendar.told["zone"])
    return el(cal("calendar-data"), text)
