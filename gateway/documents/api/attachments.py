"""Attachments (붙임): streamed in and out, never whole in memory."""

from __future__ import annotations

import base64
import time
from collections.abc import Iterator
from typing import IO, Any

from flask import Response, request
from flask_smorest import Blueprint
from marshmallow import Schema, fields, validate
from werkzeug.http import parse_options_header

from gateway.core import auth, backend
from gateway.core.describe import operation
from gateway.core.http import answer, saved_as
from gateway.core.security import streaming
from shared.contracts import documents as contract
from shared.errors import Invalid, Problem, TooLarge
from shared.storage import Damaged, Stored

bp = Blueprint("Attachments", __name__, description="Files of a document")

_CHUNK = 64 * 1024
# Around the file in a multipart body.
_WRAPPING = 64 * 1024


class UploadArguments(Schema):
    """The file's name, where the body is the file itself and no `Content-Disposition` tells it."""

    name = fields.String(validate=validate.Length(1, 255))


@bp.route("/documents/<uuid:id>/attachments", methods=["POST"])
@operation(
    query=UploadArguments,
    answers={201: contract.AttachmentResult},
    problems=(404, 413),
    etag=True,
    files={"body": "application/octet-stream"},
)
@streaming
@auth.signed_in
def upload(id: Any) -> Response:  # noqa: A002
    """Attaches a file: the body as it is, or the part `file` of a multipart form. The content decides the type."""
    name, size, stream = _file()
    kept = _keep(str(id), name, size, stream)
    return answer(kept, 201, version=kept["version"], location=f"/documents/{id}/attachments/{kept['id']}")


def _file() -> tuple[str, int | None, IO[bytes]]:
    """Name, size where it is known, and bytes of what is uploaded. Raises `Invalid` or `TooLarge`."""
    _, disposition = parse_options_header(request.headers.get("Content-Disposition"))
    told = request.args.get("name") or disposition.get("filename")
    if request.mimetype == "multipart/form-data":
        limit = backend.backend().settings.attachment_limit
        request.max_content_length = limit + _WRAPPING
        if (request.content_length or 0) > limit + _WRAPPING:
            raise TooLarge(limit)
        file = request.files.get("file")
        if file is None:
            raise Invalid({"file": "required"})
        return told or file.filename or "", None, file.stream
    if not told:
        raise Invalid({"name": "required"})
    return told, request.content_length, request.stream


def _chunks(stream: IO[bytes], size: int | None) -> Iterator[bytes]:
    """The stream in pieces. Raises a `Problem` (400) where it ends before `size`."""
    read = 0
    while chunk := stream.read(_CHUNK):
        read += len(chunk)
        yield chunk
        # Somebody else's turn: a sender who is quicker than this process would keep it for themselves.
        time.sleep(0)
    # Not every server tells a client that went away from the end of a body.
    if size is not None and read < size:
        raise Problem(400, "bad-request", "The body broke off")


def _keep(document: str, name: str, size: int | None, stream: IO[bytes]) -> dict[str, Any]:
    """Stores the file and has it accepted, as `AttachmentResult`; what is refused is deleted again."""
    # Each upload has a place of its own, also one that is repeated: what is kept is never written over.
    asked = {"id": document, "name": name, "size": size}
    ticket = backend.call("documents", "begin_attachment", asked, idempotent=False)
    place, store, tenant = ticket["object"], backend.backend().store, auth.principal().tenant
    stored = store.write(tenant, place, _chunks(stream, size), ticket["limit"])
    told = {"id": document, "attachment": ticket["attachment"], "name": ticket["name"], **_told(stored)}
    try:
        found: dict[str, Any] = backend.call("documents", "complete_attachment", told)
        return found
    except Problem as problem:
        # Where no answer came it may have been accepted after all.
        if problem.status < 500:
            store.delete(tenant, place)
        earlier = _earlier(document, ticket["name"], stored) if problem.slug == "idempotency-key-reused" else None
        if earlier is None:
            raise
        return earlier


def _told(stored: Stored) -> dict[str, Any]:
    return {"size": stored.size, "sha256": stored.sha256, "head": base64.b64encode(stored.head).decode()}


def _earlier(document: str, name: str, stored: Stored) -> dict[str, Any] | None:
    """The attachment a repeated upload made the first time; None where another file was sent under the key."""
    card = backend.call("documents", "card", {"id": document})
    same = (a for a in card["attachments"] if (a["name"], a["sha256"]) == (name, stored.sha256))
    found = next(same, None)
    return {**found, "version": card["version"]} if found else None


@bp.route("/documents/<uuid:id>/attachments/<uuid:attachment>", methods=["GET"])
@operation(answers={200: None}, problems=(404,), etag=True, files={"answer": "application/octet-stream"})
@auth.signed_in
def download(id: Any, attachment: Any) -> Response:  # noqa: A002
    """The file, always to be saved and never shown by the browser."""
    ticket = backend.call("documents", "attachment_ticket", {"id": str(id), "attachment": str(attachment)})
    try:
        content = backend.backend().store.read(auth.principal().tenant, ticket["object"])
    except Damaged as error:
        raise Problem(500, "damaged", "The stored file is not what was attached") from error
    response = Response(content, mimetype=ticket["type"])
    response.set_etag(ticket["sha256"])
    response.headers["Content-Length"] = str(ticket["size"])
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["Cache-Control"] = "private, no-store"
    return saved_as(response, ticket["name"])


@bp.route("/documents/<uuid:id>/attachments/<uuid:attachment>", methods=["DELETE"])
@operation(answers={200: contract.SaveResult}, keyed=True, problems=(404,), etag=True)
@auth.signed_in
def remove(id: Any, attachment: Any) -> Response:  # noqa: A002
    """Takes a file off the draft; earlier versions keep it."""
    asked = {"id": str(id), "attachment": str(attachment)}
    saved = backend.call("documents", "remove_attachment", asked)
    return answer(saved, version=saved["version"])
