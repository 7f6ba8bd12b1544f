"""The archive as a file: a zip whose parts are sealed under a key of its own, which a passphrase wraps."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from shared.storage import Damaged
from shared.storage.seal import open_sealed, seal

FORMAT = 1
MANIFEST, CODE, KEYS = "manifest.json", "manifest.mac", "keys"
_LEAST_PASSPHRASE = 12
# RFC 7914: 128 MiB and some half a second for each guess.
_SCRYPT = {"n": 2**17, "r": 8, "p": 1}
_MOST = {"n": 2**20, "r": 16, "p": 4}
_CHUNK = 64 * 1024


class Refused(Exception):
    """The archive cannot be taken; the text says why, for who gave the command."""


@dataclass(frozen=True)
class Part:
    """One part as the manifest describes it; `size` in bytes as it stands in the archive."""

    name: str
    size: int
    sha256: str


def lock(passphrase: str, key: bytes) -> dict[str, Any]:
    """The archive's key under a passphrase. Raises `Refused` for one that is soon guessed."""
    if len(passphrase) < _LEAST_PASSPHRASE:
        raise Refused(f"a passphrase has at least {_LEAST_PASSPHRASE} characters")
    salt, nonce = os.urandom(16), os.urandom(12)
    wrapped = nonce + AESGCM(_stretched(passphrase, salt, _SCRYPT)).encrypt(nonce, key, None)
    return {"kind": "scrypt", "salt": _text(salt), **_SCRYPT, "wrapped": _text(wrapped)}


def unlock(passphrase: str, lock_: dict[str, Any]) -> bytes:
    """The archive's key. Raises `Refused` for another passphrase."""
    cost = {name: int(lock_[name]) for name in _SCRYPT}
    if lock_["kind"] != "scrypt" or any(cost[name] > most for name, most in _MOST.items()):
        raise Refused("the archive is locked in a way this version does not know")
    wrapped = base64.b64decode(lock_["wrapped"])
    try:
        return AESGCM(_stretched(passphrase, base64.b64decode(lock_["salt"]), cost)).decrypt(
            wrapped[:12], wrapped[12:], None
        )
    except InvalidTag as error:
        raise Refused("this is not the archive's passphrase") from error


def _stretched(passphrase: str, salt: bytes, cost: dict[str, int]) -> bytes:
    return Scrypt(salt, 32, cost["n"], cost["r"], cost["p"]).derive(passphrase.encode())


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode()


def manifest_code(key: bytes, manifest: bytes) -> bytes:
    """What shows that the manifest was written by who knows the archive's key."""
    return hmac.new(key, b"manifest\n" + manifest, hashlib.sha256).hexdigest().encode()


class Writer:
    """Writes parts one after the other. Memory does not grow with their size."""

    def __init__(self, file: zipfile.ZipFile) -> None:
        self.key = os.urandom(32)
        self._file = file

    def sealed(self, name: str, chunks: Iterable[bytes]) -> Part:
        """A part of compressed and encrypted bytes."""
        return self.plain(name, seal(self.key, name, _compressed(chunks)))

    def plain(self, name: str, chunks: Iterable[bytes]) -> Part:
        """A part of bytes as they are."""
        digest, size = hashlib.sha256(), 0
        with self._file.open(name, "w", force_zip64=True) as out:
            for chunk in chunks:
                digest.update(chunk)
                size += len(chunk)
                out.write(chunk)
        return Part(name, size, digest.hexdigest())

    def finish(self, passphrase: str, manifest: dict[str, Any]) -> None:
        """The manifest, last: an archive without one was not finished."""
        # A table's name may be one of SQLAlchemy's own kind of text.
        option = orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS
        content = orjson.dumps({**manifest, "lock": lock(passphrase, self.key)}, option=option)
        self._file.writestr(MANIFEST, content)
        self._file.writestr(CODE, manifest_code(self.key, content))


class Reader:
    """An archive that is opened with its passphrase. Raises `Refused` where it is none, or not whole."""

    def __init__(self, file: zipfile.ZipFile, passphrase: str) -> None:
        self._file = file
        try:
            content, code = file.read(MANIFEST), file.read(CODE)
            self.manifest: dict[str, Any] = orjson.loads(content)
            known = self.manifest["format"]
            if known == FORMAT:
                self.key = unlock(passphrase, self.manifest["lock"])
        except (LookupError, TypeError, ValueError, zipfile.BadZipFile, zlib.error) as error:
            raise Refused("this is not an archive of a tenant, or it was not finished") from error
        if known != FORMAT:
            raise Refused(f"the archive has format {known}; this version knows {FORMAT}")
        if not hmac.compare_digest(manifest_code(self.key, content), code):
            raise Refused("the archive's manifest was altered")

    def raw(self, name: str) -> Iterator[bytes]:
        """A part's bytes as they stand in the archive. Raises `Refused` where it is damaged."""
        try:
            with self._file.open(name) as part:
                while chunk := part.read(_CHUNK):
                    yield chunk
        except (KeyError, zipfile.BadZipFile, zlib.error, EOFError) as error:
            raise Refused(f"the archive is damaged: {name}") from error

    def opened(self, name: str) -> Iterator[bytes]:
        """The bytes that were sealed as this part."""
        unpack = zlib.decompressobj(31)
        try:
            for chunk in open_sealed(self.key, name, self.raw(name)):
                yield unpack.decompress(chunk)
        except (Damaged, zlib.error) as error:
            raise Refused(f"the archive is damaged: {name}") from error
        yield unpack.flush()

    def check(self, part: Part) -> None:
        """Raises `Refused` unless the part is what the manifest says."""
        digest, size = hashlib.sha256(), 0
        for chunk in self.raw(part.name):
            digest.update(chunk)
            size += len(chunk)
        if (size, digest.hexdigest()) != (part.size, part.sha256):
            raise Refused(f"the archive is damaged: {part.name}")


def lines(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The lines of a text that comes in chunks."""
    rest = b""
    for chunk in chunks:
        *whole, rest = (rest + chunk).split(b"\n")
        yield from whole
    if rest:
        yield rest


def _compressed(chunks: Iterable[bytes]) -> Iterator[bytes]:
    pack = zlib.compressobj(6, wbits=31)
    for chunk in chunks:
        yield pack.compress(chunk)
    yield pack.flush()
