"""One-time codes by time (RFC 6238): 6 digits, 30 seconds, each code once."""

from __future__ import annotations

import hmac
from datetime import datetime

import pyotp

WINDOW = 1


def accepted_step(secret: str, code: str, now: datetime, last_step: int) -> int | None:
    """The time step `code` belongs to, if it is one of now or a neighbour and later than `last_step`; else None.

    A code is good once: whoever keeps the step as the new `last_step` refuses its replay (RFC 6238, 5.2).
    """
    given = code.replace(" ", "")
    if len(given) != 6 or not (given.isascii() and given.isdigit()):
        return None
    totp = pyotp.TOTP(secret)
    present = totp.timecode(now)
    for step in range(present - WINDOW, present + WINDOW + 1):
        if step > last_step and hmac.compare_digest(totp.generate_otp(step), given):
            return step
    return None


def uri(secret: str, login: str, organisation: str) -> str:
    """The address an authenticator reads from a QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=f"One Way {organisation}")
