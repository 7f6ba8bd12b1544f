"""A person's own to-dos, counts and notices: each one statement on an index of that person."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, func, select

from services.desk.models import Notice, Slot
from shared import paging
from shared.db import Tx

_TODO = (
    *(Slot.id, Slot.noun, Slot.subject, Slot.kind, Slot.role, Slot.title),
    *(Slot.since, Slot.due, Slot.urgency, Slot.sender, Slot.dismissible, Slot.params),
)
_NOTICE = (Notice.id, Notice.noun, Notice.subject, Notice.code, Notice.params, Notice.at, Notice.read)
# As the index of what is shown is written.
SHOWN = Slot.shown.is_(True)


def todos(tx: Tx, person: str, asked: dict[str, Any]) -> dict[str, Any]:
    """One page of a person's to-dos, the longest waiting first. Raises `Invalid` for a broken cursor."""
    query = select(*_TODO).where(Slot.person == person, SHOWN)
    if asked["kind"]:
        query = query.where(Slot.kind == asked["kind"])
    order = paging.Order(f"todos {asked['kind']}", (Slot.since, Slot.id), descending=False)
    return _page(tx, query, order, asked)


def counts(tx: Tx, person: str) -> dict[str, int]:
    """How many to-dos a person has of each kind that is there, and in all."""
    mine = (Slot.person == person, SHOWN)
    rows = tx.all(select(Slot.kind, func.count().label("how_many")).where(*mine).group_by(Slot.kind))
    found: dict[str, int] = {row.kind: row.how_many for row in rows}
    return {**found, "total": sum(found.values())}


def notices(tx: Tx, person: str, asked: dict[str, Any]) -> dict[str, Any]:
    """One page of a person's notices, the newest first. Raises `Invalid` for a broken cursor."""
    query = select(*_NOTICE).where(Notice.person == person)
    return _page(tx, query, paging.Order("notices", (Notice.id,), descending=True), asked)


def _page(tx: Tx, query: Select[Any], order: paging.Order, asked: dict[str, Any]) -> dict[str, Any]:
    if asked["cursor"]:
        query = query.where(order.after(asked["cursor"]))
    rows = tx.all(query.order_by(*order.clauses()).limit(asked["limit"] + 1))
    shown, following = paging.page(rows, asked["limit"], order.key)
    return {"items": [dict(row._mapping) for row in shown], "next": following}
