"""Files of every noun: streamed in and out, never whole in memory. A noun has its routes by one call of `routes`."""

from __future__ import annotations

import base64
import io
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any
from urllib.parse import quote

from flask import Response, request
from flask_smorest import Blueprint
from marshmallow import Schema, fields, validate
from werkzeug.datastructures import IfRange
from werkzeug.http import parse_options_header

from gateway.core import auth, backend
from gateway.core.describe import operation
from gateway.core.http import answer
from gateway.core.security import streaming
from shared.contracts.files import FileView
from shared.errors import Invalid, NotFound, Problem, TooLarge
from shared.files.names import repaired
from shared.storage import Damaged, Stored

_CHUNK = 64 * 1024
# Around the file in a multipart body.
_WRAPPING = 64 * 1024
# A name that is not quoted although it is no token; werkzeug leaves it out.
_BARE_NAME = re.compile(r"""filename\s*=\s*([^\s";][^";]*)""", re.IGNORECASE)
# What a header carries as it is; `%` and a backslash are read differently by one browser and another.
_PLAIN = re.compile(r"[\x20-\x24\x26-\x5b\x5d-\x7e]")

services: set[str] = set()
"""Those whose files go through here."""


class UploadArguments(Schema):
    """The file's name, where the body is the file itself and no `Content-Disposition` tells it."""

    name = fields.String(validate=validate.Length(1, 255))


class Removed(Schema):
    """What removing a file answers with, where its object has no versions."""

    id = fields.String(required=True)
    removed = fields.Boolean(required=True)


def routes(
    bp: Blueprint,
    *,
    service: str,
    owner: str,
    named: str,
    uploaded: type[Schema] = FileView,
    removed: type[Schema] = Removed,
) -> None:
    """Adds the routes of the files of one noun: up, down and away.

    `owner` is the rule of an object's files, its id called `id`: `/documents/<uuid:id>/attachments`. `service` is asked
    as `shared.contracts.files` says. `named` is what the operations call a file; `uploaded` and `removed` are the
    schemas of what the object's service answers.
    """
    services.add(service)
    versioned = "version" in uploaded().fields

    @bp.route(owner, endpoint=f"upload_{named}", methods=["POST"])
    @operation(
        name=f"upload_{named}",
        query=UploadArguments,
        answers={201: uploaded},
        problems=(404, 413),
        etag=versioned,
        files={"body": "application/octet-stream"},
    )
    @streaming
    @auth.signed_in
    def upload(id: Any) -> Response:  # noqa: A002
        """Adds a file: the body as it is, or the part `file` of a multipart form. The content decides the type."""
        kept = _keep(service, str(id), _Upload.of_request())
        place = f"{request.path.removeprefix('/api/v1')}/{kept['id']}"
        return answer(kept, 201, version=kept.get("version"), location=place)

    @bp.route(f"{owner}/<uuid:file>", endpoint=f"download_{named}", methods=["GET"])
    @operation(
        name=f"download_{named}",
        answers={200: None, 206: None, 304: None},
        problems=(404, 416),
        etag=True,
        files={"answer": "application/octet-stream"},
    )
    @auth.signed_in
    def download(id: Any, file: Any) -> Response:  # noqa: A002
        """The file or, by `Range`, a part of it; always to be saved and never shown by the browser."""
        return _given(backend.call(service, "file_ticket", {"id": str(id), "file": str(file)}))

    @bp.route(f"{owner}/<uuid:file>", endpoint=f"remove_{named}", methods=["DELETE"])
    @operation(name=f"remove_{named}", answers={200: removed}, keyed=True, problems=(404,), etag=versioned)
    @auth.signed_in
    def remove(id: Any, file: Any) -> Response:  # noqa: A002
        """Takes a file off; earlier versions keep it."""
        done = backend.call(service, "remove_file", {"id": str(id), "file": str(file)})
        return answer(done, version=done.get("version"))


# -- up ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Upload:
    """What is uploaded: its name, its size where that is known, and its bytes."""

    name: str
    size: int | None
    stream: IO[bytes] | io.RawIOBase

    @classmethod
    def of_request(cls) -> _Upload:
        """Raises `Invalid` or `TooLarge`."""
        told = request.args.get("name") or told_name(request.headers.get("Content-Disposition", ""))
        if request.mimetype == "multipart/form-data":
            limit = backend.backend().settings.attachment_limit
            request.max_content_length = limit + _WRAPPING
            if (request.content_length or 0) > limit + _WRAPPING:
                raise TooLarge(limit)
            part = request.files.get("file")
            if part is None:
                raise Invalid({"file": "required"})
            return cls(repaired(told or part.filename or ""), None, part.stream)
        if not told:
            raise Invalid({"name": "required"})
        return cls(repaired(told), request.content_length, request.stream)

    def chunks(self) -> Iterator[bytes]:
        """The bytes in pieces. Raises a `Problem` (400) where they end before they should."""
        read = 0
        while chunk := self.stream.read(_CHUNK):
            read += len(chunk)
            yield chunk
            # Somebody else's turn: a sender who is quicker than this process would keep it for themselves.
            time.sleep(0)
        # Not every server tells a client that went away from the end of a body.
        if self.size is not None and read < self.size:
            raise Problem(400, "bad-request", "The body broke off")


def told_name(disposition: str) -> str:
    """The name that a `Content-Disposition` tells, whichever way (RFC 6266, or against it); empty where it does not."""
    _, told = parse_options_header(disposition)
    if "filename" in told:
        return told["filename"]
    bare = _BARE_NAME.search(disposition)
    return bare[1].strip() if bare else ""


def _keep(service: str, owner: str, upload: _Upload, *, keyed: bool = True) -> dict[str, Any]:
    """Stores the file and has it accepted; what is refused is deleted again.

    `keyed`: it is the one file of its request, whose key makes a repeat find it.
    """
    # Each upload has a place of its own, also one that is repeated: what is kept is never written over.
    asked = {"id": owner, "name": upload.name, "size": upload.size}
    ticket = backend.call(service, "begin_file", asked, idempotent=False)
    place, store, tenant = ticket["object"], backend.backend().store, auth.principal().tenant
    stored = store.write(tenant, place, upload.chunks(), ticket["limit"])
    told = {"id": owner, "file": ticket["file"], "name": ticket["name"], **_told(stored)}
    try:
        found: dict[str, Any] = backend.call(service, "complete_file", told, idempotent=keyed)
        return found
    except Problem as problem:
        # Where no answer came it may have been accepted after all.
        if problem.status < 500:
            store.delete(tenant, place)
        if problem.slug != "idempotency-key-reused":
            raise
        return _earlier(service, owner, ticket["name"], stored, problem)


def _told(stored: Stored) -> dict[str, Any]:
    return {"size": stored.size, "sha256": stored.sha256, "head": base64.b64encode(stored.head).decode()}


def _earlier(service: str, owner: str, name: str, stored: Stored, problem: Problem) -> dict[str, Any]:
    """The file a repeated upload made the first time. Raises the problem where another was sent under the key."""
    asked = {"id": owner, "name": name, "sha256": stored.sha256}
    try:
        found: dict[str, Any] = backend.call(service, "same_file", asked, idempotent=False)
        return found
    except Problem as none:
        raise (problem if none.status == 404 else none) from none


# -- from one object to another ---------------------------------------------------------------------


def copy(from_service: str, from_id: str, file: str, to_service: str, to_id: str) -> dict[str, Any]:
    """A file of one object as a file of another, as its `FileView`; the type and the limits are judged anew.

    The object it is taken from is asked by `quote`, as for whatever is made of it: what may not be passed on is not
    copied. Raises what the two services raise.
    """
    quoted = backend.call(from_service, "quote", {"id": from_id}, idempotent=False)
    if file not in {each["id"] for each in quoted["files"]}:
        raise NotFound("file")
    ticket = backend.call(from_service, "file_ticket", {"id": from_id, "file": file}, idempotent=False)
    stream = _Pieces(_read(ticket["object"], None))
    return _keep(to_service, to_id, _Upload(ticket["name"], ticket["size"], stream), keyed=False)


class _Pieces(io.RawIOBase):
    """Pieces of bytes as a stream to read from."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces

    def read(self, size: int = -1) -> bytes:
        """The next piece, however long; empty at the end."""
        return next(self._pieces, b"")


# -- down -------------------------------------------------------------------------------------------


def _given(ticket: dict[str, Any]) -> Response:
    """The file of a ticket: whole, in part, or not at all where the caller has it."""
    tag, size = ticket["sha256"], ticket["size"]
    if request.if_none_match.contains_weak(tag):
        return _labelled(Response(status=304), tag)
    part = _part(tag, size)
    start, end = part or (0, size)
    response = Response(_read(ticket["object"], part), 206 if part else 200, content_type=ticket["type"])
    response.headers["Content-Length"] = str(end - start)
    if part:
        response.headers["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return saved_as(_labelled(response, tag), ticket["name"])


def _labelled(response: Response, tag: str) -> Response:
    response.set_etag(tag)
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _part(tag: str, size: int) -> tuple[int, int] | None:
    """The one part that is asked for, from its start to before its end; None for the whole (RFC 9110, 14).

    Several parts at once are answered with the whole, and so is a part of what has changed since (`If-Range`).
    Raises a `Problem` (416) for a part that is not there.
    """
    asked, unless = request.range, request.if_range
    if asked is None or asked.units != "bytes" or len(asked.ranges) != 1 or not _unchanged(unless, tag):
        return None
    found = asked.range_for_length(size)
    if found is None:
        raise Problem(416, "range-not-satisfiable", "The file has no such part", size=size)
    return found


def _unchanged(unless: IfRange, tag: str) -> bool:
    return unless.date is None and unless.etag in (None, tag)


def _read(place: str, part: tuple[int, int] | None) -> Iterator[bytes]:
    store, tenant = backend.backend().store, auth.principal().tenant
    try:
        return store.read_part(tenant, place, *part) if part else store.read(tenant, place)
    except Damaged as error:
        raise Problem(500, "damaged", "The stored file is not what was attached") from error


def saved_as(response: Response, name: str) -> Response:
    """The answer as a file to be saved under `name`: by RFC 8187 where ASCII does not say it, a likeness before."""
    plain = "".join(c if _PLAIN.match(c) else "_" for c in name)
    names = {"filename": plain} if plain == name else {"filename": plain, "filename*": f"UTF-8''{quote(name, safe='')}"}
    response.headers.set("Content-Disposition", "attachment", **names)
    return response
