"""What belongs together: an object and its relatives, a task card and its timeline."""

from __future__ import annotations

from typing import Any

from sqlalchemy import String, literal, select, union_all

from services.search.finding import line
from services.search.models import AUDIENCE, Card, Happening, Item, Link
from shared import paging
from shared.audience import readable
from shared.context import Context
from shared.db import Tx
from shared.errors import NotFound
from shared.paging import Order

_MOST = 400
_DIRECTIONS = (("to", Link.subject, Link.target), ("from", Link.target, Link.subject))
_TIMELINE = Order("timeline", (Happening.at, Happening.subject, Happening.code), descending=True)


def related(tx: Tx, ctx: Context, subject: str) -> dict[str, Any]:
    """`RelatedList` of an object: those of its relatives that the caller may read, the newest first.

    Raises `NotFound` for an object the caller may not read.
    """
    mine = (Item.subject == subject, readable(AUDIENCE, Item.subject, ctx))
    if tx.one(select(Item.subject).where(*mine)) is None:
        raise NotFound("item")
    ways = [
        select(Item.__table__, Link.role, literal(direction, String).label("direction"))
        .join(Link, there == Item.subject)
        .where(here == subject, readable(AUDIENCE, Item.subject, ctx))
        for direction, here, there in _DIRECTIONS
    ]
    found = union_all(*ways).subquery()
    rows = tx.all(select(found).order_by(found.c.at.desc(), found.c.subject, found.c.role).limit(_MOST))
    return {"items": [line(row) | {"role": row.role, "direction": row.direction} for row in rows]}


def timeline(tx: Tx, ctx: Context, asked: dict[str, Any]) -> dict[str, Any]:
    """One page of what happened to the objects of a task card that the caller may read, as `TimelinePage`."""
    statement = (
        select(Happening.__table__, Item.noun, Item.title, Item.number)
        .join(Card, Card.subject == Happening.subject)
        .join(Item, Item.subject == Happening.subject)
        .where(Card.card == asked["card"], readable(AUDIENCE, Item.subject, ctx))
    )
    if asked["cursor"]:
        statement = statement.where(_TIMELINE.after(asked["cursor"]))
    rows = tx.all(statement.order_by(*_TIMELINE.clauses()).limit(asked["limit"] + 1))
    shown, following = paging.page(rows, asked["limit"], _TIMELINE.key)
    names = ("noun", "subject", "title", "number", "code", "person", "at")
    return {"items": [{name: getattr(row, name) for name in names} for row in shown], "next": following}
