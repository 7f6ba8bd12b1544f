"""Sessions and their tokens: how long each kind lasts, what a token looks like, what is kept of it."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

IDLE_LIMIT = timedelta(hours=12)
TOKEN_LIFETIME = timedelta(hours=1)
# A sliding limit moves at most this often, so that reading a page writes nothing most of the time.
NOTE_EVERY = timedelta(minutes=10)


def lifetime(kind: str) -> timedelta:
    """How long a new session of a person lasts: `browser` 12 hours from its last use, `token` one hour."""
    return IDLE_LIMIT if kind == "browser" else TOKEN_LIFETIME


def end(kind: str, expires_at: datetime, seen_at: datetime) -> datetime:
    """When a session ends: `expires_at` as it was made; a browser's 12 hours after it was last `seen_at`."""
    return seen_at + IDLE_LIMIT if kind == "browser" else expires_at


def due(kind: str, seen_at: datetime, now: datetime) -> bool:
    """Whether the use of a session is to be noted: it moves a browser's end, and tells whose a program's is that works.

    A `token` lasts an hour in any case."""
    return kind in ("browser", "program") and now - seen_at >= NOTE_EVERY


def token(tenant: str, secret: str) -> str:
    """The token a client holds: it names its tenant, so that the gateway knows whom to ask."""
    return f"ow1.{tenant}.{secret}"


def token_hash(told: str) -> str:
    """What is kept of a token: SHA-256 of its secret part, in hexadecimal. The whole token is taken too."""
    return hashlib.sha256(told.rpartition(".")[2].encode()).hexdigest()


def is_time_to_forget(session: str) -> bool:
    """About one new session in 256, by its id: forgetting what ended costs little and keeps pace with what comes."""
    return session.endswith("00")
