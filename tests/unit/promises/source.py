"""The project's own source as syntax trees: what tests of its promises read."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent.parent
PARTS = ("shared", "services", "gateway", "oneway")


def document(name: str) -> str:
    """The text of one page of the documentation, by its path from the root."""
    return (ROOT / name).read_text()


@cache
def tree(path: Path) -> ast.Module:
    """One module."""
    return ast.parse(path.read_text(), str(path))


def modules(*under: str) -> list[Path]:
    """Every module below these folders of the root."""
    return sorted(path for part in under for path in (ROOT / part).rglob("*.py") if "node_modules" not in path.parts)


def name_of(path: Path) -> str:
    """A module's dotted name; a package's is its folder's."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imports(path: Path) -> Iterator[str]:
    """The dotted names a module imports, wherever in it."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0 and node.module, f"{path} imports by a relative name"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@cache
def graph(*under: str) -> dict[str, set[str]]:
    """Which modules each module below these folders imports, inside of functions too."""
    paths = {name_of(path): path for path in modules(*under)}

    def module(name: str) -> str:
        return name if not name or name in paths else module(name.rpartition(".")[0])

    return {of: {found for name in imports(path) if (found := module(name))} - {of} for of, path in paths.items()}


def names(path: Path) -> set[str]:
    """Every name a module mentions: its own, attributes, and what it imports."""
    found: set[str] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.Attribute):
            found.add(node.attr)
        elif isinstance(node, ast.alias):
            found.add(node.name)
    return found


def texts(path: Path) -> set[str]:
    """Every string constant of a module."""
    return {node.value for node in ast.walk(tree(path)) if isinstance(node, ast.Constant) and type(node.value) is str}
