"""Boxes: lists of the caller's memos, each read from its index however much there is in it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, literal_column, select

from services.memo.domain import delivery as deliveries
from services.memo.models import Delivery, Memo
from shared import paging
from shared.context import Context
from shared.db import Tx
from shared.paging import Order

_OWN = ("sent", "drafts", "scheduled")
_PLACES = {"inbox": deliveries.INBOX, "snoozed": deliveries.SNOOZED, "archived": deliveries.ARCHIVED}
_MEMO = (
    *(Memo.id, Memo.state, Memo.kind, Memo.title, Memo.urgent, Memo.asks, Memo.sender, Memo.first, Memo.named),
    *(Memo.files, Memo.receivers, Memo.read, Memo.answered),
)
_AS_THEY_ARE = ("id", "state", "kind", "title", "urgent", "asks", "sender", "named", "files", "at")
_MINE = ("role", "via", "unread", "read_at", "answer", "snoozed_till")
_NOT_MINE: dict[str, Any] = {**dict.fromkeys(_MINE), "unread": False, "pinned": False}


def page(tx: Tx, ctx: Context, asked: dict[str, Any]) -> dict[str, Any]:
    """One page of a box, as `MemoPage`."""
    box = asked["box"]
    rows = tx.all(statement(ctx, asked))
    shown, following = paging.page(rows, asked["limit"], _query(ctx, asked)[1].key)
    return {"items": [_line(row, own=box in _OWN) for row in shown], "next": following}


def statement(ctx: Context, asked: dict[str, Any]) -> Select[Any]:
    """What reads one page of a box, and one row more."""
    query, order = _query(ctx, asked)
    if asked["q"]:
        query = query.where(Memo.title.icontains(asked["q"], autoescape=True))
    if asked["kind"]:
        query = query.where(Memo.kind == asked["kind"])
    if asked["urgent"]:
        # What was received has it on each delivery too: few are urgent, and these have an index of their own.
        query = query.where(Memo.urgent if asked["box"] in _OWN else Delivery.urgent)
    if asked["cursor"]:
        query = query.where(order.after(asked["cursor"]))
    return query.order_by(*order.clauses()).limit(asked["limit"] + 1)


def _query(ctx: Context, asked: dict[str, Any]) -> tuple[Select[Any], Order]:
    box = asked["box"]
    return _own(ctx, box) if box in _OWN else _received(ctx, box, asked)


def _own(ctx: Context, box: str) -> tuple[Select[Any], Order]:
    query = select(*_MEMO, Memo.at).where(Memo.sender_id == ctx.person, Memo.shelf == box)
    return query, Order(box, (Memo.at, Memo.id), descending=True)


def _received(ctx: Context, box: str, asked: dict[str, Any]) -> tuple[Select[Any], Order]:
    mine = (Delivery.role, Delivery.via, Delivery.unread, Delivery.read_at, Delivery.answer, Delivery.snoozed_till)
    query = select(*_MEMO, *mine, Delivery.pinned_at, Delivery.at, Delivery.memo).join(Memo, Memo.id == Delivery.memo)
    query = query.where(Delivery.person == ctx.person)
    if box == "pinned":
        query = query.where(Delivery.pinned_at.is_not(None))
        return query, Order(box, (Delivery.pinned_at, Delivery.memo), descending=True)
    query = query.where(Delivery.place == _PLACES[box])
    if asked["unread"]:
        query = query.where(Delivery.unread)
    return query, Order(box, (Delivery.at, Delivery.memo), descending=True)


def _line(row: Any, *, own: bool) -> dict[str, Any]:
    """As `MemoLine`."""
    line = {name: getattr(row, name) for name in _AS_THEY_ARE} | {"to": row.first}
    line["counts"] = {name: getattr(row, name) for name in ("receivers", "read", "answered")}
    if own:
        return line | _NOT_MINE
    return line | {name: getattr(row, name) for name in _MINE} | {"pinned": row.pinned_at is not None}


def alerts(tx: Tx, ctx: Context, most: int) -> dict[str, Any]:
    """Urgent memos that the caller has not read, the newest first, as `Alerts`."""
    return {"items": [dict(row._mapping) for row in tx.all(alerting(ctx, most))]}


def alerting(ctx: Context, most: int) -> Select[Any]:
    """What reads them. Its condition is told whole, so that both databases see that the index of alerts fits."""
    unread = (Delivery.person == ctx.person, Delivery.urgent, Delivery.todo == literal_column("'read'"))
    columns = (Memo.id, Memo.title, Memo.kind, Memo.sender, Delivery.at)
    query = select(*columns).join(Memo, Memo.id == Delivery.memo).where(*unread)
    return query.order_by(Delivery.at.desc()).limit(most)
