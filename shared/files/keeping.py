"""The life of a file: begun, stored, removed, swept. docs/dev/ground.md has the whole."""

from __future__ import annotations

import base64
import binascii
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, delete, func, or_, select, update

from shared.context import Context
from shared.contracts.files import SWEPT_AT_ONCE
from shared.db import Tx
from shared.errors import Conflict, Invalid, NotFound, TooLarge
from shared.files import types
from shared.files.owners import Owners
from shared.files.tables import BEGUN, ENDED, REMOVED, STORED
from shared.settings import settings

_UNKNOWN = "application/octet-stream"
# An upload that takes longer is refused at its end.
_ABANDONED_AFTER = timedelta(days=1)
# A database that is restored to an earlier moment still finds what was removed since.
_REMOVED_FOR = timedelta(days=30)


def begin(tx: Tx, ctx: Context, owners: Owners, asked: dict[str, Any]) -> dict[str, Any]:
    """A place to upload to, as `FileTicket`. Raises `TooLarge`, `Invalid` (empty, a type not taken, too many)."""
    owner, size = asked["id"], asked["size"]
    owners = owners.of(tx, owner)
    found = owners.held(tx, ctx, owner)
    limit = _require_room(tx, owners, owner, found, size)
    file, name = tx.new_id(), types.accepted_name(asked["name"])
    place = f"{owners.noun}/{owner}/{file}"
    values = {"name": name, "size": size, "type": _UNKNOWN, "sha256": ""}
    tx.insert(owners.table, id=file, owner=owner, object=place, state=BEGUN, person=ctx.person, at=tx.now, **values)
    return {"file": file, "object": place, "limit": limit, **values}


def complete(tx: Tx, ctx: Context, owners: Owners, told: dict[str, Any]) -> dict[str, Any]:
    """Accepts what was uploaded: `FileView`, with what the owner answers.

    Raises `Invalid` or `TooLarge` for a file that is refused: nothing has changed, and the object is to be deleted.
    """
    owner, size, files = told["id"], told["size"], owners.table
    owners = owners.of(tx, owner)
    found = owners.held(tx, ctx, owner)
    row = tx.one(select(files.c.state).where(files.c.id == told["file"], files.c.owner == owner).with_for_update())
    if row is None or row.state in (REMOVED, ENDED):
        raise NotFound("file")
    if row.state == STORED:
        raise Conflict("already-attached")
    _require_room(tx, owners, owner, found, size)
    name, head = types.accepted_name(told["name"]), _head(told["head"])
    values = {
        "name": name,
        "size": size,
        "type": types.content_type(name, head, whole=size <= len(head)),
        "sha256": told["sha256"].lower(),
    }
    tx.execute(update(files).where(files.c.id == told["file"]).values(state=STORED, at=tx.now, **values))
    view = {"id": told["file"], **values}
    return view | owners.added(tx, ctx, found, view)


def remove(tx: Tx, ctx: Context, owners: Owners, asked: dict[str, Any]) -> dict[str, Any]:
    """Takes a file off its object; it stays where an earlier version has it. Answers what the owner does."""
    files, file = owners.table, asked["file"]
    owners = owners.of(tx, asked["id"])
    found = owners.held(tx, ctx, asked["id"])
    if file not in owners.listed(tx, asked["id"], found):
        raise NotFound("file")
    answer = owners.removed(tx, ctx, found, file)
    rows = tx.all(select(files.c.id, files.c.owner).where(files.c.id == file))
    if not owners.referred(tx, rows):
        tx.execute(update(files).where(files.c.id == file).values(state=REMOVED, at=tx.now))
    return answer


def ticket(tx: Tx, ctx: Context, owners: Owners, asked: dict[str, Any]) -> dict[str, Any]:
    """Where a stored file is, as `FileTicket`. Raises `NotFound`."""
    owners = owners.of(tx, asked["id"])
    found = owners.opened(tx, ctx, asked["id"])
    if not owners.earlier(ctx, found) and asked["file"] not in owners.listed(tx, asked["id"], found):
        raise NotFound("file")
    row = _stored(tx, owners, asked["id"], owners.table.c.id == asked["file"])
    told = {name: getattr(row, name) for name in ("object", "name", "type", "size", "sha256")}
    return {"file": row.id, "limit": settings().attachment_limit, **told}


def same(tx: Tx, ctx: Context, owners: Owners, asked: dict[str, Any]) -> dict[str, Any]:
    """The file of this name and content that the object has, answered as `complete` would. Raises `NotFound`."""
    owners = owners.of(tx, asked["id"])
    found, files = owners.opened(tx, ctx, asked["id"]), owners.table
    alike = (files.c.name == asked["name"], files.c.sha256 == asked["sha256"].lower())
    row = _stored(tx, owners, asked["id"], *alike, files.c.id.in_(owners.listed(tx, asked["id"], found)))
    return _view(row) | owners.standing(found)


def views(tx: Tx, owners: Owners, owner: str) -> list[dict[str, Any]]:
    """The files an object has, as `FileView`, in the order in which they came."""
    files = owners.table
    stored = select(files).where(files.c.owner == owner, files.c.state == STORED).order_by(files.c.id)
    return [_view(row) for row in tx.all(stored)]


def sweep(tx: Tx, owners: Owners, gone: list[str]) -> dict[str, Any]:
    """Forgets the files whose objects are `gone`, and names objects that are to be deleted, as `FilesToSweep`.

    A file is named again until its object is told to be gone: several may sweep at once, and each may crash.
    """
    files = owners.table
    if gone:
        tx.execute(delete(files).where(files.c.id.in_(gone), files.c.state == ENDED))
    _end_what_is_due(tx, owners)
    ended = select(files.c.id, files.c.object).where(files.c.state == ENDED).order_by(files.c.at).limit(SWEPT_AT_ONCE)
    return {"files": [{"file": row.id, "object": row.object} for row in tx.all(ended)]}


def _end_what_is_due(tx: Tx, owners: Owners) -> None:
    files = owners.table
    abandoned = (files.c.state == BEGUN) & (files.c.at < tx.now - _ABANDONED_AFTER)
    removed = (files.c.state == REMOVED) & (files.c.at < tx.now - _REMOVED_FOR)
    due = select(files.c.id, files.c.owner, files.c.state).where(or_(abandoned, removed)).order_by(files.c.at)
    rows = tx.all(due.limit(SWEPT_AT_ONCE).with_for_update(skip_locked=True))
    taken_off = [row for row in rows if row.state == REMOVED]
    kept = owners.referred(tx, taken_off) if taken_off else set()
    for state, ids in ((STORED, kept), (ENDED, {row.id for row in rows} - kept)):
        if ids:
            tx.execute(update(files).where(files.c.id.in_(ids)).values(state=state, at=tx.now))


def _view(row: Row[Any]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in ("id", "name", "size", "type", "sha256")}


def _stored(tx: Tx, owners: Owners, owner: str, *conditions: Any) -> Row[Any]:
    files = owners.table
    whole = select(files).where(files.c.owner == owner, files.c.state == STORED, *conditions)
    row = tx.one(whole.order_by(files.c.id.desc()))
    if row is None:
        raise NotFound("file")
    return row


def _require_room(tx: Tx, owners: Owners, owner: str, found: Any, size: int | None) -> int:
    """Bytes a further file may have. Raises `Invalid` or `TooLarge` where `size` is not among them."""
    if len(owners.listed(tx, owner, found)) >= owners.most:
        raise Invalid({owners.field: "too_many"}, f"at most {owners.most}")
    if size == 0:
        raise Invalid({"file": "empty"})
    limit, quota = settings().attachment_limit, settings().attachment_quota
    if size is not None and size > limit:
        raise TooLarge(limit)
    if quota:
        files = owners.table
        held = select(func.sum(files.c.size)).where(files.c.owner == owner, files.c.state == STORED)
        left = quota - int(tx.scalar(held) or 0)
        if left <= 0 or (size is not None and size > left):
            raise Invalid({"file": "no_room"}, f"{max(left, 0)} bytes are left")
        limit = min(limit, left)
    return limit


def _head(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Invalid({"head": "not_valid"}) from error
