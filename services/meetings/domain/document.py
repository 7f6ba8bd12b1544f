"""The shared document of minutes: a Y document of one XML fragment, made from updates and read as HTML.

All of it is done in a worker process, from bytes to bytes: whoever writes may send any bytes. An agenda item has a
heading with its id as `item`; what follows it, up to the next such heading, is what was said on it; what stands before
the first is of the whole.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import pycrdt

from services.meetings.domain import blocks
from services.meetings.domain.blocks import Block, Run
from shared import body as bodies
from shared.errors import Invalid

FIELD = "minutes"
# Who writes what the server seeds: the same bytes whoever asks for it. Browsers take their numbers by chance.
_SERVER = 1
_DEEPEST = 200
_HEADING = 3


def checked(update: bytes) -> bytes:
    """An update in its one form, without what may hang on it. Raises `Invalid` for bytes that are none."""
    try:
        formed = bytes(pycrdt.merge_updates(update))
        pycrdt.Doc().apply_update(formed)
    except (ValueError, RuntimeError) as error:
        raise Invalid({"update": "not_valid"}) from error
    return formed


def _opened(parts: Iterable[bytes]) -> tuple[pycrdt.Doc[Any], pycrdt.XmlFragment]:
    doc: pycrdt.Doc[Any] = pycrdt.Doc(client_id=_SERVER)
    for part in parts:
        try:
            doc.apply_update(part)
        except (ValueError, RuntimeError):
            # It was an update by itself, and does not go with the others: no browser sends such a thing.
            continue
    return doc, doc.get(FIELD, type=pycrdt.XmlFragment)


def _bytes(parts: Sequence[str]) -> list[bytes]:
    return [base64.b64decode(part) for part in parts]


def seeded(parts: Sequence[str], body: str, items: Sequence[Mapping[str, str]]) -> bytes:
    """The update that adds what is written already (cleaned HTML): the `body`, then `items` (`{id, title, gist}`) below
    their headings."""
    doc, root = _opened(_bytes(parts))
    before = doc.get_state()
    first = blocks.of(body) or ([] if parts else [blocks.paragraph()])
    added = [*first]
    for item in items:
        heading = Block("heading", {"level": _HEADING, "item": item["id"]}, [(item["title"], {})])
        added += [heading, *(blocks.of(item["gist"]) or [blocks.paragraph()])]
    with doc.transaction():
        for block in added:
            _put(root, block)
    return bytes(doc.get_update(before))


def _put(parent: Any, block: Block) -> None:
    parent.children.append(pycrdt.XmlElement(block.name))
    element = parent.children[len(parent.children) - 1]
    for name, value in block.attributes.items():
        element.attributes[name] = value
    text: Any = None
    for each in block.content:
        if isinstance(each, Block):
            _put(element, each)
            text = None
            continue
        if text is None:
            element.children.append(pycrdt.XmlText())
            text = element.children[len(element.children) - 1]
        # Without a mark that the text before has, it would go on: each is told, if only that it ends.
        text.insert(len(text), each[0], dict(each[1]))


def merged(parts: Sequence[str]) -> bytes:
    """All updates as one, without what was taken out again; with what still waits for an update that has not come."""
    each = _bytes(parts)
    whole = bytes(pycrdt.merge_updates(*each))
    doc, _ = _opened(each)
    # The number of clients of whom something is missing in the document.
    waiting = pycrdt.get_update(whole, doc.get_state())[0]
    return whole if waiting else bytes(doc.get_update())


def read(parts: Sequence[str], items: Mapping[str, str]) -> dict[str, Any]:
    """What a document says: `{body, items: {id: html}}`, cleaned. `items` are the ids and titles of the agenda.

    A heading that says what its item's title says is not said again; what it was made into is kept. Raises `Invalid`.
    """
    _, root = _opened(_bytes(parts))
    found: dict[str, list[Block | Run]] = {"": [], **{id_: [] for id_ in items}}
    part = found[""]
    for block in _content(root, 0):
        item = block.attributes.get("item") if isinstance(block, Block) and block.name == "heading" else None
        if isinstance(block, Block) and item in items:
            part = found[str(item)]
            if blocks.said(block.content) == items[str(item)]:
                continue
        part.append(block)
    kept = {id_: _trimmed(content) for id_, content in found.items()}
    return {"body": kept.pop(""), "items": kept}


def _trimmed(content: list[Block | Run]) -> str:
    """As HTML, without the empty paragraphs at its ends; what says nothing is empty."""
    while content and _is_blank(content[-1]):
        content = content[:-1]
    while content and _is_blank(content[0]):
        content = content[1:]
    return bodies.accepted(blocks.as_html(content))


def _is_blank(each: Block | Run) -> bool:
    return isinstance(each, Block) and each.name == "paragraph" and not blocks.said(each.content)


def _content(parent: Any, depth: int) -> list[Block | Run]:
    return list(_children(parent, depth)) if depth < _DEEPEST else []


def _children(parent: Any, depth: int) -> Iterator[Block | Run]:
    for child in parent.children:
        if isinstance(child, pycrdt.XmlText):
            yield from ((str(text), dict(marks or {})) for text, marks in child.diff() if isinstance(text, str))
        elif isinstance(child, pycrdt.XmlElement):
            # What it iterates over has no type of an iterator.
            attributes: Any = child.attributes
            yield Block(child.tag or "", dict(attributes), _content(child, depth + 1))
