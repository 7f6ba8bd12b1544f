"""The password policy."""

from __future__ import annotations

import unicodedata

LEAST = 9
MOST = 200
CLASSES = 2
LEAST_LOGIN = 3


def _classes(password: str) -> int:
    kinds = {
        "letter" if c.isalpha() and not c.isupper() else "upper" if c.isupper() else "digit" if c.isdigit() else "sign"
        for c in password
    }
    return len(kinds)


def weakness(password: str, login: str) -> str | None:
    """The code of what is wrong with a password, None for one that may be used.

    At least 9 characters of two classes (letters, capitals, digits, signs), without control characters and without
    the login (one of a letter or two is in every other word); at most 200, so that hashing stays bounded.
    """
    if len(password) < LEAST:
        return "too_short"
    if len(password) > MOST:
        return "too_long"
    if any(unicodedata.category(c) == "Cc" for c in password):
        return "weak"
    if _classes(password) < CLASSES:
        return "weak"
    if len(login) >= LEAST_LOGIN and login.casefold() in password.casefold():
        return "weak"
    return None
