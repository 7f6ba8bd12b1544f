"""Words without a dictionary: Hangul and Hanja by syllables that overlap, English by stem, numbers as they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from services.search.domain.pieces import LONGEST, Piece, pieces, plain, stem
from services.search.domain.question import Term

NAME = "syllables"
# Particles (조사) that a word ends with, the longest first; what is left of the word are two syllables at the least.
_PARTICLES = (
    *("으로부터", "에서는", "에게서", "으로서", "으로써"),
    *("까지", "부터", "에서", "에게", "으로", "처럼", "보다", "마다", "에는"),
    *("은", "는", "이", "가", "을", "를", "의", "에", "로", "와", "과", "도", "만"),
)
_BY_SYLLABLE = ("hangul", "hanja")


def words(text: str) -> list[str]:
    """What a text is found by. Words that a blank parts overlap too: Korean is written with it or without."""
    whole = plain(text)
    found: list[str] = []
    before: Piece | None = None
    for piece in pieces(whole):
        if piece.kind in _BY_SYLLABLE:
            if before and before.kind == piece.kind and whole[before.end : piece.begin] == " ":
                found.append(before.text[-1] + piece.text[0])
            found += _overlapping(piece.text) or [piece.text]
        else:
            found.append(_whole(piece))
        before = piece
    return found


def asked(question: str) -> tuple[Term, ...]:
    """What a text must have to be found by a question: all of these."""
    return tuple(dict.fromkeys(_terms(question)))


def _terms(question: str) -> Iterator[Term]:
    for piece in pieces(plain(question)):
        if piece.kind in _BY_SYLLABLE:
            word = bare(piece.text)
            yield from map(Term, _overlapping(word)) if len(word) > 1 else (Term(word, begins=True),)
        else:
            yield Term(_whole(piece))


def bare(word: str) -> str:
    """A Korean word without the particle at its end."""
    for particle in _PARTICLES:
        if word.endswith(particle) and len(word) >= len(particle) + 2:
            return word[: -len(particle)]
    return word


def with_parts(found: Iterable[str]) -> Iterator[str]:
    """Words of a dictionary, and those that may be made of others (하수도, 시내버스) by their syllables as well."""
    for word in found:
        yield word
        if len(word) > 2 and "가" <= word[0] <= "힣":
            yield from _overlapping(word)


def _overlapping(text: str) -> list[str]:
    return [text[at : at + 2] for at in range(len(text) - 1)]


def _whole(piece: Piece) -> str:
    return stem(piece.text) if piece.kind == "word" else piece.text[:LONGEST]
