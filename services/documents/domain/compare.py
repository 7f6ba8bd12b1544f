"""신구대조: two versions beside each other."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Any

import lxml.html
from lxml.html.diff import htmldiff

from services.documents.domain.content import Content
from shared import body as bodies

_FIELDS = (
    *("title", "summary", "keywords", "form", "retention", "disclosure", "reading_scope"),
    *("folder", "recipients", "sender_name", "line", "attachments"),
)
# Characters: beyond this, what was rewritten is shown whole, old before new; word by word would take seconds.
_BY_WORDS = 200_000
_NOTHING = re.compile(r"\s*<(ins|del)></\1>\s*")
_NEW_BEFORE_OLD = re.compile(r"(<ins>[^<]*</ins>)(\s*)(<del>[^<]*</del>)")


def changed_fields(left: Content, right: Content) -> list[dict[str, Any]]:
    """`{field, left, right}` of each field but the body that differs."""
    pairs = ((name, getattr(left, name), getattr(right, name)) for name in _FIELDS)
    return [{"field": name, "left": old, "right": new} for name, old, new in pairs if old != new]


def _blocks(html: str) -> list[str]:
    """The top-level elements of a body, each as HTML; loose text is a block of its own."""
    if not html:
        return []
    fragments = lxml.html.fragments_fromstring(html)
    return [f if isinstance(f, str) else lxml.html.tostring(f, encoding="unicode") for f in fragments]


def redline(left: str, right: str) -> str:
    """The right body with `ins` around what it has more and `del` around what the left one had; cleaned."""
    old, new = _blocks(left), _blocks(right)
    parts: list[str] = []
    for what, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        before, after = "".join(old[a:b]), "".join(new[c:d])
        if what == "equal":
            parts.append(after)
        elif len(before) + len(after) <= _BY_WORDS:
            parts += [_marked(*pair) for pair in zip_longest(old[a:b], new[c:d], fillvalue="")]
        else:
            parts.append(f"<del>{before}</del><ins>{after}</ins>")
    return bodies.clean("".join(parts))


def _marked(before: str, after: str) -> str:
    """One block word by word, what went before what came."""
    return _NEW_BEFORE_OLD.sub(r"\3\2\1", _NOTHING.sub("", htmldiff(before, after)))
