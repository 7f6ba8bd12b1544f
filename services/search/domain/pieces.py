"""Text in pieces: runs of one kind of writing, in a form in which the same word is the same text."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

import snowballstemmer

# Longer runs are no words anybody looks for.
LONGEST = 40
_PIECE = re.compile(r"(?P<hangul>[가-힣]+)|(?P<hanja>[㐀-䶿一-鿿]+)|(?P<number>\d+)|(?P<word>[^\W\d_가-힣㐀-䶿一-鿿]+)")
_ENGLISH = re.compile(r"[a-z]+")
_STEMMER = snowballstemmer.stemmer("english")


class Piece(NamedTuple):
    """A run of one kind (`hangul`, `hanja`, `number`, `word`), and where it begins and ends in the plain text."""

    kind: str
    text: str
    begin: int
    end: int


def plain(text: str) -> str:
    """The text without the differences nobody types: capital letters, ㎡, ①, full width (NFKC)."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def pieces(text: str) -> list[Piece]:
    """The pieces of a plain text, in order. What is no letter and no figure only parts them."""
    return [Piece(str(found.lastgroup), found[0], *found.span()) for found in _PIECE.finditer(text)]


@lru_cache(20_000)
def stem(word: str) -> str:
    """An English word without its endings, at most `LONGEST` letters; a word of another language as it is."""
    if len(word) > LONGEST:
        return word[:LONGEST]
    return str(_STEMMER.stemWord(word)) if _ENGLISH.fullmatch(word) else word
