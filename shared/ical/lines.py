"""Content lines and components (RFC 5545, 3.1): text to a tree and back, whatever properties stand in it.

A property keeps its value as it was written, so that what nobody here knows goes out as it came in. Values are
decoded where they are understood (`shared.ical.values`).
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from icalendar.parser import Contentline

_NAME = re.compile(r"[A-Za-z0-9-]+")
_PARAMETER = re.compile(r'[ \t]*;[ \t]*([A-Za-z0-9-]+)[ \t]*=((?:[ \t]*(?:"[^"]*"|[^";:,]*),?)*)')
_PARAMETER_VALUE = re.compile(r'"([^"]*)"|([^",]+)')
_QUOTED = re.compile(r"[:;,]")
_CARET = re.compile(r"\^([n'^])")
_CARETS = {"n": "\n", "'": '"', "^": "^"}
# Controls have no place in a value (RFC 5545, 3.1): a line break in one would begin a property of its own.
_CONTROLS = re.compile("[\x00-\x08\x0a-\x1f\x7f]")
_PARAMETER_TO_CARET = str.maketrans({"^": "^^", "\n": "^n", '"': "^'"})

_CONTROLS_BUT_BREAKS = re.compile("[\x00-\x08\x0b-\x1f\x7f\ufeff]")
_FOLD = re.compile(rb"(?:\r\n|\r|\n)[ \t]")
_BREAK = re.compile("\r\n?")

MOST_DEPTH = 8
MOST_PARAMETERS = 100


class NotLines(ValueError):
    """No calendar can be read: what is wrong stands in `args[0]` as a code."""


class Line(NamedTuple):
    """One property: its name in capitals, its parameters, its value as written (escaped, on one line)."""

    name: str
    value: str
    params: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def param(self, name: str) -> str:
        """The first value of a parameter, empty where it is not there."""
        return next((values[0] for key, values in self.params if key == name and values), "")

    def with_params(self, **changed: str | None) -> Line:
        """The same property with parameters set, or taken away where the value is None (`rsvp="TRUE"`)."""
        names = {name.upper().replace("_", "-"): value for name, value in changed.items()}
        kept = [(key, values) for key, values in self.params if key not in names]
        return self._replace(params=(*kept, *((key, (value,)) for key, value in names.items() if value is not None)))

    def __str__(self) -> str:
        written = "".join(f";{key}={','.join(map(_written, values))}" for key, values in self.params)
        return f"{self.name}{written}:{_CONTROLS.sub('', self.value)}"


@dataclass(frozen=True)
class Node:
    """A component with its properties and components, in their order."""

    name: str
    lines: tuple[Line, ...] = ()
    children: tuple[Node, ...] = ()

    def first(self, name: str) -> Line | None:
        """The first property of a name."""
        return next((line for line in self.lines if line.name == name), None)

    def all(self, *names: str) -> tuple[Line, ...]:
        """Every property of these names."""
        return tuple(line for line in self.lines if line.name in names)

    def value(self, name: str) -> str:
        """The value of the first property of a name as written, without blanks around it; empty where there is none."""
        line = self.first(name)
        return line.value.strip() if line else ""

    def without(self, *names: str) -> Node:
        """The component without the properties of these names."""
        return replace(self, lines=tuple(line for line in self.lines if line.name not in names))

    def setting(self, *lines: Line) -> Node:
        """The component with these properties instead of those of the same names, in the place of those."""
        names = {line.name for line in lines}
        first = next((n for n, line in enumerate(self.lines) if line.name in names), len(self.lines))
        kept = [
            tuple(line for line in part if line.name not in names) for part in (self.lines[:first], self.lines[first:])
        ]
        return replace(self, lines=(*kept[0], *lines, *kept[1]))

    def plain(self) -> Iterator[str]:
        """The content lines, unfolded."""
        yield f"BEGIN:{self.name}"
        yield from map(str, self.lines)
        for child in self.children:
            yield from child.plain()
        yield f"END:{self.name}"


@dataclass
class _Open:
    name: str
    lines: list[Line] = field(default_factory=list)
    children: list[Node] = field(default_factory=list)

    def closed(self) -> Node:
        return Node(self.name, tuple(self.lines), tuple(self.children))


def unfold(data: bytes) -> str:
    """The text of a calendar with each content line on one line, ended by a line feed.

    Unfolded before it is decoded: careless senders fold inside a character (RFC 5545, 3.1). What is not UTF-8 is
    CP949, as Korean programs write it; a mark of byte order and control characters go.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        data = data.decode("utf-16", "replace").encode()
    whole = _FOLD.sub(b"", data.removeprefix(codecs.BOM_UTF8))
    try:
        text = whole.decode()
    except UnicodeDecodeError:
        text = _korean(whole)
    return _CONTROLS_BUT_BREAKS.sub("", _BREAK.sub("\n", text))


def _korean(data: bytes) -> str:
    try:
        return data.decode("cp949")
    except UnicodeDecodeError:
        return data.decode(errors="replace")


def parse_line(text: str) -> Line | None:
    """The property on an unfolded line; None where it is none, or has more parameters than any has."""
    name = _NAME.match(text)
    if not name:
        return None
    if text[name.end() : name.end() + 1] == ":":
        return Line(name[0].upper(), text[name.end() + 1 :])
    position = name.end()
    params: list[tuple[str, tuple[str, ...]]] = []
    while len(params) < MOST_PARAMETERS and (found := _PARAMETER.match(text, position)):
        values = tuple(_uncaret(quoted or bare.strip()) for quoted, bare in _PARAMETER_VALUE.findall(found[2]))
        params.append((found[1].upper(), values))
        position = found.end()
    rest = text[position:].lstrip(" \t")
    return Line(name[0].upper(), rest[1:], tuple(params)) if rest.startswith(":") else None


def parse(text: str) -> tuple[Node, ...]:
    """The components of an unfolded text; lines that are no properties are passed over.

    What is left open ends with what it is in, or with the text; an end of what is not open is passed over.

    Raises `NotLines` (`too_deep`).
    """
    root = _Open("")
    stack = [root]
    for written in text.split("\n"):
        line = parse_line(written)
        if line is None:
            continue
        if line.name == "BEGIN":
            if len(stack) > MOST_DEPTH:
                raise NotLines("too_deep")
            stack.append(_Open(line.value.strip().upper()))
        elif line.name == "END":
            name = line.value.strip().upper()
            for _ in range(_depth(stack, name)):
                _close(stack)
        else:
            stack[-1].lines.append(line)
    while len(stack) > 1:
        _close(stack)
    return tuple(root.children)


def text_of(nodes: Iterable[Node]) -> str:
    """The components as they are written: CRLF, no line of more than 75 octets, none that breaks a character."""
    plain = (line for node in nodes for line in node.plain())
    return "".join(folded(line) + "\r\n" for line in plain)


def folded(line: str) -> str:
    """A content line with its folds."""
    return line if len(line) < 75 and line.isascii() else str(Contentline(line).to_ical(), "utf-8")  # type: ignore[no-untyped-call]


def _depth(stack: list[_Open], name: str) -> int:
    """How many components end with the innermost of a name."""
    return next((depth for depth, one in enumerate(reversed(stack[1:]), 1) if one.name == name), 0)


def _close(stack: list[_Open]) -> None:
    done = stack.pop()
    stack[-1].children.append(done.closed())


def _written(value: str) -> str:
    """A parameter's value, quoted where it must be (RFC 5545, 3.2), with what no quotes can hold by RFC 6868."""
    safe = _CONTROLS.sub("", value.translate(_PARAMETER_TO_CARET))
    return f'"{safe}"' if _QUOTED.search(safe) else safe


def _uncaret(value: str) -> str:
    return _CARET.sub(lambda found: _CARETS[found[1]], value) if "^" in value else value
