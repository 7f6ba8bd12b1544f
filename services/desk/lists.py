"""A person's own to-dos, counts and notices: each one statement on an index of that person."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, Select, bindparam, func, select

from services.desk import bands
from services.desk.models import Notice, Slot
from shared import paging
from shared.contracts.desk import BANDS
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
    select(*_TODO, bands.BAND, bands.UNTIL).where(Slot.person == bindparam("of_person"), SHOWN).limit(bindparam("most"))
)
_COUNTS = (
    select(Slot.kind, func.count().label("how_many"), func.sum(bands.PRESSING).label("pressing"))
    .where(Slot.person == bindparam("of_person"), SHOWN)
    .group_by(Slot.kind)
)
_NOTICES = (
    select(*_NOTICE).where(Notice.person == bindparam("of_person")).order_by(Notice.id.desc()).limit(bindparam("most"))
)
_NEWEST_FIRST = paging.Order("notices", (Notice.id,), descending=True)


def todos(tx: Tx, person: str, asked: dict[str, Any]) -> dict[str, Any]:
    """One page of a person's to-dos, the longest waiting first or by bands. Raises `Invalid` for a broken cursor."""
    order, moment = paging.Order(f"todos {asked['kind']}", _BY_AGE, descending=False), tx.now
    if asked["sort"] == "due":
        order, moment = bands.order(asked["kind"], moment, asked["cursor"])
    query, of = _TODOS, {"of_person": person, **bands.reckoned(moment)}
    if asked["kind"]:
        query, of = query.where(Slot.kind == bindparam("of_kind")), {**of, "of_kind": asked["kind"]}
    found = _page(tx, query.order_by(*order.clauses()), order, asked, **of)
    return {**found, "items": [_todo(item) for item in found["items"]]}


def _todo(item: dict[str, Any]) -> dict[str, Any]:
    return {**{name: value for name, value in item.items() if name != "until"}, "band": BANDS[item["band"]]}


def counts(tx: Tx, person: str) -> dict[str, int]:
    """How many to-dos a person has of each kind that is there, and in all."""
    found: dict[str, int] = {row.kind: row.how_many for row in _counted(tx, person)}
    return {**found, "total": sum(found.values())}


def pressing(tx: Tx, person: str) -> dict[str, int]:
    """How many to-dos of each kind are late or due today, where there are any."""
    return {row.kind: int(row.pressing) for row in _counted(tx, person) if row.pressing}


def _counted(tx: Tx, person: str) -> Sequence[Row[Any]]:
    return tx.execute(_COUNTS, {"of_person": person, **bands.reckoned(tx.now)}).all()


def notices(tx: Tx, person: str, asked: dict[str, Any]) -> dict[str, Any]:
    """One page of a person's notices, the newest first. Raises `Invalid` for a broken cursor."""
    return _page(tx, _NOTICES, _NEWEST_FIRST, asked, of_person=person)


def _page(tx: Tx, query: Select[Any], order: paging.Order, asked: dict[str, Any], **of: Any) -> dict[str, Any]:
    if asked["cursor"]:
        query = query.where(order.after(asked["cursor"]))
    rows = tx.execute(query, {"most": asked["limit"] + 1, **of}).all()
    shown, following = paging.page(rows, asked["limit"], order.key)
    return {"items": [dict(row._mapping) for row in shown], "next": following}
