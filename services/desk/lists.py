"""A person's own to-dos, counts and notices: each one statement on an index of that person."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, bindparam, func, select

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
_BY_AGE = (Slot.since, Slot.id)
_TODOS = (
    select(*_TODO)
    .where(Slot.person == bindparam("of_person"), SHOWN)
    .order_by(*(column.asc() for column in _BY_AGE))
    .limit(bindparam("most"))
)
_TODOS_OF_KIND = _TODOS.where(Slot.kind == bindparam("of_kind"))
_COUNTS = (
    select(Slot.kind, func.count().label("how_many"))
    .where(Slot.person == bindparam("of_person"), SHOWN)
    .group_by(Slot.kind)
)
_NOTICES = (
    select(*_NOTICE).where(Notice.person == bindparam("of_person")).order_by(Notice.id.desc()).limit(bindparam("most"))
)
_NEWEST_FIRST = paging.Order("notices", (Notice.id,), descending=True)


def todos(tx: Tx, person: str, asked: dict[str, Any]) -> dict[str, Any]:
    """One page of a person's to-dos, the longest waiting first. Raises `Invalid` for a broken cursor."""
    order = paging.Order(f"todos {asked['kind']}", _BY_AGE, descending=False)
    if asked["kind"]:
        return _page(tx, _TODOS_OF_KIND, order, asked, of_person=person, of_kind=asked["kind"])
    return _page(tx, _TODOS, order, asked, of_person=person)


def counts(tx: Tx, person: str) -> dict[str, int]:
    """How many to-dos a person has of each kind that is there, and in all."""
    found: dict[str, int] = {row.kind: row.how_many for row in tx.execute(_COUNTS, {"of_person": person})}
    return {**found, "total": sum(found.values())}


def notices(tx: Tx, person: str, asked: dict[str, Any]) -> dict[str, Any]:
    """One page of a person's notices, the newest first. Raises `Invalid` for a broken cursor."""
    return _page(tx, _NOTICES, _NEWEST_FIRST, asked, of_person=person)


def _page(tx: Tx, query: Select[Any], order: paging.Order, asked: dict[str, Any], **of: str) -> dict[str, Any]:
    if asked["cursor"]:
        query = query.where(order.after(asked["cursor"]))
    rows = tx.execute(query, {"most": asked["limit"] + 1, **of}).all()
    shown, following = paging.page(rows, asked["limit"], order.key)
    return {"items": [dict(row._mapping) for row in shown], "next": following}
