"""Lists of requests: asked of me, by me, of my department, of somebody who may be read; pages by keyset."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, select

from services.requests import cards, rows
from services.requests.models import AUDIENCE, Place
from services.requests.models import Request as Row
from shared import audience, calendar, paging
from shared.context import Context
from shared.db import Tx
from shared.paging import Order


def page(tx: Tx, ctx: Context, asked: dict[str, Any]) -> dict[str, Any]:
    """One page of a box, as `RequestPage`. Raises `Invalid` for a broken cursor."""
    query, order = _listing(ctx, asked)
    if asked["cursor"]:
        query = query.where(order.after(asked["cursor"]))
    found = tx.all(query.order_by(*order.clauses()).limit(asked["limit"] + 1))
    shown, following = paging.page(found, asked["limit"], order.key)
    parts = rows.parts_of(tx, [row.id for row in shown])
    return {"items": [cards.line(dict(row._mapping), parts[row.id], tx.now) for row in shown], "next": following}


def _listing(ctx: Context, asked: dict[str, Any]) -> tuple[Select[Any], Order]:
    """The rows with their filters, and their order. What has ended is apart: it costs what runs nothing."""
    query = select(*cards.LINE, Place.request, Place.due, Place.at).join(Row, Row.id == Place.request)
    query = query.where(Place.holder == _holder(ctx, asked), Place.box == asked["box"])
    query = query.where(Place.running.is_(asked["running"]))
    if asked["of"] and asked["of"] != ctx.person:
        query = query.where(audience.readable(AUDIENCE, Place.request, ctx))
    if asked["kind"]:
        query = query.where(Row.kind == asked["kind"])
    if asked["state"]:
        query = query.where(Row.state == asked["state"])
    if asked["until"]:
        query = query.where(Place.due <= calendar.end_of_day(asked["until"]))
    if asked["q"]:
        query = query.where(Row.title.icontains(asked["q"], autoescape=True))
    first = Place.due if asked["sort"] == "due" else Place.at
    name = f"{asked['box']} {asked['running']} {asked['sort']}"
    return query, Order(name, (first, Place.request), asked["sort"].startswith("-"))


def _holder(ctx: Context, asked: dict[str, Any]) -> str:
    if asked["box"] == "department":
        return audience.department(ctx.department_id)
    person = asked["of"] if asked["of"] and asked["box"] == "sent" else ctx.person
    return audience.person(person)
