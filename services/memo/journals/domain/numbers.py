"""Numbers as people type them on phones: kept exactly, and nothing about a comma is ever guessed."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

# Full-width digits, point, comma and signs, as Korean keyboards type them, and the minus of typographers.
_NARROW = str.maketrans("０１２３４５６７８９．，－＋−", "0123456789.,-+-")
_PLAIN = re.compile(r"([-+]?)(\d{1,18}|\d{1,3}(?:,\d{3}){1,5})(?:\.(\d{1,9}))?")
LENGTH = 40


class NotANumber(ValueError):
    """It is no number, or one that could be read in two ways."""


def number(typed: object) -> str | None:
    """The number as text, with the decimals it was typed with; None where nothing was typed.

    Takes a JSON number or plain text with `.` before the decimals. Thousands may be parted by commas where every group
    has three digits. A comma is never taken for a decimal point nor dropped: `12,5` is neither 12.5 nor 125. There
    are no exponents. Raises `NotANumber`.
    """
    if typed is None:
        return None
    if isinstance(typed, bool) or not isinstance(typed, str | int | float):
        raise NotANumber
    text = _text(typed)
    if not text:
        return None
    found = _PLAIN.fullmatch(text)
    if found is None:
        raise NotANumber
    sign, whole, decimals = found.groups()
    digits = whole.replace(",", "").lstrip("0") or "0"
    kept = f"{digits}.{decimals}" if decimals else digits
    return f"-{kept}" if sign == "-" and Decimal(kept) else kept


def _text(typed: str | int | float) -> str:
    """What was typed, on one line in narrow characters; a JSON number in full, without an exponent."""
    if isinstance(typed, str):
        if len(typed) > LENGTH * 4:
            raise NotANumber
        return unicodedata.normalize("NFC", typed).translate(_NARROW).strip()
    if isinstance(typed, int):
        return str(typed) if abs(typed) < 10**18 else "too long"
    exact = Decimal(repr(typed))
    return format(exact, "f") if exact.is_finite() and abs(exact) < 10**18 else "not finite"
