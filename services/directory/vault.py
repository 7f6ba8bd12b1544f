"""Secrets that must be read again (TOTP), encrypted under a key that is not in the database."""

from __future__ import annotations

import os

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_NONCE = 12


def _cipher(secret: str, tenant: str) -> AESGCM:
    return AESGCM(HKDF(SHA256(), 32, None, f"directory totp:{tenant}".encode()).derive(secret.encode()))


def lock(secret: str, tenant: str, person: str, text: str) -> bytes:
    """`text` under a key derived from the service's `secret`, bound to tenant and person (AES-256-GCM)."""
    nonce = os.urandom(_NONCE)
    return nonce + _cipher(secret, tenant).encrypt(nonce, text.encode(), person.encode())


def unlock(secret: str, tenant: str, person: str, locked: bytes) -> str:
    """What `lock` locked. Raises InvalidTag where it belongs to somebody else or was altered."""
    return _cipher(secret, tenant).decrypt(locked[:_NONCE], locked[_NONCE:], person.encode()).decode()
