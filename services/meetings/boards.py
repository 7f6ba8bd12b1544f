"""Lists of meetings: the caller's, and those the department hosts; pages by keyset."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from services.meetings.models import AUDIENCE, Person, Place
from services.meetings.models import Meeting as Row
from shared import audience, paging
from shared.context import Context
from shared.db import Tx
from shared.paging import Order

Doc = dict[str, Any]
_NAMES = (
    *("id", "title", "kind", "state", "starts_at", "ends_at", "place", "link", "closed", "organiser"),
    *("number", "series", "counts"),
)
LINE = tuple(getattr(Row, name) for name in _NAMES)


def page(tx: Tx, ctx: Context, asked: Doc) -> Doc:
    """One page of a box, as `MeetingPage`. Raises `Invalid` for a broken cursor."""
    mine = asked["box"] == "mine"
    holder = audience.person(ctx.person) if mine else audience.department(ctx.department_id)
    query = select(*LINE, Place.meeting).join(Row, Row.id == Place.meeting)
    query = query.where(Place.holder == holder, Place.box == asked["box"], Place.ahead.is_(asked["ahead"]))
    if not mine:
        query = query.where(audience.readable(AUDIENCE, Place.meeting, ctx))
    if asked["state"]:
        query = query.where(Row.state == asked["state"])
    if asked["q"]:
        query = query.where(Row.title.icontains(asked["q"], autoescape=True))
    order = Order(f"{asked['box']} {asked['ahead']}", (Place.starts_at, Place.meeting), not asked["ahead"])
    if asked["cursor"]:
        query = query.where(order.after(asked["cursor"]))
    found = tx.all(query.order_by(*order.clauses()).limit(asked["limit"] + 1))
    shown, following = paging.page(found, asked["limit"], order.key)
    return {"items": lines(tx, ctx, shown), "next": following}


def lines(tx: Tx, ctx: Context, found: Sequence[Any]) -> list[Doc]:
    """Meetings as rows of a list, as `MeetingLine`."""
    ids = [row.id for row in found]
    mine = (Person.meeting.in_(ids), Person.person_id == ctx.person, Person.active.is_(True))
    answered = tx.all(select(Person.meeting, Person.answer).where(*mine)) if ids else []
    answers = {row.meeting: row.answer for row in answered}
    return [line(row._mapping, answers.get(row.id)) for row in found]


def line(row: Any, answer: str | None) -> Doc:
    """A meeting as a row of a list; `row` has the columns of `LINE`."""
    return {name: row[name] for name in _NAMES} | {"answer": answer}
