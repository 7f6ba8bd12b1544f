"""What a file is called: names as they arrive made right, and as they are kept."""

from __future__ import annotations

import re
import unicodedata

# Joiners are part of letters and emoji; other format characters turn a name round or hide in it.
_JOINERS = "\u200c\u200d"
_PATH = re.compile(r"[/\\]")


def tidy(name: str) -> str:
    """A file name in one line without its path, in composed Hangul (macOS sends it decomposed); may be empty."""
    last = _PATH.split(name)[-1]
    shown = "".join(
        c for c in last if c in _JOINERS or c.isspace() or unicodedata.category(c) not in ("Cc", "Cf", "Cs")
    )
    plain, before = unicodedata.normalize("NFC", shown), None
    while plain != before:
        before, plain = plain, " ".join(plain.split()).strip(".")
    return plain


def repaired(name: str) -> str:
    """A name whose bytes were taken for Latin-1 (a header's are by custom), as it was meant: UTF-8, else CP949.

    What reads as neither stays as it is.
    """
    try:
        raw = name.encode("latin-1")
    except UnicodeEncodeError:
        return name
    for encoding in ("utf-8", "cp949"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return name
