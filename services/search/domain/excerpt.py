"""A piece of a text around the first word that was asked for, and where in it such words stand."""

from __future__ import annotations

import re
from collections.abc import Iterable

from services.search.domain.pieces import pieces, plain
from services.search.domain.question import MOST, Question
from services.search.domain.syllables import bare

LENGTH = 160
_LEAD = 40
_MARKS = 20


def needles(typed: str, question: Question) -> list[str]:
    """What to look for in a text: the words as they were typed, then the terms; the longest first."""
    asked = plain(typed)
    words = [word for piece in pieces(asked) for word in (piece.text, bare(piece.text))]
    terms = [term.word for way in question for term in way]
    found = dict.fromkeys([*asked.split()[:MOST], *words[: 2 * MOST], *terms[: 2 * MOST]])
    # A single letter or figure is in every line, a single syllable may be a word.
    found = dict.fromkeys(word for word in found if len(word) > 1 or not word.isascii())
    return sorted(found, key=len, reverse=True)


def excerpt(text: str, words: Iterable[str]) -> tuple[str, list[list[int]]]:
    """At most `LENGTH` characters of the text in one line, and `[from, to)` of each hit in them, in code points."""
    pattern = re.compile("|".join(map(re.escape, words)) or r"(?!)", re.IGNORECASE)
    first = pattern.search(text)
    begin = max(0, first.start() - _LEAD) if first else 0
    piece = text[begin : begin + LENGTH]
    marks = [list(found.span()) for found in pattern.finditer(piece)][:_MARKS]
    return re.sub(r"\s", " ", piece), marks
