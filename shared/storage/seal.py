"""The form of an encrypted object: AES-256-GCM in chunks, so that it streams and yet cannot be cut or reordered.

`magic (4) ‖ number of the key (4, in the second form) ‖ salt (32) ‖ chunk…`; each chunk is 64 KiB of plain text (the
last one shorter or equal) with its tag of 16 bytes. Every object has a key of its own, derived from the tenant's key
and the salt; the nonce of a chunk is its index and whether it is the last (the STREAM construction), the object's name
is authenticated with each chunk.

A tenant has one key or several, of 32 bytes, one after the other: the last one seals. What the first one sealed has the
first form, as every object had before there were others.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MAGIC, NUMBERED = b"OWS1", b"OWS2"
KEY = 32
NUMBER = 4
SALT = 32
HEADER = len(MAGIC) + SALT
CHUNK = 64 * 1024
TAG = 16


class Damaged(Exception):
    """An object is not what was written: altered, cut, reordered, moved, or under another key."""


class UnknownKey(Damaged):
    """An object names a key that is not among the tenant's: made since they were read, or never."""


def new_key() -> bytes:
    """A key for a tenant's objects."""
    return os.urandom(KEY)


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


def _newest(keys: bytes) -> int:
    """The number of the key that seals; the first is 1."""
    if not keys or len(keys) % KEY:
        raise ValueError(f"a tenant's keys have {KEY} bytes each")
    return len(keys) // KEY


def _cipher(keys: bytes, number: int, salt: bytes) -> AESGCM:
    key = keys[(number - 1) * KEY : number * KEY]
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


def seal(keys: bytes, name: str, chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The encrypted object of these bytes, to be kept under `name`."""
    salt = os.urandom(SALT)
    number = _newest(keys)
    cipher = _cipher(keys, number, salt)
    bound = name.encode()
    yield (MAGIC if number == 1 else NUMBERED + number.to_bytes(NUMBER, "big")) + salt
    for index, (piece, last) in enumerate(_with_last(pieces(chunks, CHUNK))):
        yield cipher.encrypt(_nonce(index, last), piece, bound)


def open_sealed(keys: bytes, name: str, chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The bytes that were sealed under `name`. Raises `Damaged` before it gives out a byte that does not hold."""
    start = _Start(name, chunks)
    magic = start.take(len(MAGIC))
    if magic not in (MAGIC, NUMBERED):
        raise Damaged(name)
    number = 1 if magic == MAGIC else int.from_bytes(start.take(NUMBER), "big")
    if not 1 <= number <= _newest(keys):
        raise UnknownKey(name)
    cipher = _cipher(keys, number, start.take(SALT))
    bound = name.encode()
    index = -1
    for index, (piece, last) in enumerate(_with_last(pieces(start.rest(), CHUNK + TAG))):
        try:
            yield cipher.decrypt(_nonce(index, last), piece, bound)
        except (InvalidTag, ValueError) as error:
            raise Damaged(name) from error
    if index < 0:
        raise Damaged(name)


class _Start:
    """Takes an object's header off its beginning, however it is cut."""

    def __init__(self, name: str, chunks: Iterable[bytes]) -> None:
        self._name = name
        self._chunks = iter(chunks)
        self._held = b""

    def take(self, size: int) -> bytes:
        """The next bytes. Raises `Damaged` where there are not so many."""
        while len(self._held) < size:
            more = next(self._chunks, None)
            if more is None:
                raise Damaged(self._name)
            self._held += more
        taken, self._held = self._held[:size], self._held[size:]
        return taken

    def rest(self) -> Iterator[bytes]:
        """What follows the header."""
        yield self._held
        yield from self._chunks
