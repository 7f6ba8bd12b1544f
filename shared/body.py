"""A body (of a document, a memo, minutes): HTML from an editor or a program, cleaned, and read as text."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache

import lxml.html
import nh3

from shared.errors import Invalid
from shared.text import markup

_BLOCKS = frozenset(
    ("p", "div", "li", "tr", "h1", "h2", "h3", "h4", "blockquote", "pre", "caption", "br", "hr", "table", "ul", "ol")
)
_TAGS = {
    *("p", "br", "hr", "div", "span", "h1", "h2", "h3", "h4", "blockquote", "pre", "a"),
    *("strong", "b", "em", "i", "u", "s", "del", "ins", "sub", "sup", "mark", "code"),
    *("ul", "ol", "li"),
    *("table", "caption", "colgroup", "col", "thead", "tbody", "tfoot", "tr", "th", "td"),
}
_STYLED = ("p", "div", "span", "h1", "h2", "h3", "h4", "li", "table", "col", "tr", "th", "td")
_ATTRIBUTES: dict[str, set[str]] = {tag: {"style", "class"} for tag in _STYLED}
_ATTRIBUTES["a"] = {"href", "title"}
_ATTRIBUTES["ol"] = {"start", "type"}
_ATTRIBUTES["li"] |= {"data-list"}
_ATTRIBUTES["col"] |= {"span"}
_ATTRIBUTES["th"] |= {"colspan", "rowspan", "scope"}
_ATTRIBUTES["td"] |= {"colspan", "rowspan"}

_LENGTH = r"\d{1,4}(?:\.\d{1,3})?(?:px|pt|em|rem|%|mm|cm)"
_STYLES = {
    "text-align": re.compile(r"left|center|right|justify|start|end"),
    "vertical-align": re.compile(r"top|middle|bottom|baseline"),
    "text-decoration": re.compile(r"underline|line-through"),
    "text-indent": re.compile("-?" + _LENGTH),
    "margin-left": re.compile(_LENGTH),
    "padding-left": re.compile(_LENGTH),
    "width": re.compile(_LENGTH),
    "min-width": re.compile(_LENGTH),
    "color": re.compile(r"#[0-9a-f]{3,6}|rgb\(\d{1,3}, ?\d{1,3}, ?\d{1,3}\)"),
    "background-color": re.compile(r"#[0-9a-f]{3,6}|rgb\(\d{1,3}, ?\d{1,3}, ?\d{1,3}\)"),
}
_CLASS = re.compile(r"(?:ql-|text-)?align-(?:left|center|right|justify)|(?:ql-)?indent-[1-8]")
_SPAN = re.compile(r"[1-9]\d{0,2}")

DEPTH = 100
_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]*)")
# Void, or closed by the next of their kind.
_NEVER_DEEP = frozenset(("p", "br", "hr", "col", "img", "li", "tr", "td", "th", "thead", "tbody", "tfoot", "wbr"))


def _style(value: str) -> str | None:
    kept = []
    for declaration in value.split(";"):
        name, _, text = (part.strip().lower() for part in declaration.partition(":"))
        if name in _STYLES and _STYLES[name].fullmatch(text):
            kept.append(f"{name}: {text}")
    return "; ".join(kept) or None


def _attribute(tag: str, name: str, value: str) -> str | None:
    if name == "style":
        return _style(value)
    if name == "class":
        return " ".join(c for c in value.split() if _CLASS.fullmatch(c)) or None
    if name in ("colspan", "rowspan", "span", "start"):
        return value if _SPAN.fullmatch(value) else None
    return value


@cache
def _cleaner() -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=_TAGS,
        clean_content_tags={"script", "style", "noscript", "template", "iframe", "object", "title", "svg", "math"},
        attributes=_ATTRIBUTES,
        attribute_filter=_attribute,
        url_schemes={"http", "https", "mailto", "tel"},
    )


def accepted(html: str) -> str:
    """A body as it comes in, cleaned. Raises `Invalid` (`too_deep`) for one nested beyond any document.

    The parser's time grows with the square of the depth: the check comes first.
    """
    if _depth(html) > DEPTH:
        raise Invalid({"body": "too_deep"})
    return clean(html)


def _depth(html: str) -> int:
    """How deeply elements can come to stand in each other at the most, whatever the parser makes of them."""
    open_: Counter[str] = Counter()
    depth = deepest = 0
    for closing, tag in _TAG.findall(html):
        name = tag.lower()
        if name in _NEVER_DEEP:
            continue
        if not closing:
            open_[name] += 1
            depth += 1
            deepest = max(deepest, depth)
        elif open_[name]:
            open_[name] -= 1
            depth -= 1
    return deepest


def clean(html: str) -> str:
    """The HTML with what a document may hold, its text in form; cleaning twice changes nothing more."""
    if not html:
        return ""
    cleaned = _cleaner().clean(markup(html)).strip()
    # What stood there as an entity (`java&#173;script:`) comes to light only here, and is looked at as if typed so.
    formed = markup(cleaned) if "&" in html else cleaned
    return cleaned if formed == cleaned else _cleaner().clean(formed).strip()


def lines(html: str) -> list[str]:
    """The text of a cleaned body, one line for each block, without empty ones."""
    if not html:
        return []
    parts: list[str] = []
    for event, element in lxml.etree.iterwalk(lxml.html.fragment_fromstring(html, "div"), events=("start", "end")):
        tag = element.tag
        if event == "start":
            parts.append(f"\n{element.text or ''}" if tag in _BLOCKS else element.text or "")
        else:
            edge = "\n" if tag in _BLOCKS else " " if tag in ("td", "th") else ""
            parts.append(f"{edge}{element.tail or ''}")
    found = (" ".join(line.split()) for line in "".join(parts).split("\n"))
    return [line for line in found if line]


def is_empty(html: str) -> bool:
    """Whether a cleaned body says nothing."""
    return not lines(html)
