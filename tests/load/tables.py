"""What the tables of docs/sizing.md are made with."""

from __future__ import annotations

from collections.abc import Iterable

# What asks, not what is asked: its CPU time is no part of what the system needs.
GENERATOR = "load generator"


def table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A table in Markdown."""
    heads = list(heads)
    lines = [heads, ["---"] * len(heads), *map(list, rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
