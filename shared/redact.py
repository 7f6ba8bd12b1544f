"""Takes secrets out of what is about to be logged: by the name of a field, by the form of a text.

What looks like a secret and is none is lost with it: better than the other way round.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

HIDDEN = "…"
_DEEPEST = 6
_WORDS = re.compile(r"[^A-Za-z0-9]+|(?<=[a-z0-9])(?=[A-Z])")
_SECRET = ("password", "passwd", "passphrase", "secret", "token", "cookie", "credential", "authorization", "otp")
_LAST = frozenset(("key", "code", "pwd", "pin"))
# What goes before `key` or `code` where neither opens anything.
_HARMLESS = frozenset(("status", "error", "exit", "institution", "tenant", "routing", "idempotency", "sort", "public"))

_NAMED = (
    *("password", "passwd", "passphrase", "secret", "token", "api_key", "api-key", "apikey", "authorization"),
    *("credential", "otp", "bus_key", "storage_key", "cookie_key", "access_key", "private_key", "signing_key"),
)
_QUOTED = r""""(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'"""
# What a text must hold, in lower case, for the pattern to be worth a look; the pattern; what is put in its place.
_FORMS: tuple[tuple[tuple[str, ...], re.Pattern[str], str], ...] = (
    # A URL's password.
    (("://",), re.compile(r"""(\b[A-Za-z][A-Za-z0-9+.-]*://[^\s:/@'"]*):[^\s/'"]*@"""), rf"\1:{HIDDEN}@"),
    # Our own tokens, and those of others.
    (("ow1.",), re.compile(r"\bow1\.[a-z][a-z0-9]*\.[A-Za-z0-9_-]+"), f"ow1.{HIDDEN}"),
    # The address of a feed is what opens it.
    (("/calendars/",), re.compile(r"(/calendars/)[^/\s?#'\"]+"), rf"\1{HIDDEN}"),
    (("eyj",), re.compile(r"\beyJ[\w-]+\.[\w-]+\.[\w-]*"), HIDDEN),
    (("bearer", "basic"), re.compile(r"(?i)\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{8,}"), rf"\1 {HIDDEN}"),
    (("cookie",), re.compile(r"(?i)\b((?:set-)?cookie\s*:).*"), rf"\1 {HIDDEN}"),
    (
        ("private key",),
        re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)", re.S),
        HIDDEN,
    ),
    # name=value, and the same as JSON or as Python shows it.
    (
        _NAMED,
        re.compile(rf"""(?i)((?:{"|".join(_NAMED)})s?["']?\s*[:=]\s*)(?:{_QUOTED}|[^\s,;&)}}\]]+)"""),
        rf"\1{HIDDEN}",
    ),
    # What SQLAlchemy and PostgreSQL tell of the values of a statement that failed.
    (("[parameters",), re.compile(r"\[parameters: .*\]"), f"[parameters: {HIDDEN}]"),
    (("detail:", "context:"), re.compile(r"\b(DETAIL|CONTEXT):.*"), rf"\1: {HIDDEN}"),
    (("invalid input",), re.compile(r"(invalid input (?:syntax|value) for [^:\n]*: )\"[^\"\n]*\""), rf"\1{HIDDEN}"),
)


@lru_cache(1000)
def is_secret(name: str) -> bool:
    """Whether a field of this name holds what is not to be written down."""
    words = [word.lower() for word in _WORDS.split(name) if word]
    if any(word.removesuffix("s").endswith(_SECRET) for word in words):
        return True
    return bool(words) and words[-1].removesuffix("s") in _LAST and not (set(words[:-1]) & _HARMLESS)


def text(given: str) -> str:
    """The text without the secrets that show themselves by their form."""
    low = given.lower()
    for needles, pattern, instead in _FORMS:
        if any(needle in low for needle in needles):
            given = pattern.sub(instead, given)
    return given


def value(given: Any, depth: int = 0) -> Any:
    """The value without secrets: of dictionaries and lists each part, of other objects their text."""
    if given is None or isinstance(given, bool | int | float | date | UUID):
        return given
    if isinstance(given, str):
        return text(given)
    if isinstance(given, bytes | bytearray | memoryview):
        return f"{len(given)} bytes"
    if depth >= _DEEPEST:
        return HIDDEN
    if isinstance(given, Mapping):
        return {str(k): HIDDEN if is_secret(str(k)) else value(v, depth + 1) for k, v in given.items()}
    # Not what derives from them: a URL of SQLAlchemy's is a tuple of its parts.
    if type(given) in (list, tuple, set, frozenset):
        return [value(each, depth + 1) for each in given]
    return text(str(given))
