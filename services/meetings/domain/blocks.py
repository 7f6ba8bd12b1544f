"""Cleaned HTML as the blocks of the shared document, and those blocks as HTML.

The names are those of the editor's schema (gateway/ui/components/editing/schema.ts): an editor deletes a block that
its schema does not know, so nothing else may be put into a document.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import lxml.html

Marks = dict[str, dict[str, Any]]
# A text with its marks.
Run = tuple[str, Marks]


@dataclass
class Block:
    """A block with what is in it."""

    name: str
    attributes: dict[str, Any] = field(default_factory=dict)
    content: list[Block | Run] = field(default_factory=list)


_MARKS = {
    **dict.fromkeys(("strong", "b"), "bold"),
    **dict.fromkeys(("em", "i"), "italic"),
    **dict.fromkeys(("u", "ins"), "underline"),
    **dict.fromkeys(("s", "del"), "strike"),
}
_WRAPPED = {"ul": "bulletList", "ol": "orderedList", "li": "listItem", "blockquote": "blockquote"}
_CELLS = {"td": "tableCell", "th": "tableHeader"}
_HEADINGS = ("h1", "h2", "h3", "h4")
_TEXTS = (*_HEADINGS, "p", "pre", "caption")
_BLOCKS = {*_TEXTS, *_WRAPPED, "div", "hr", "table"}


def of(body: str) -> list[Block]:
    """The blocks of a cleaned body; none of an empty one."""
    return _flow(lxml.html.fragment_fromstring(body, "div"), {}) if body else []


def paragraph(*runs: Run) -> Block:
    """A paragraph of these texts."""
    return Block("paragraph", {}, list(runs))


def _flow(element: Any, marks: Marks) -> list[Block]:
    """What is in an element as blocks: text that stands between blocks is a paragraph of its own."""
    found: list[Block] = []
    line: list[Block | Run] = []

    def close() -> None:
        if any(not isinstance(each, tuple) or each[0].strip() for each in line):
            found.append(Block("paragraph", {}, list(line)))
        line.clear()

    if element.text:
        line.append((element.text, marks))
    for child in element:
        if child.tag in _BLOCKS or child.find(".//p") is not None:
            close()
            found += _block(child, marks)
        else:
            line += _inline(child, marks)
        if child.tail:
            line.append((child.tail, marks))
    close()
    return found


def _block(element: Any, marks: Marks) -> list[Block]:
    tag = element.tag
    if tag in _TEXTS:
        name, attributes = ("heading", {"level": int(tag[1])}) if tag in _HEADINGS else ("paragraph", {})
        return [Block(name, attributes | _set(element), _content(element, marks))]
    if tag == "hr":
        return [Block("horizontalRule")]
    if tag == "table":
        return _table(element, marks)
    inside = _flow(element, marks)
    if tag in ("ul", "ol"):
        # Only items may stand in a list.
        inside = [each if each.name == "listItem" else Block("listItem", {}, [each]) for each in inside]
    if tag == "li" and (not inside or inside[0].name != "paragraph"):
        inside.insert(0, paragraph())
    return [Block(_WRAPPED[tag], {}, list(inside))] if tag in _WRAPPED and inside else inside


def _set(element: Any) -> dict[str, Any]:
    """How a paragraph is set, by its classes."""
    found: dict[str, Any] = {}
    for name in (element.get("class") or "").split():
        kind, _, value = name.removeprefix("ql-").removeprefix("text-").partition("-")
        if kind == "align":
            found["align"] = value
        elif kind == "indent":
            found["indent"] = int(value)
    return found


def _table(element: Any, marks: Marks) -> list[Block]:
    parts = [element, *(each for each in element if each.tag in ("thead", "tbody", "tfoot"))]
    found = [_row(row, marks) for part in parts for row in part if row.tag == "tr"]
    rows: list[Block | Run] = [row for row in found if row.content]
    above = [block for each in element if each.tag == "caption" for block in _block(each, marks)]
    return [*above, Block("table", {}, rows)] if rows else above


def _row(element: Any, marks: Marks) -> Block:
    cells: list[Block | Run] = []
    for cell in element:
        if cell.tag in _CELLS:
            spans = {name: int(cell.get(name)) for name in ("colspan", "rowspan") if (cell.get(name) or "").isdecimal()}
            cells.append(Block(_CELLS[cell.tag], spans, list(_flow(cell, marks)) or [paragraph()]))
    return Block("tableRow", {}, cells)


def _content(element: Any, marks: Marks) -> list[Block | Run]:
    found: list[Block | Run] = [(element.text, marks)] if element.text else []
    for child in element:
        found += _inline(child, marks)
        if child.tail:
            found.append((child.tail, marks))
    return found


def _inline(element: Any, marks: Marks) -> list[Block | Run]:
    if element.tag == "br":
        return [Block("hardBreak")]
    if element.tag == "a" and element.get("href"):
        marks = {**marks, "link": {"href": element.get("href")}}
    elif element.tag in _MARKS:
        marks = {**marks, _MARKS[element.tag]: {}}
    return _content(element, marks)


# -- back to HTML -----------------------------------------------------------------------------------

_TAGS = {
    "paragraph": "p",
    "bulletList": "ul",
    "orderedList": "ol",
    "listItem": "li",
    "blockquote": "blockquote",
    "table": "table",
    "tableRow": "tr",
    "tableCell": "td",
    "tableHeader": "th",
}
_WRAPS = {"bold": "strong", "italic": "em", "underline": "u", "strike": "s"}
# Deeper than any body may be: what is inside is kept without its wrapping.
_DEEPEST = 60


def as_html(blocks: Iterable[Block | Run], depth: int = 0) -> str:
    """Blocks as HTML, to be cleaned by whoever keeps it."""
    return "".join(_text(each) if isinstance(each, tuple) else _shown(each, depth) for each in blocks)


def _shown(block: Block, depth: int) -> str:
    if block.name in ("hardBreak", "horizontalRule"):
        return "<br>" if block.name == "hardBreak" else "<hr>"
    inside = as_html(block.content, depth + 1)
    tag = f"h{_number(block.attributes, 'level', 4)}" if block.name == "heading" else _TAGS.get(block.name)
    return f"<{tag}{_attributes(block)}>{inside}</{tag}>" if tag and depth < _DEEPEST else inside


def _number(attributes: Mapping[str, Any], name: str, most: int) -> int:
    """A whole number from 1 on; an editor's numbers come back as fractions."""
    value = attributes.get(name)
    return int(min(max(value, 1), most)) if isinstance(value, (int, float)) and value == value else 1


def _attributes(block: Block) -> str:
    align, told = block.attributes.get("align"), block.attributes
    classes = [f"align-{align}"] if align in ("center", "right", "justify") else []
    if isinstance(told.get("indent"), (int, float)) and told["indent"] >= 1:
        classes.append(f"indent-{_number(told, 'indent', 8)}")
    found = f' class="{" ".join(classes)}"' if classes else ""
    most = {"start": 999} if block.name == "orderedList" else {"colspan": 999, "rowspan": 999}
    spans = ((name, _number(told, name, limit)) for name, limit in most.items() if name in told)
    return found + "".join(f' {name}="{value}"' for name, value in spans if value > 1)


def _text(run: Run) -> str:
    text, marks = run
    found = html.escape(text)
    # An editor tells marks of one name apart by what follows two hyphens.
    named = {name.partition("--")[0]: value for name, value in marks.items()}
    for name, tag in _WRAPS.items():
        if name in named:
            found = f"<{tag}>{found}</{tag}>"
    link = named.get("link")
    href = link.get("href") if isinstance(link, Mapping) else None
    return f'<a href="{html.escape(href)}">{found}</a>' if isinstance(href, str) else found


def said(content: Sequence[Block | Run]) -> str:
    """The text of what is in a block, on one line."""
    return "".join(each[0] if isinstance(each, tuple) else said(each.content) for each in content).strip()
