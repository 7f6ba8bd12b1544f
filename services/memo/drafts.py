"""Memos before they go out: made, changed, copied, deleted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, bindparam, select, update

from services.memo import addressing, rows, templates
from services.memo.domain import lifecycle
from services.memo.domain.receivers import Expanded, once
from services.memo.models import Content, Memo
from shared.context import Context
from shared.db import Tx
from shared.errors import Invalid, NotFound
from shared.work import bodies

LATEST = timedelta(days=366)
_SHOWN = 3
_CHANGE = update(Content).where(Content.memo == bindparam("of_memo"))
_ROW = ("kind", "title", "asks", "no_forward", "escalate_after", "send_at", "sources")


def content(tx: Tx, ctx: Context, given: Mapping[str, Any], expanded: Mapping[str, Expanded]) -> dict[str, Any]:
    """What is given, cleaned and with the receivers' names. Raises `Invalid`, `Restricted` for a source kept back."""
    found = {name: given[name] for name in (*_ROW, "urgent") if name in given}
    if "body" in given:
        found["body"] = bodies.accepted(given["body"])
    for role in ("to", "cc"):
        if role in given:
            found[role] = addressing.named(role, once(given[role]), expanded[role])
    if found.get("send_at") and found["send_at"] > tx.now + LATEST:
        raise Invalid({"send_at": "too_far"})
    _require_sources(tx, ctx, found.get("sources", ()))
    return found


def _require_sources(tx: Tx, ctx: Context, sources: Sequence[Mapping[str, Any]]) -> None:
    """Raises `Invalid` for a memo that the caller cannot read, `Restricted` for one that may not be passed on."""
    for place, source in enumerate(sources):
        if source["noun"] == "memo":
            try:
                found = rows.opened(tx, ctx, source["subject"])
            except NotFound as error:
                raise Invalid({f"sources.{place}": "unknown_memo"}) from error
            rows.require_passable(tx, found, "source")


def first(tx: Tx, ctx: Context, given: Mapping[str, Any], expanded: Mapping[str, Expanded]) -> dict[str, Any]:
    """What a new draft begins with: what is given, and the rest from the memo or the template it is made from."""
    found = content(tx, ctx, given, expanded)
    begun: dict[str, Any] = {}
    if given.get("copy"):
        begun = _copied(rows.own(tx, ctx, given["copy"]), rows.content(tx, given["copy"]))
    elif given.get("template"):
        begun = templates.one(tx, ctx, given["template"])
    return found | {name: value for name, value in begun.items() if not found.get(name) or name == "kind"}


def _copied(row: Row[Any], kept: Row[Any]) -> dict[str, Any]:
    names = ("kind", "title", "urgent", "asks", "no_forward", "escalate_after")
    return {name: getattr(row, name) for name in names} | {"body": kept.body, "to": kept.to, "cc": kept.cc}


def create(tx: Tx, ctx: Context, found: Mapping[str, Any]) -> str:
    """Keeps a new draft of the caller's; its id."""
    memo = tx.new_id()
    to = found["to"]
    tx.insert(
        Memo,
        id=memo,
        state=lifecycle.DRAFT,
        shelf=lifecycle.SHELVES[lifecycle.DRAFT],
        version=1,
        sequence=0,
        urgent=lifecycle.is_urgent(found["kind"], found["urgent"]),
        sender_id=ctx.person,
        sender=ctx.person_ref,
        first=to[:_SHOWN],
        named=len(to) + len(found["cc"]),
        files=0,
        receivers=0,
        read=0,
        answered=0,
        created_at=tx.now,
        updated_at=tx.now,
        sent_at=None,
        at=tx.now,
        **{name: found[name] for name in _ROW},
    )
    tx.insert(Content, memo=memo, body=found["body"], to=to, cc=found["cc"])
    tx.audit("memo.draft.created", subject=memo, after={"version": 1})
    return memo


def save(tx: Tx, row: Row[Any], kept: Row[Any], found: Mapping[str, Any]) -> dict[str, Any]:
    """Keeps what has changed of a locked draft as a new version, `DraftResult`; nothing where nothing has."""
    values = {name: found[name] for name in _ROW if name in found and found[name] != getattr(row, name)}
    says = {name: found[name] for name in ("body", "to", "cc") if name in found and found[name] != getattr(kept, name)}
    urgent = lifecycle.is_urgent(found.get("kind", row.kind), found.get("urgent", row.urgent))
    if urgent != row.urgent:
        values["urgent"] = urgent
    if not values and not says:
        return result(row)
    if "to" in says or "cc" in says:
        to, cc = says.get("to", kept.to), says.get("cc", kept.cc)
        values |= {"first": to[:_SHOWN], "named": len(to) + len(cc)}
    version = row.version + 1
    rows.change(tx, row.id, version=version, updated_at=tx.now, at=tx.now, **values)
    if says:
        tx.change(_CHANGE, {"of_memo": row.id, **says})
    changed = sorted({*values, *says} - {"first", "named"})
    after = {"version": version, "changed": changed}
    tx.audit("memo.draft.saved", subject=row.id, before={"version": row.version}, after=after)
    return {"id": row.id, "state": row.state, "version": version, "updated_at": tx.now}


def delete(tx: Tx, row: Row[Any]) -> dict[str, Any]:
    """Deletes a locked draft; what it said stays on record."""
    lifecycle.require_draft(row.state)
    rows.change(tx, row.id, state=lifecycle.DELETED, shelf=lifecycle.SHELVES[lifecycle.DELETED], updated_at=tx.now)
    tx.audit("memo.draft.deleted", subject=row.id, before={"version": row.version})
    return {"id": row.id, "deleted": True}


def result(row: Row[Any]) -> dict[str, Any]:
    """As `DraftResult`."""
    return {name: getattr(row, name) for name in ("id", "state", "version", "updated_at")}


def made(tx: Tx, memo: str) -> dict[str, Any]:
    """A draft that was just made, as `DraftResult`."""
    return {"id": memo, "state": lifecycle.DRAFT, "version": 1, "updated_at": tx.now}


def recent(tx: Tx, ctx: Context, most: int) -> list[dict[str, Any]]:
    """Those whom the caller's last memos went to, each once, the latest first."""
    mine = (Memo.sender_id == ctx.person, Memo.shelf == lifecycle.SHELVES[lifecycle.SENT])
    last = tx.all(select(Memo.first).where(*mine).order_by(Memo.at.desc(), Memo.id.desc()).limit(10))
    found = {(each["kind"], each["id"]): each for row in last for each in row.first}
    return list(found.values())[:most]
