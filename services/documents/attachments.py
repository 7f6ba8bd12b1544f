"""Attachments (붙임): a place to upload to, the check of what was uploaded, and the way back to it."""

from __future__ import annotations

import base64
import binascii
from dataclasses import replace
from typing import Any

from sqlalchemy import select, update

from services.documents import drafts
from services.documents.domain import filetypes, lifecycle
from services.documents.drafts import Draft
from services.documents.models import Attachment
from shared.context import Context
from shared.db import Tx
from shared.errors import Conflict, Invalid, NotFound, TooLarge

_UNKNOWN = "application/octet-stream"


def begin(tx: Tx, ctx: Context, draft: Draft, name: str, size: int | None, limit: int) -> dict[str, Any]:
    """A place to upload to, as `AttachmentTicket`. `size` and `limit` in bytes.

    Raises `TooLarge`, `Invalid` (an empty file, a type not allowed, too many).
    """
    lifecycle.require_editable(draft.row.state)
    _require_room(draft)
    _require_size(size, limit)
    attachment, plain = tx.new_id(), filetypes.tidy_name(name)
    place = f"documents/{draft.row.id}/{attachment}"
    tx.insert(
        Attachment,
        id=attachment,
        document=draft.row.id,
        object=place,
        name=plain,
        stored=False,
        size=size,
        type=_UNKNOWN,
        sha256="",
        person=ctx.person,
        at=tx.now,
    )
    return _ticket(attachment, place, plain, _UNKNOWN, size, "", limit)


def complete(tx: Tx, ctx: Context, draft: Draft, given: dict[str, Any], limit: int) -> dict[str, Any]:
    """Accepts what was uploaded into the draft: the attachment, with the draft's new version.

    Raises `Invalid` or `TooLarge` for a file that is refused; the draft is as it was, the object is to be deleted.
    """
    row = tx.one(
        select(Attachment.id, Attachment.stored)
        .where(Attachment.id == given["attachment"], Attachment.document == draft.row.id)
        .with_for_update()
    )
    if row is None:
        raise NotFound("attachment")
    if row.stored:
        raise Conflict("already-attached")
    lifecycle.require_editable(draft.row.state)
    _require_room(draft)
    _require_size(given["size"], limit)
    name = filetypes.tidy_name(given["name"])
    view = {
        "id": row.id,
        "name": name,
        "size": given["size"],
        "type": filetypes.content_type(name, _head(given["head"])),
        "sha256": given["sha256"].lower(),
    }
    values = {key: view[key] for key in ("name", "size", "type", "sha256")}
    tx.execute(update(Attachment).where(Attachment.id == row.id).values(stored=True, **values))
    content = replace(draft.content, attachments=[*draft.content.attachments, view])
    saved = drafts.save(tx, ctx, draft, content, "attached")
    return view | {"version": saved["version"]}


def remove(tx: Tx, ctx: Context, draft: Draft, attachment: str) -> dict[str, Any]:
    """Takes an attachment off the draft; earlier versions keep it, and so does the store. Answers as `SaveResult`."""
    lifecycle.require_editable(draft.row.state)
    kept = [a for a in draft.content.attachments if a["id"] != attachment]
    if len(kept) == len(draft.content.attachments):
        raise NotFound("attachment")
    return drafts.save(tx, ctx, draft, replace(draft.content, attachments=kept), "detached")


def ticket(tx: Tx, document: str, attachment: str, limit: int) -> dict[str, Any]:
    """Where a stored attachment of the document is, as `AttachmentTicket`. Raises `NotFound`."""
    row = tx.one(
        select(Attachment.__table__).where(
            Attachment.id == attachment, Attachment.document == document, Attachment.stored
        )
    )
    if row is None:
        raise NotFound("attachment")
    return _ticket(row.id, row.object, row.name, row.type, row.size, row.sha256, limit)


def _ticket(
    attachment: str, place: str, name: str, type_: str, size: int | None, sha256: str, limit: int
) -> dict[str, Any]:
    told = {"name": name, "type": type_, "size": size, "sha256": sha256, "limit": limit}
    return {"attachment": attachment, "object": place, **told}


def _require_room(draft: Draft) -> None:
    if len(draft.content.attachments) >= filetypes.ATTACHMENTS:
        raise Invalid({"attachments": "too_many"}, f"at most {filetypes.ATTACHMENTS}")


def _require_size(size: int | None, limit: int) -> None:
    if size == 0:
        raise Invalid({"file": "empty"})
    if size is not None and size > limit:
        raise TooLarge(limit)


def _head(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Invalid({"head": "not_valid"}) from error
