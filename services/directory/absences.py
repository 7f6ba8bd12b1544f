"""Absences (부재) as they are kept: a person's own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row, delete, select, update

from services.directory import people
from services.directory.domain.absences import problems
from services.directory.models import Absence, Person
from shared.context import Context
from shared.db import Tx
from shared.errors import Invalid, NotFound

_NAMES = ("id", "starts_at", "ends_at", "reason", "note")
_MINE = select(Absence.__table__).order_by(Absence.starts_at)


def _coming(tx: Tx, ctx: Context) -> list[Row[Any]]:
    return tx.all(_MINE.where(Absence.person == ctx.person, Absence.ends_at > tx.now))


def of_caller(tx: Tx, ctx: Context) -> dict[str, Any]:
    """`{items: [AbsenceView]}`: the caller's, of now and to come, in order."""
    rows = _coming(tx, ctx)
    deputies = people.refs(tx, {row.deputy for row in rows if row.deputy})
    return {"items": [_view(row._asdict(), deputies) for row in rows]}


def _view(row: Mapping[str, Any], deputies: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    deputy = deputies.get(row["deputy"])
    shown = {name: value for name, value in deputy.items() if name != "active"} if deputy else None
    return {**{name: row[name] for name in _NAMES}, "deputy": shown}


def save(tx: Tx, ctx: Context, data: Mapping[str, Any]) -> dict[str, Any]:
    """Enters an absence of the caller's, as `AbsenceView`. Raises `Invalid`."""
    # One at a time: two that overlap are each sound for itself.
    tx.one(select(Person.id).where(Person.id == ctx.person).with_for_update())
    periods = [(row.starts_at, row.ends_at) for row in _coming(tx, ctx)]
    deputies = people.refs(tx, [data["deputy"]] if data["deputy"] else [])
    bad = problems(data["starts_at"], data["ends_at"], ctx.person, data["deputy"], tx.now, periods)
    if data["deputy"] and "deputy" not in bad:
        deputy = deputies.get(data["deputy"])
        if deputy is None or not deputy["active"]:
            bad["deputy"] = "inactive_person" if deputy else "unknown_person"
    if bad:
        raise Invalid(bad)
    row = {"id": tx.new_id(), **data}
    tx.insert(Absence, person=ctx.person, **row)
    tx.audit("directory.absence.entered", subject=ctx.person, after=row)
    return _view(row, deputies)


def cancel(tx: Tx, ctx: Context, id_: str) -> dict[str, Any]:
    """Takes an absence back; one that runs already ends now, so that it stays known who was away when."""
    mine = (Absence.id == id_, Absence.person == ctx.person, Absence.ends_at > tx.now)
    row = tx.one(select(Absence.__table__).where(*mine))
    if row is None:
        raise NotFound("absence")
    if row.starts_at < tx.now:
        tx.execute(update(Absence).where(*mine).values(ends_at=tx.now))
    else:
        tx.execute(delete(Absence).where(*mine))
    tx.audit("directory.absence.cancelled", subject=ctx.person, before={name: row._mapping[name] for name in _NAMES})
    return {"id": id_, "cancelled": True}
