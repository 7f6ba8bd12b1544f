"""Reading: a memo whole, its receipts, and what another object takes over from it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, select

from services.memo import rows
from services.memo.domain import delivery as deliveries
from services.memo.domain import lifecycle
from services.memo.domain.delivery import ARCHIVED
from services.memo.files import FILES
from services.memo.models import Delivery, Step, Viewing
from services.memo.rows import Opened
from shared import paging
from shared.context import Context
from shared.db import Tx
from shared.errors import Forbidden
from shared.files import keeping
from shared.paging import Order

# So many are shown with the memo; the rest is in the receipts.
_ANSWERS, _STEPS, _NAMED = 100, 200, 100
_AS_THEY_ARE = (
    *("id", "state", "version", "kind", "title", "urgent", "asks", "no_forward", "escalate_after", "send_at"),
    *("sender", "created_at", "updated_at", "sent_at", "sources"),
)
_DELIVERY = ("role", "via", "by", "note", "state", "read_at", "channel", "answer", "text", "answered_at")
_STEP = ("sequence", "code", "person", "at", "params")


def memo(tx: Tx, ctx: Context, id_: str) -> dict[str, Any]:
    """The memo as `MemoView`. Nothing is recorded but that an auditor or administrator has looked."""
    found = rows.opened(tx, ctx, id_)
    row, kept = found.row, rows.content(tx, id_)
    if found.oversight:
        _note(tx, ctx, row)
    named = {role: getattr(kept, role) for role in ("to", "cc")}
    if not found.sender:
        named = {role: each[:_NAMED] for role, each in named.items()}
    view = {name: getattr(row, name) for name in _AS_THEY_ARE} | {"body": kept.body, **named}
    view |= {"files": keeping.views(tx, FILES, id_), "counts": counts(row)}
    view |= {"mine": _mine(found.mine) if found.mine else None, "may": _may(found)}
    return view | {"answers": _answers(tx, found), "history": _history(tx, found)}


def counts(row: Row[Any]) -> dict[str, Any]:
    """Of the people it came to, how many have read it and answered."""
    return {name: getattr(row, name) for name in ("receivers", "read", "answered")}


def _note(tx: Tx, ctx: Context, row: Row[Any]) -> None:
    tx.note(Viewing, id=tx.new_id(), memo=row.id, person=ctx.person_ref, session=ctx.session, at=tx.now)


def _may(found: Opened) -> list[str]:
    if found.sender:
        return lifecycle.may_of_sender(found.row.state)
    if found.mine is None:
        return []
    sent = found.row.state == lifecycle.SENT
    return deliveries.may(rows.standing(found.mine), sent=sent, no_forward=found.row.no_forward)


def _delivery(row: Any) -> dict[str, Any]:
    return {name: getattr(row, name) for name in _DELIVERY} | {"person": row.ref, "at": row.arrived_at}


def _mine(row: Row[Any]) -> dict[str, Any]:
    own = {"unread": row.unread, "pinned": row.pinned_at is not None}
    return _delivery(row) | own | {"archived": row.place == ARCHIVED, "snoozed_till": row.snoozed_till}


def _answers(tx: Tx, found: Opened) -> list[dict[str, Any]]:
    """The answers the caller may see, oldest first: who came later sees those since, unless told otherwise."""
    given = [Delivery.memo == found.row.id, Delivery.answered_at.is_not(None)]
    if found.mine is not None and found.mine.sees_from is not None:
        given.append(Delivery.answered_at > found.mine.sees_from)
    columns = (Delivery.ref, Delivery.answer, Delivery.text, Delivery.answered_at)
    latest = tx.all(select(*columns).where(*given).order_by(Delivery.answered_at.desc()).limit(_ANSWERS))
    return [
        {"person": row.ref, "answer": row.answer, "text": row.text, "at": row.answered_at} for row in reversed(latest)
    ]


def _history(tx: Tx, found: Opened) -> list[dict[str, Any]]:
    """What happened that the caller may see, oldest first."""
    since = found.mine.sees_from if found.mine is not None else None
    steps = select(Step.__table__).where(Step.memo == found.row.id).order_by(Step.sequence.desc()).limit(_STEPS)
    shown = [row for row in tx.all(steps) if since is None or row.at >= since or row.code == "sent"]
    return [{name: getattr(row, name) for name in _STEP} for row in reversed(shown)]


def receipts(tx: Tx, ctx: Context, asked: dict[str, Any]) -> dict[str, Any]:
    """A page of the receipts, as `Receipts`: for the sender, and for oversight, on the record."""
    found = rows.opened(tx, ctx, asked["id"])
    if not found.sender and not found.oversight:
        raise Forbidden("sender")
    if found.oversight:
        _note(tx, ctx, found.row)
    conditions = [Delivery.memo == asked["id"], *_WHICH[asked["which"]]]
    order = Order(f"receipts {asked['which']}", (Delivery.number, Delivery.person), descending=False)
    if asked["cursor"]:
        conditions.append(order.after(asked["cursor"]))
    query = select(Delivery.__table__).where(*conditions).order_by(*order.clauses()).limit(asked["limit"] + 1)
    shown, following = paging.page(tx.all(query), asked["limit"], order.key)
    return {"items": [_delivery(row) for row in shown], "next": following, "counts": counts(found.row)}


_WHICH: dict[str, tuple[Any, ...]] = {
    "all": (),
    "read": (Delivery.read_at.is_not(None),),
    "unread": (Delivery.state == deliveries.WAITING,),
    "answered": (Delivery.answered_at.is_not(None),),
}


def quote(tx: Tx, ctx: Context, id_: str) -> dict[str, Any]:
    """What another object takes over, as `QuoteView`. Raises `Restricted`."""
    found = rows.opened(tx, ctx, id_)
    rows.require_passable(tx, found, "quote")
    body, files = rows.content(tx, id_).body, keeping.views(tx, FILES, id_)
    return {"noun": "memo", "subject": id_, "title": found.row.title, "body": body, "files": files}
