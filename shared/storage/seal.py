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
# So many bytes hold the header of either form.
LONGEST_HEADER = HEADER + NUMBER
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
    opening = _Opening.of(keys, name, start)
    index = -1
    for index, (piece, last) in enumerate(_with_last(pieces(start.rest(), CHUNK + TAG))):
        yield opening.chunk(index, last, piece)
    if index < 0:
        raise Damaged(name)


class Part:
    """The bytes `start` to `end` (it not among them) of a sealed object of `size` bytes, which begins with `head`.

    Raises `Damaged` where the object has not so many bytes, or is none.
    """

    def __init__(self, keys: bytes, name: str, head: bytes, size: int, start: int, end: int) -> None:
        header = _Start(name, [head])
        self._opening = _Opening.of(keys, name, header)
        self._name = name
        self._first, self._most = start // CHUNK, (end - 1) // CHUNK
        begins = len(head) - len(header.left)
        count = -(-(size - begins) // (CHUNK + TAG))
        self._last = count - 1
        if not 0 <= start < end <= size - begins - count * TAG:
            raise Damaged(name)
        self._cut = slice(start - self._first * CHUNK, end - self._most * CHUNK)
        # Where the chunks that hold these bytes are in the object.
        self.sealed = (
            begins + self._first * (CHUNK + TAG),
            min(begins + (self._most + 1) * (CHUNK + TAG), size),
        )

    def opened(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        """The plain bytes, from those at `sealed`."""
        index = -1
        for index, piece in enumerate(pieces(chunks, CHUNK + TAG), self._first):
            plain = self._opening.chunk(index, index == self._last, piece)
            end = self._cut.stop if index == self._most else None
            yield plain[self._cut.start if index == self._first else 0 : end]
        if index < self._most:
            raise Damaged(self._name)


class _Opening:
    """Opens the chunks of one object."""

    def __init__(self, cipher: AESGCM, name: str) -> None:
        self._cipher = cipher
        self._name = name
        self._bound = name.encode()

    @classmethod
    def of(cls, keys: bytes, name: str, start: _Start) -> _Opening:
        """By the header at the start of the object, which is taken off. Raises `Damaged`."""
        magic = start.take(len(MAGIC))
        if magic not in (MAGIC, NUMBERED):
            raise Damaged(name)
        number = 1 if magic == MAGIC else int.from_bytes(start.take(NUMBER), "big")
        if not 1 <= number <= _newest(keys):
            raise UnknownKey(name)
        return cls(_cipher(keys, number, start.take(SALT)), name)

    def chunk(self, index: int, last: bool, piece: bytes) -> bytes:
        """The plain text of one chunk. Raises `Damaged`."""
        try:
            return self._cipher.decrypt(_nonce(index, last), piece, self._bound)
        except (InvalidTag, ValueError) as error:
            raise Damaged(self._name) from error


class _Start:
    """Takes an object's header off its beginning, however it is cut; `left` is what was read beyond."""

    def __init__(self, name: str, chunks: Iterable[bytes]) -> None:
        self._name = name
        self._chunks = iter(chunks)
        self.left = b""

    def take(self, size: int) -> bytes:
        """The next bytes. Raises `Damaged` where there are not so many."""
        while len(self.left) < size:
            more = next(self._chunks, None)
            if more is None:
                raise Damaged(self._name)
            self.left += more
        taken, self.left = self.left[:size], self.left[size:]
        return taken

    def rest(self) -> Iterator[bytes]:
        """What follows the header."""
        yield self.left
        yield from self._chunks
