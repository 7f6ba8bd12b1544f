"""A question in the databases' own languages of full text: of what was typed only letters and figures come through."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

# Terms of one question; what is asked beyond them is passed over.
MOST = 32


class Term(NamedTuple):
    """A word that must be there, or one that begins so."""

    word: str
    begins: bool = False


Question = Sequence[Sequence[Term]]
"""Ways to ask the same; a text is found that has every term of one of them."""


def sqlite(question: Question) -> str:
    """For FTS5's `MATCH`; empty where nothing is asked."""
    ways = (" AND ".join(f'"{term.word}"{"*" if term.begins else ""}' for term in way[:MOST]) for way in question)
    return " OR ".join(f"({way})" for way in ways if way)


def postgresql(question: Question) -> str:
    """For `to_tsquery`; empty where nothing is asked."""
    ways = (" & ".join(f"'{term.word}'{':*' if term.begins else ''}" for term in way[:MOST]) for way in question)
    return " | ".join(f"({way})" for way in ways if way)
