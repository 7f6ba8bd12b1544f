"""Absences (부재) as they are kept: a person's own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Row, delete, select, update

from services.directory import people
from services.directory.domain.absences import problems
from services.directory.models import Absence, Person
from shared.context import Context
from shared.db import Tx
from shared.errors import Invalid, NotFound
from shared.retelling import retold

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
    """Enters an absence of the caller's, as `AbsenceView`; the very same again is the one that is there.

    Raises `Invalid`.
    """
    coming = _locked(tx, ctx)
    names = ("starts_at", "ends_at", "reason", "deputy")
    same = next((row for row in coming if all(row._mapping[name] == data[name] for name in names)), None)
    if same is not None:
        return _view(same._asdict(), people.refs(tx, {same.deputy} if same.deputy else ()))
    deputies = _checked(tx, ctx, data, coming)
    row = {"id": tx.new_id(), **data}
    tx.insert(Absence, person=ctx.person, sequence=1, **row)
    tx.audit("directory.absence.entered", subject=ctx.person, after=row)
    _tell(tx, ctx.person, row, 1)
    return _view(row, deputies)


def _locked(tx: Tx, ctx: Context) -> list[Row[Any]]:
    """The caller's absences of now and to come, one change at a time: two that overlap are each sound for itself."""
    tx.one(select(Person.id).where(Person.id == ctx.person).with_for_update())
    return _coming(tx, ctx)


def _checked(tx: Tx, ctx: Context, data: Mapping[str, Any], others: Iterable[Row[Any]]) -> Any:
    """That an absence can be beside the others; who is named in it. Raises `Invalid`."""
    periods = [(row.starts_at, row.ends_at) for row in others]
    deputies = people.refs(tx, [data["deputy"]] if data["deputy"] else [])
    bad = problems(data["starts_at"], data["ends_at"], ctx.person, data["deputy"], tx.now, periods)
    if data["deputy"] and "deputy" not in bad:
        deputy = deputies.get(data["deputy"])
        if deputy is None or not deputy["active"]:
            bad["deputy"] = "inactive_person" if deputy else "unknown_person"
    if bad:
        raise Invalid(bad)
    return deputies


def change(tx: Tx, ctx: Context, data: Mapping[str, Any]) -> dict[str, Any]:
    """An absence of the caller's is another from now on, as `AbsenceView`. Raises `NotFound`, `Invalid`."""
    coming = _locked(tx, ctx)
    before = next((row for row in coming if row.id == data["id"]), None)
    if before is None:
        raise NotFound("absence")
    deputies = _checked(tx, ctx, data, [row for row in coming if row.id != before.id])
    values = {name: data[name] for name in (*_NAMES[1:], "deputy")}
    recorded = {name: before._mapping[name] for name in values}
    if recorded != values:
        sequence = before.sequence + 1
        tx.execute(update(Absence).where(Absence.id == before.id).values(sequence=sequence, **values))
        tx.audit("directory.absence.changed", ctx.person, recorded, values)
        _tell(tx, ctx.person, {"id": before.id, **values}, sequence)
    return _view({"id": before.id, **values}, deputies)


def cancel(tx: Tx, ctx: Context, id_: str) -> dict[str, Any]:
    """Takes an absence back; one that runs already ends now, so that it stays known who was away when."""
    mine = (Absence.id == id_, Absence.person == ctx.person, Absence.ends_at > tx.now)
    row = tx.one(select(Absence.__table__).where(*mine))
    if row is None:
        raise NotFound("absence")
    ends_at = max(tx.now, row.starts_at)
    if row.starts_at < tx.now:
        tx.execute(update(Absence).where(*mine).values(ends_at=ends_at, sequence=row.sequence + 1))
    else:
        tx.execute(delete(Absence).where(*mine))
    tx.audit("directory.absence.cancelled", subject=ctx.person, before={name: row._mapping[name] for name in _NAMES})
    _tell(tx, ctx.person, {**row._mapping, "ends_at": ends_at}, row.sequence + 1, ended=True)
    return {"id": id_, "cancelled": True}


def retell(tx: Tx, after: str | None, limit: int) -> dict[str, Any]:
    """Tells again of a batch of absences that are not over, as `Retell` describes."""
    coming = _MINE.order_by(None).where(Absence.id > (after or ""), Absence.ends_at > tx.now)
    found = tx.all(coming.order_by(Absence.id).limit(limit))
    for row in found:
        _tell(tx, row.person, dict(row._mapping), row.sequence)
    return retold(found, limit)


def _tell(tx: Tx, person: str, row: Mapping[str, Any], sequence: int, *, ended: bool = False) -> None:
    names = ("id", "starts_at", "ends_at", "reason", "deputy", "note")
    told = {name: row[name] for name in names} | {"person": person, "sequence": sequence, "ended": ended}
    tx.emit("directory.absence", subject=row["id"], data=told)
