"""The worker process that takes Korean apart: `python -m services.search.morphemes`, a line of JSON for a line of JSON.

It is a process of its own because kiwipiepy holds some 520 MB and takes seconds to load. It reads lists of texts from
its standard input, answers with their words, and ends with its input. Nothing of the system is in it but this file
and `domain/`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, BinaryIO

from services.search.domain.pieces import LONGEST, pieces, plain, stem

if TYPE_CHECKING:
    from kiwipiepy import Token

NAME = "morphemes"
# What a text is about: nouns, stems of verbs and adjectives, roots, and what is written in other letters or figures.
_KEPT = ("NNG", "NNP", "NR", "VV", "VA", "XR", "SL", "SH", "SN", "W_")
# Verbs that are in every other sentence.
_EVERYWHERE = frozenset(("하", "되", "있", "없", "이", "않", "위하", "대하", "관하", "따르", "통하"))


def words(tokens: Iterable[Token]) -> Iterator[str]:
    """The words of a text that was taken apart."""
    for token in tokens:
        if token.tag.startswith(_KEPT) and token.form not in _EVERYWHERE:
            for piece in pieces(plain(token.form)):
                yield stem(piece.text) if piece.kind == "word" else piece.text[:LONGEST]


def main() -> None:
    """Says that it is ready by an empty list, then answers each line."""
    from kiwipiepy import Kiwi

    kiwi = Kiwi(num_workers=1)
    # The dictionary is loaded with the first text.
    kiwi.tokenize("가")
    out = sys.stdout.buffer
    _say(out, [])
    for line in sys.stdin.buffer:
        _say(out, [list(words(kiwi.tokenize(text))) for text in json.loads(line)])


def _say(out: BinaryIO, found: list[list[str]]) -> None:
    out.write(json.dumps(found, ensure_ascii=False).encode() + b"\n")
    out.flush()


if __name__ == "__main__":
    main()
