"""Keys as settings hold them: one or several split by commas, so that one can be changed while everything runs.

The first key is used for what is new, every one opens what it was used for. A process counts the uses of each key it
holds: that shows when a former key is needed no more, and with a count of 0 who knows a new one already.
"""

from __future__ import annotations

import hashlib
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from prometheus_client import Counter

_NONCE = 12

USES = Counter(
    "oneway_key_uses_total",
    "What was verified or opened with a key (its fingerprint), by kind: bus, cookie, storage, database, control",
    ["kind", "key"],
)


def split(text: str) -> list[str]:
    """Each key of a setting, the one to use first. Raises `ValueError` where there is none, or an empty one."""
    found = [key.strip() for key in text.split(",")]
    if not all(found):
        raise ValueError("a key is missing")
    return found


def fingerprint(key: str | bytes) -> str:
    """What a key is called where it is shown: eight hexadecimal digits that lead nobody back to it."""
    content = key.encode() if isinstance(key, str) else key
    return hashlib.sha256(b"oneway key fingerprint:" + content).hexdigest()[:8]


def uses(kind: str, key: str | bytes) -> Counter:
    """The count of one key's uses, there from now on."""
    return USES.labels(kind, fingerprint(key))


class Wrapping:
    """How tenants' keys are kept: encrypted (AES-256-GCM) under the installation's, and bound to whose they are.

    `kind` is the one of the installation's keys, `purpose` keeps what is derived from it apart from its other uses.
    """

    def __init__(self, kind: str, purpose: bytes) -> None:
        self._kind = kind
        self._purpose = purpose

    def _cipher(self, key: str) -> AESGCM:
        return AESGCM(HKDF(SHA256(), 32, None, self._purpose).derive(key.encode()))

    def wrap(self, keys: str, owner: str, content: bytes) -> bytes:
        """`content` under the first of the installation's keys."""
        nonce = os.urandom(_NONCE)
        return nonce + self._cipher(split(keys)[0]).encrypt(nonce, content, owner.encode())

    def unwrap(self, keys: str, owner: str, wrapped: bytes) -> bytes:
        """What `wrap` wrapped. Raises `InvalidTag` where it was wrapped under none of the keys, or for another."""
        return self._opened(keys, owner, wrapped)[1]

    def wrapped_by(self, keys: str, owner: str, wrapped: bytes) -> str:
        """Which of the keys it is wrapped under. Raises `InvalidTag` where it is none."""
        return self._opened(keys, owner, wrapped)[0]

    def renewed(self, keys: str, owner: str, wrapped: bytes) -> bytes | None:
        """The same under the first of the keys; None where it is already. Raises `InvalidTag` as `unwrap` does."""
        by, content = self._opened(keys, owner, wrapped)
        return None if by == split(keys)[0] else self.wrap(keys, owner, content)

    def _opened(self, keys: str, owner: str, wrapped: bytes) -> tuple[str, bytes]:
        for key in split(keys):
            try:
                content = self._cipher(key).decrypt(wrapped[:_NONCE], wrapped[_NONCE:], owner.encode())
            except InvalidTag:
                continue
            uses(self._kind, key).inc()
            return key, content
        raise InvalidTag()
