"""argon2id, beside the event loop: a hash takes some 20 ms of a core, in which others go on working."""

from __future__ import annotations

import contextlib
import ctypes
import secrets
import threading
import unicodedata
from collections.abc import Callable
from typing import Any, TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from shared.aside import aside
from shared.bus.turns import Turns
from shared.cores import cores

T = TypeVar("T")

# glibc keeps in each thread what a hash has given back, 19 MiB in each of twenty: 400 MB after some sign-ins. From
# this size on (bytes, M_MMAP_THRESHOLD) memory goes back to the system at once; without glibc nothing is changed.
_GIVE_BACK = 4 << 20
with contextlib.suppress(OSError, AttributeError):
    ctypes.CDLL(None).mallopt(-3, _GIVE_BACK)

# OWASP Password Storage Cheat Sheet: 19 MiB, 2 passes, 1 lane.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# Compared with where there is no such person, so that the answer takes as long.
_NOBODY = _HASHER.hash(secrets.token_urlsafe(32))
# More at once than there are cores would only make each slower and hold more memory.
_CORES = cores()
_SLOTS = threading.BoundedSemaphore(_CORES)
# At ten to nine everybody signs in. Twice as many as hash are at work on the database; the others wait for their turn
# before they take a connection, which others need as well. A core does some forty hashes a second.
TURNS = Turns("directory", at_once=2 * _CORES, most=256, seconds=10.0)


def _aside(function: Callable[..., T], *args: Any) -> T:
    with _SLOTS:
        return aside(function, *args)


def hashed(password: str) -> str:
    """The argon2id hash of a password, with its salt and costs."""
    return _aside(_HASHER.hash, _composed(password))


def matches(kept: str | None, password: str) -> bool:
    """Whether `password` has the hash `kept`; as slow and always false where nothing is kept."""
    return _aside(_verified, kept or _NOBODY, _composed(password)) and kept is not None


def _composed(password: str) -> str:
    """The same password however the keyboard's system writes Hangul and accents (NIST SP 800-63B, 5.1.1.2)."""
    return unicodedata.normalize("NFC", password)


def _verified(kept: str, password: str) -> bool:
    try:
        return _HASHER.verify(kept, password)
    except (VerificationError, InvalidHashError):
        return False


def outdated(kept: str) -> bool:
    """Whether the hash was made with other costs than those of today."""
    return _HASHER.check_needs_rehash(kept)
