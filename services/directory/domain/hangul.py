"""Search terms of a person: name, initial consonants (초성) and login, so that a contains-search reads an index."""

from __future__ import annotations

import re
import unicodedata

_INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
_FIRST, _LAST, _PER_INITIAL = 0xAC00, 0xD7A3, 588
_LONGEST = 40
# Sorts after everything that begins with the term, in the byte order both databases compare terms by.
_END = "\U0010ffff"


def normal(text: str) -> str:
    """Text as it is compared: composed (NFC), folded."""
    return unicodedata.normalize("NFC", text).casefold()


def initials(text: str) -> str:
    """The initial consonants of Hangul syllables; other characters stay: `김하늘` → `ㄱㅎㄴ`."""
    return "".join(
        _INITIALS[(ord(c) - _FIRST) // _PER_INITIAL] if _FIRST <= ord(c) <= _LAST else c
        for c in unicodedata.normalize("NFC", text)
    )


def terms(name: str, login: str) -> set[str]:
    """Every string whose beginnings find a person of this name and login.

    Each ending of the name and of its initials (a contains-search becomes a prefix search), the login and its parts.
    """
    plain = "".join(normal(name).split())[:_LONGEST]
    found = {plain[i:] for i in range(len(plain))}
    consonants = initials(plain)
    if consonants != plain:
        found |= {consonants[i:] for i in range(len(consonants))}
    folded = normal(login)
    found.add(folded)
    found |= {part for part in re.split(r"[._@-]", folded) if part}
    return found


def words(q: str) -> list[str]:
    """The words of a search as they are compared; each of them must be found."""
    return normal(q).split()[:5]


def prefix_range(word: str) -> tuple[str, str]:
    """The half-open range of strings that begin with `word`."""
    return word, word + _END
