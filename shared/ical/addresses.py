"""Calendar addresses (RFC 5545, 3.3.3): whose it is, whatever the letters and the prefix are like.

RFC 5321 leaves the part before the @ to its host; in practice no host tells letters apart, and senders change them.
"""

from __future__ import annotations

import re
from urllib.parse import unquote

_PREFIX = re.compile(r"(?:mailto:\s*)+", re.IGNORECASE)


def bare(uri: str) -> str:
    """The address as it came, without `mailto:`, however often that stands before it."""
    text = uri.strip().strip("<>").strip()
    found = _PREFIX.match(text)
    if not found:
        return text
    rest = text[found.end() :].partition("?")[0]
    return unquote(rest) if "%" in rest else rest


def normal(uri: str) -> str:
    """What addresses of one person have in common."""
    return bare(uri).casefold()


def same(one: str, other: str) -> bool:
    """Whether both are one address; `kim+x@` is another than `kim@`."""
    return normal(one) == normal(other)


def mailto(address: str) -> str:
    """The address as a URI, with one prefix; what is a URI of another kind stays."""
    plain = bare(address)
    return f"mailto:{plain}" if "@" in plain and not plain.casefold().startswith(("urn:", "http:", "https:")) else plain
