"""The tree of departments under the organisation: one root, no cycles, codes unique, nobody in what is abolished."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from shared import text

CODE = re.compile(r"^[0-9A-Z]{7}$")
DEEPEST = 10


@dataclass(frozen=True)
class Node:
    """A department as the rules see it; the root is the organisation itself and has no parent."""

    id: str
    name: str
    code: str
    parent: str | None
    order: int = 0
    abolished: bool = False


def depths(nodes: Mapping[str, Node]) -> dict[str, int]:
    """The depth of each department of a sound tree."""
    found: dict[str, int] = {}

    def of(node: str) -> int:
        if node not in found:
            parent = nodes[node].parent
            found[node] = 0 if parent is None else of(parent) + 1
        return found[node]

    for node in nodes:
        of(node)
    return found


def in_order(nodes: Mapping[str, Node]) -> list[Node]:
    """All departments as a tree is read: each under its parent, siblings by order, then name."""
    children: dict[str | None, list[Node]] = {}
    for node in nodes.values():
        children.setdefault(node.parent, []).append(node)
    found: list[Node] = []
    waiting = _siblings(children, None)
    while waiting:
        node = waiting.pop()
        found.append(node)
        waiting.extend(_siblings(children, node.id))
    return found


def _siblings(children: Mapping[str | None, list[Node]], parent: str | None) -> list[Node]:
    return sorted(children.get(parent, []), key=lambda n: (n.order, n.name, n.id), reverse=True)


def _heights(nodes: Mapping[str, Node]) -> dict[str, int]:
    """How many levels are below each department, those of a circle not counted."""
    found = dict.fromkeys(nodes, 0)
    waiting = Counter(node.parent for node in nodes.values())
    ready = [id_ for id_ in nodes if not waiting[id_]]
    while ready:
        node = nodes[ready.pop()]
        if node.parent in found:
            found[node.parent] = max(found[node.parent], found[node.id] + 1)
            waiting[node.parent] -= 1
            if not waiting[node.parent]:
                ready.append(node.parent)
    return found


class Tree:
    """All departments as they shall be, to be held against the rules."""

    def __init__(self, nodes: Mapping[str, Node], root: str) -> None:
        self._nodes = nodes
        self._root = root
        self._codes = Counter(node.code for node in nodes.values())
        self._live_parents = {node.parent for node in nodes.values() if not node.abolished}
        self._heights = _heights(nodes)

    def problems(self, node: Node, peopled: Collection[str]) -> dict[str, str]:
        """What is wrong with a department of the tree: codes by field, empty if nothing.

        `peopled` are the ids of departments in which active people have a post.
        """
        found: dict[str, str] = {}
        if not CODE.match(node.code):
            found["code"] = "bad_code"
        elif self._codes[node.code] > 1:
            found["code"] = "taken"
        if node.name != text.line(node.name):
            found["name"] = "bad_character"
        if node.id == self._root:
            if node.parent is not None:
                found["parent"] = "root_has_no_parent"
            if node.abolished:
                found["abolished"] = "root_is_not_abolished"
            return found
        if code := self._parent_problem(node):
            found["parent"] = code
        if node.abolished and node.id in peopled:
            found["abolished"] = "department_has_people"
        elif node.abolished and node.id in self._live_parents:
            found["abolished"] = "department_has_departments"
        return found

    def _parent_problem(self, node: Node) -> str | None:
        if node.parent is None or node.parent not in self._nodes:
            return "unknown_department"
        seen = {node.id}
        parent: str | None = node.parent
        while parent is not None:
            if parent in seen:
                return "circle"
            if len(seen) + self._heights[node.id] > DEEPEST:
                return "too_deep"
            seen.add(parent)
            above = self._nodes.get(parent)
            parent = above.parent if above else None
        if self._nodes[node.parent].abolished and not node.abolished:
            return "abolished_department"
        return None
