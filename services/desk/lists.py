"""A person's own to-dos, counts and notices: each one statement on an index of that person."""

from __future__ import annotations

from collections import Counter
from typing import Any

from sqlalchemy import Select, bindparam, func, select

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
SHOWN = bands.SHOWN
_BY_AGE = (Slot.since, Slot.id)
_MINE = (Slot.person == bindparam("of_person"), SHOWN)
_TODOS = select(*_TODO, bands.BAND, bands.UNTIL).where(*_MINE).limit(bindparam("most"))
# By whether one kind is asked for: the first page of a desk is read at every look.
_BY_BANDS = {of_kind: bands.listed(_TODO, of_kind=of_kind) for of_kind in (False, True)}
_COUNTS = select(Slot.kind, func.count().label("how_many")).where(*_MINE).group_by(Slot.kind)
_PRESSING = bands.pressing()
_NOTICES = (
    select(*_NOTICE).where(Notice.person == bindparam("of_person")).order_by(Notice.id.desc()).limit(bindparam("most"))
)
_NEWEST_FIRST = paging.Order("notices", (Notice.id,), descending=True)


def todos(tx: Tx, person: str, asked: dict[str, Any]) -> dict[str, Any]:
    """One page of a person's to-dos, the longest waiting first or by bands. Raises `Invalid` for a broken cursor."""
    of: dict[str, Any] = {"of_person": person}
    if asked["kind"]:
        of["of_kind"] = asked["kind"]
    if asked["sort"] == "due":
        order, moment = bands.order(asked["kind"], tx.now, asked["cursor"])
        query = _by_bands(order, asked)
    else:
        order, moment = paging.Order(f"todos {asked['kind']}", _BY_AGE, descending=False), tx.now
        query = _by_age(order, asked)
    found = _page(tx, query, order, asked, **of, **bands.reckoned(moment))
    return {**found, "items": [_todo(item) for item in found["items"]]}


def _by_bands(order: paging.Order, asked: dict[str, Any]) -> Select[Any]:
    if not asked["cursor"]:
        return _BY_BANDS[bool(asked["kind"])]
    return bands.listed(_TODO, order.after(asked["cursor"]), of_kind=bool(asked["kind"]))


def _by_age(order: paging.Order, asked: dict[str, Any]) -> Select[Any]:
    return _after(_TODOS.where(bands.OF_KIND) if asked["kind"] else _TODOS, order, asked).order_by(*order.clauses())


def _todo(item: dict[str, Any]) -> dict[str, Any]:
    return {**{name: value for name, value in item.items() if name != "until"}, "band": BANDS[item["band"]]}


def counts(tx: Tx, person: str) -> dict[str, int]:
    """How many to-dos a person has of each kind that is there, and in all."""
    found: dict[str, int] = {row.kind: row.how_many for row in tx.execute(_COUNTS, {"of_person": person}).all()}
    return {**found, "total": sum(found.values())}


def pressing(tx: Tx, person: str) -> dict[str, int]:
    """How many to-dos of each kind are late or due today, where there are any."""
    tomorrow = bands.reckoned(tx.now)["at_tomorrow"]
    found: Counter[str] = Counter()
    for row in tx.execute(_PRESSING, {"of_person": person, "at_tomorrow": tomorrow}).all():
        found[row.kind] += row.how_many
    return dict(found)


def notices(tx: Tx, person: str, asked: dict[str, Any]) -> dict[str, Any]:
    """One page of a person's notices, the newest first. Raises `Invalid` for a broken cursor."""
    query = _after(_NOTICES, _NEWEST_FIRST, asked)
    return _page(tx, query, _NEWEST_FIRST, asked, of_person=person)


def _after(query: Select[Any], order: paging.Order, asked: dict[str, Any]) -> Select[Any]:
    return query.where(order.after(asked["cursor"])) if asked["cursor"] else query


def _page(tx: Tx, query: Select[Any], order: paging.Order, asked: dict[str, Any], **of: Any) -> dict[str, Any]:
    rows = tx.execute(query, {"most": asked["limit"] + 1, **of}).all()
    shown, following = paging.page(rows, asked["limit"], order.key)
    return {"items": [dict(row._mapping) for row in shown], "next": following}
