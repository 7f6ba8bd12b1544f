"""Secrets that must be read again (TOTP), encrypted under the tenant's key, which is not in its database."""

from __future__ import annotations

import os

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE = 12


def lock(key: bytes, person: str, text: str) -> bytes:
    """`text` under the service's key of a tenant, bound to the person (AES-256-GCM)."""
    nonce = os.urandom(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, text.encode(), person.encode())


def unlock(key: bytes, person: str, locked: bytes) -> str:
    """What `lock` locked. Raises InvalidTag where it belongs to somebody else or was altered."""
    return AESGCM(key).decrypt(locked[:_NONCE], locked[_NONCE:], person.encode()).decode()
