"""XML as WebDAV speaks it: what comes is read without trusting it, what goes is made of elements."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from gateway.core.http import content
from shared.errors import Problem

Element = etree._Element
MOST_ELEMENTS = 20_000
NAMESPACES = {
    "D": "DAV:",
    "C": "urn:ietf:params:xml:ns:caldav",
    "CS": "http://calendarserver.org/ns/",
    "A": "http://apple.com/ns/ical/",
}
# What XML 1.0 has no way to write.
_UNWRITABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def dav(name: str) -> str:
    """A name of RFC 4918 and what builds on it."""
    return f"{{DAV:}}{name}"


def cal(name: str) -> str:
    """A name of RFC 4791."""
    return f"{{urn:ietf:params:xml:ns:caldav}}{name}"


def server(name: str) -> str:
    """A name of calendarserver.org's."""
    return f"{{http://calendarserver.org/ns/}}{name}"


def apple(name: str) -> str:
    """A name of Apple's."""
    return f"{{http://apple.com/ns/ical/}}{name}"


def el(tag: str, *parts: Element | str) -> Element:
    """An element of these elements, or of a text, to stand in another one."""
    return _filled(etree.Element(tag), parts)


def root(tag: str, *parts: Element | str) -> Element:
    """The element that a document begins with: it declares our prefixes, which then are those of all in it."""
    return _filled(etree.Element(tag, nsmap=NAMESPACES), parts)


def _filled(made: Element, parts: tuple[Element | str, ...]) -> Element:
    for part in parts:
        if isinstance(part, str):
            made.text = writable(part)
        else:
            made.append(part)
    return made


def hrefs(tag: str, *addresses: str) -> Element:
    """A property whose value is addresses."""
    return el(tag, *(el(dav("href"), address) for address in addresses))


def writable(text: str) -> str:
    """The text without what XML cannot write."""
    return _UNWRITABLE.sub("", text) if _UNWRITABLE.search(text) else text


def whole(root: Element) -> bytes:
    """A document."""
    written: bytes = etree.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def body() -> Element | None:
    """The root of the request's document; None where it has no body.

    Raises a `Problem`: 400 for what is no XML, declares a document type, or is of too many parts; 413 for too much.
    """
    given = content()
    return read(given) if given.strip() else None


def read(given: bytes) -> Element:
    """The root of a document. Nothing in it is resolved or fetched. Raises a `Problem` (400)."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(given, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Problem(400, "bad-xml", "The body is no XML") from error
    # There is none in WebDAV, and nothing good comes of one.
    docinfo: Any = root.getroottree().docinfo
    if docinfo.doctype:
        raise Problem(400, "bad-xml", "A document type has no place here")
    if sum(1 for _ in zip(root.iter(), range(MOST_ELEMENTS + 1), strict=False)) > MOST_ELEMENTS:
        raise Problem(400, "bad-xml", "The body has too many parts")
    return root


def require_root(root: Element | None, *tags: str) -> Element:
    """The root, which has to be there and one of these. Raises a `Problem` (400)."""
    if root is None or root.tag not in tags:
        raise Problem(400, "bad-xml", "The body is something else than was to be expected")
    return root


def text_of(element: Element | None) -> str:
    """What stands in it, without blanks around it; empty where it is not there."""
    return (element.text or "").strip() if element is not None else ""


def texts(element: Element, tag: str) -> Iterator[str]:
    """What stands in each of its elements of this name."""
    return (text_of(child) for child in element.iterfind(tag))
