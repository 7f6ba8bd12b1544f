"""The form of an encrypted object: AES-256-GCM in chunks, so that it streams and yet cannot be cut or reordered.

`magic (4) ‖ salt (32) ‖ chunk…`; each chunk is 64 KiB of plain text (the last one shorter or equal) with its tag of
16 bytes. Every object has a key of its own, derived from the tenant's key and the salt; the nonce of a chunk is its
index and whether it is the last (the STREAM construction), the object's name is authenticated with each chunk.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MAGIC = b"OWS1"
SALT = 32
HEADER = len(MAGIC) + SALT
CHUNK = 64 * 1024
TAG = 16


class Damaged(Exception):
    """An object is not what was written: altered, cut, reordered, moved, or under another key."""


def pieces(chunks: Iterable[bytes], size: int) -> Iterator[bytes]:
    """The same bytes in pieces of `size` (the last one shorter); holds less than one piece and one chunk."""
    buffer = bytearray()
    for chunk in chunks:
        buffer += chunk
        start = 0
        while len(buffer) - start >= size:
            yield bytes(buffer[start : start + size])
            start += size
        del buffer[:start]
    if buffer:
        yield bytes(buffer)


def _cipher(key: bytes, salt: bytes) -> AESGCM:
    if len(key) != 32:
        raise ValueError("a tenant's key has 32 bytes")
    return AESGCM(HKDF(SHA256(), 32, salt, b"oneway object").derive(key))


def _nonce(index: int, last: bool) -> bytes:
    return index.to_bytes(11, "big") + bytes([last])


def _with_last(items: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Each item, and whether it is the last."""
    iterator = iter(items)
    held = next(iterator, None)
    for item in iterator:
        assert held is not None
        yield held, False
        held = item
    if held is not None:
        yield held, True


def seal(key: bytes, name: str, chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The encrypted object of these bytes, to be kept under `name`."""
    salt = os.urandom(SALT)
    cipher = _cipher(key, salt)
    bound = name.encode()
    yield MAGIC + salt
    for index, (piece, last) in enumerate(_with_last(pieces(chunks, CHUNK))):
        yield cipher.encrypt(_nonce(index, last), piece, bound)


def open_sealed(key: bytes, name: str, chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The bytes that were sealed under `name`. Raises `Damaged` before it gives out a byte that does not hold."""
    iterator = iter(chunks)
    start = b""
    while len(start) < HEADER:
        more = next(iterator, None)
        if more is None:
            raise Damaged(name)
        start += more
    if start[: len(MAGIC)] != MAGIC:
        raise Damaged(name)
    cipher = _cipher(key, start[len(MAGIC) : HEADER])
    bound = name.encode()
    sealed = pieces(_and_then(start[HEADER:], iterator), CHUNK + TAG)
    index = -1
    for index, (piece, last) in enumerate(_with_last(sealed)):
        try:
            yield cipher.decrypt(_nonce(index, last), piece, bound)
        except (InvalidTag, ValueError) as error:
            raise Damaged(name) from error
    if index < 0:
        raise Damaged(name)


def _and_then(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest
