"""The object store: `file:///directory`, or `s3://bucket/prefix` (credentials and endpoint from `AWS_…`)."""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import obstore
from obstore.exceptions import BaseError
from obstore.store import from_url

from shared import log, trace
from shared.aside import aside
from shared.errors import Invalid, NotFound, TooLarge, Unavailable
from shared.storage.seal import CHUNK, LONGEST_HEADER, TAG, Part, UnknownKey, open_sealed, seal
from shared.trace import Nothing

if TYPE_CHECKING:
    from shared.otel import Step

HEAD = 8 * 1024
# Parts of an upload to S3: 5 MiB is the least it takes. One object in hand holds at most two of them in memory.
_PART = 5 * 1024 * 1024
_PARTS_IN_FLIGHT = 2
_READ = 4 * (CHUNK + TAG)
_TENANT = re.compile(r"[a-z][a-z0-9]{1,30}")
_KEY = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]*(\.[0-9A-Za-z_-]+)*(/[0-9A-Za-z][0-9A-Za-z_-]*(\.[0-9A-Za-z_-]+)*)*")


@dataclass(frozen=True)
class Stored:
    """What was written: `size` in bytes, SHA-256 in hexadecimal, and the first 8 KiB, all of the plain text."""

    size: int
    sha256: str
    head: bytes


class _Meter:
    """Passes bytes on, counting and hashing them; refuses what goes over the limit."""

    def __init__(self, chunks: Iterable[bytes], limit: int) -> None:
        self._chunks = chunks
        self._limit = limit
        self._hash = hashlib.sha256()
        self._size = 0
        self._head = b""

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self._chunks:
            self._size += len(chunk)
            if self._size > self._limit:
                raise TooLarge(self._limit)
            self._hash.update(chunk)
            if len(self._head) < HEAD:
                self._head += chunk[: HEAD - len(self._head)]
            yield chunk

    def stored(self) -> Stored:
        """What has passed."""
        return Stored(self._size, self._hash.hexdigest(), self._head)


@contextlib.contextmanager
def _taken() -> Iterator[None]:
    """Raises `Unavailable` where what is written is not taken: that is no fault of the request's."""
    try:
        yield
    except (OSError, BaseError) as error:
        log.get("storage").error("object_not_taken", error=str(error)[:300])
        raise Unavailable("attachments") from error


@contextlib.contextmanager
def _spool() -> Iterator[Any]:
    """A temporary file, gone at the end; on a full disk it cannot be closed in order, and need not be."""
    file = tempfile.NamedTemporaryFile(prefix="oneway-")  # noqa: SIM115
    try:
        yield file
    finally:
        with contextlib.suppress(OSError):
            file.close()


def _parts(found: Any) -> Iterator[bytes]:
    stream = iter(found.stream(min_chunk_size=_READ))
    while (part := aside(next, stream, None)) is not None:
        yield bytes(part)


def _begun(chunks: Iterator[bytes]) -> Iterator[bytes]:
    first = next(chunks)
    return itertools.chain((first,), chunks)


class Store:
    """Encrypted objects of all tenants. `keys` answers a tenant's keys, of 32 bytes each, one after the other.

    `renew` is called where an object names a key that is not among them, before they are asked for once more.
    An object appears whole or not at all. Memory does not grow with its size; while it is written, its encrypted
    form stands in a temporary file.
    """

    def __init__(self, url: str, keys: Callable[[str], bytes], renew: Callable[[], None] = lambda: None) -> None:
        # A store of files makes its directory where it is missing.
        self._store: Any = from_url(url, mkdir=True) if url.startswith("file:") else from_url(url)
        self._keys = keys
        self._renew = renew

    @staticmethod
    def _path(tenant: str, key: str) -> str:
        """The name of an object. Raises `ValueError` for one that could leave the tenant's part of the store."""
        if not _TENANT.fullmatch(tenant) or not _KEY.fullmatch(key) or len(key) > 500:
            raise ValueError(f"not a name of an object: {tenant!r} {key!r}")
        return f"{tenant}/{key}"

    def write(self, tenant: str, key: str, chunks: Iterable[bytes], limit: int) -> Stored:
        """Keeps the bytes under `key`, replacing what was there; `limit` in bytes.

        Raises `TooLarge` while reading, `Invalid` (`file`: `empty`) for no bytes, `Unavailable` where the disk is full
        or the store does not take it, and whatever `chunks` raises; nothing is left behind then.
        """
        path = self._path(tenant, key)
        meter = _Meter(chunks, limit)
        plain = (chunk for chunk in meter if chunk)
        first = next(plain, None)
        if first is None:
            raise Invalid({"file": "empty"})
        # The store is given a file, never the generator: what feeds it may wait for a client, and where a
        # waiting greenlet leaves the store's own stack half-way, the next call into it breaks the process.
        with _spool() as spool:
            for part in seal(self._keys(tenant), path, itertools.chain((first,), plain)):
                with _taken():
                    spool.write(part)
            with _taken(), self._step("put"):
                spool.flush()
                aside(self._put, path, Path(spool.name))
        return meter.stored()

    def _step(self, operation: str) -> Step | Nothing:
        """The span of one call to the store; which object it is about, it does not tell."""
        return trace.child(f"{operation} object", "client", {"oneway.store.operation": operation})

    def _put(self, path: str, spool: Path) -> None:
        obstore.put(self._store, path, spool, chunk_size=_PART, max_concurrency=_PARTS_IN_FLIGHT)

    def read(self, tenant: str, key: str) -> Iterator[bytes]:
        """The bytes under `key`, in chunks. Raises `NotFound` at once, `Damaged` at a chunk that does not hold."""
        return self._with_keys(self._opened, tenant, self._path(tenant, key))

    def read_part(self, tenant: str, key: str, start: int, end: int) -> Iterator[bytes]:
        """The bytes from `start` to `end`, it not among them; only the chunks that hold them are fetched and opened.

        Raises as `read`, and `Damaged` where there are not so many bytes.
        """
        return self._with_keys(self._part, tenant, self._path(tenant, key), start, end)

    def _with_keys(self, opened: Callable[..., Iterator[bytes]], tenant: str, *args: Any) -> Iterator[bytes]:
        """What is opened, with its first chunk: the caller begins no answer it could not take back."""
        try:
            return _begun(opened(self._keys(tenant), *args))
        except UnknownKey:
            # Another process may have sealed it under a key that was made a moment ago.
            self._renew()
            return _begun(opened(self._keys(tenant), *args))

    def _opened(self, keys: bytes, path: str) -> Iterator[bytes]:
        return open_sealed(keys, path, _parts(self._get(path)))

    def _part(self, keys: bytes, path: str, start: int, end: int) -> Iterator[bytes]:
        head = self._get(path, (0, LONGEST_HEADER))
        part = Part(keys, path, b"".join(_parts(head)), int(head.meta["size"]), start, end)
        return part.opened(_parts(self._get(path, part.sealed)))

    def _get(self, path: str, extent: tuple[int, int] | None = None) -> Any:
        try:
            with self._step("get"):
                return aside(partial(obstore.get, options={"range": extent} if extent else None), self._store, path)
        except FileNotFoundError as error:
            raise NotFound("object") from error

    def sealed(self, tenant: str, key: str) -> tuple[int, Iterator[bytes]]:
        """An object as it is kept, encrypted: its size in bytes and its bytes. Raises `NotFound`."""
        found = self._get(self._path(tenant, key))
        return int(found.meta["size"]), _parts(found)

    def write_sealed(self, tenant: str, key: str, chunks: Iterable[bytes]) -> None:
        """Keeps an object that was encrypted elsewhere, with the tenant's key and under the same names."""
        with _spool() as spool:
            for chunk in chunks:
                spool.write(chunk)
            spool.flush()
            aside(self._put, self._path(tenant, key), Path(spool.name))

    def keys(self, tenant: str) -> Iterator[str]:
        """The key of each of a tenant's objects, in no order. Raises `ValueError` for what is no tenant's code."""
        if not _TENANT.fullmatch(tenant):
            raise ValueError(f"not a tenant: {tenant!r}")
        batches = iter(obstore.list(self._store, tenant))
        while (batch := aside(next, batches, None)) is not None:
            for found in batch:
                yield str(found["path"]).removeprefix(f"{tenant}/")

    def delete(self, tenant: str, key: str) -> None:
        """Removes an object; one that is not there is no error."""
        path = self._path(tenant, key)
        try:
            with self._step("delete"):
                aside(obstore.delete, self._store, path)
        except FileNotFoundError:
            return
