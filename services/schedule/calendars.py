"""Calendars as they are kept, and what somebody may do with each."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import bindparam, or_, select, update

from services.schedule.domain.access import Access, Calendar, Facts, access
from services.schedule.models import Absence, Executive, Share
from services.schedule.models import Calendar as Row
from shared import audience
from shared.context import Context
from shared.db import Tx
from shared.errors import Forbidden, NotFound

Doc = dict[str, Any]
MAIN = "main"
ORGANISATION, PERSON = "organisation", "person"
# Main calendars have ids that follow from their holder: they are named before anything is in them.
_NAMES = uuid.UUID("6f1d3c54-6b0e-4f3e-9a55-2f6f3c9f7a10")
_OF_IDS = select(Row.__table__).where(Row.id.in_(bindparam("ids", expanding=True)))
_LOCKED = select(Row.__table__).where(Row.id == bindparam("id")).with_for_update()
_NUMBERED = update(Row).where(Row.id == bindparam("of_id")).values(number=Row.number + 1).returning(Row.number)
_SHARES = select(Share.__table__).where(Share.calendar.in_(bindparam("ids", expanding=True)))


def main_id(tenant: str, holder: str) -> str:
    """The id of a holder's main calendar."""
    return str(uuid.uuid5(_NAMES, f"{tenant}:{holder}"))


def main_of(tenant: str, person: str) -> str:
    """The id of a person's main calendar."""
    return main_id(tenant, audience.person(person))


# -- as they are kept -------------------------------------------------------------------------------


def begun(tx: Tx, holder: str, name: str, department: str | None) -> str:
    """The main calendar of a holder, begun where it was not there; its id."""
    id_ = main_id(tx.tenant, holder)
    kind = holder.partition(":")[0]
    values = {"id": id_, "holder": holder, "slug": MAIN, "kind": kind, "name": name, "colour": 0, "counts": True}
    tx.insert_new(Row, **values, number=0, version=1, department=department, by_rule=True, removed_at=None)
    return id_


def own_mains(ctx: Context) -> dict[str, tuple[str, str, str | None]]:
    """By id, the main calendars that follow from who the caller is: `(holder, name, department)`."""
    found = {audience.person(ctx.person): (ctx.name, ctx.department_id or None)}
    if ctx.department_id:
        found[audience.department(ctx.department_id)] = (ctx.department, ctx.department_id)
    found[ORGANISATION] = ("", None)
    return {main_id(ctx.tenant, holder): (holder, *told) for holder, told in found.items()}


def ensured(tx: Tx, ctx: Context, id_: str) -> None:
    """Begins a main calendar before it is written to: the caller's, their department's, the organisation's, or of an
    executive for whom the caller enters."""
    mains = own_mains(ctx)
    if id_ in mains:
        holder, name, department = mains[id_]
        begun(tx, holder, name, department)
    elif not of_ids(tx, [id_]):
        for row in tx.all(select(Executive.person, Executive.ref, Executive.writers)):
            if main_of(ctx.tenant, row.person) == id_ and _enters(row, ctx):
                begun(tx, audience.person(row.person), row.ref["name"], row.ref["department_id"])


def locked(tx: Tx, id_: str) -> Any:
    """A calendar, locked until the end of the transaction. Raises `NotFound`."""
    row = tx.execute(_LOCKED, {"id": id_}).first()
    if row is None or row.removed_at is not None:
        raise NotFound("calendar")
    return row


def numbered(tx: Tx, id_: str) -> int:
    """The next number of a calendar's changes; its row is locked. Raises `NotFound`."""
    row = tx.execute(_NUMBERED, {"of_id": id_}).first()
    if row is None:
        raise NotFound("calendar")
    return int(row.number)


def of_ids(tx: Tx, ids: Collection[str]) -> dict[str, Any]:
    """The calendars of these ids that are there."""
    rows = tx.execute(_OF_IDS, {"ids": sorted(ids)}).all() if ids else []
    return {row.id: row for row in rows if row.removed_at is None}


# -- what somebody may do with them -----------------------------------------------------------------


def known(tx: Tx, ctx: Context, rows: Iterable[Any]) -> dict[str, Access]:
    """How far each of these calendars is open to the caller."""
    rows = list(rows)
    facts = _facts(tx, ctx, rows)
    return {row.id: access(_calendar(row), facts) for row in rows}


def _calendar(row: Any) -> Calendar:
    return Calendar(row.id, row.holder, row.kind, row.slug == MAIN, row.department, row.by_rule)


def _facts(tx: Tx, ctx: Context, rows: list[Any]) -> Facts:
    owners = [row.holder.partition(":")[2] for row in rows if row.kind == PERSON]
    others = [owner for owner in owners if owner != ctx.person]
    shares = tx.execute(_SHARES, {"ids": sorted(row.id for row in rows)}).all() if rows else []
    executives = tx.all(select(Executive.__table__).where(Executive.person.in_(others))) if others else []
    return Facts(
        person=ctx.person,
        department=ctx.department_id,
        principals=audience.principals(ctx),
        roles=ctx.roles,
        shares=[(each.calendar, each.principal, each.level) for each in shares],
        viewers={row.person: row.viewers for row in executives},
        writers={row.person: [each["id"] for each in row.writers] for row in executives},
        stands_in_for=principals_of(tx, ctx) if others else frozenset(),
    )


def principals_of(tx: Tx, ctx: Context) -> frozenset[str]:
    """Who is away now and has named the caller to stand in."""
    runs = (Absence.starts_at <= tx.now, Absence.ends_at > tx.now, Absence.ended.is_(False))
    return frozenset(row.person for row in tx.all(select(Absence.person).where(Absence.deputy == ctx.person, *runs)))


def opened(tx: Tx, ctx: Context, id_: str, least: str) -> tuple[Any, Access]:
    """A calendar the caller may at least do this with. Raises `NotFound` for who may not see it, `Forbidden`."""
    row = of_ids(tx, [id_]).get(id_)
    if row is None:
        raise NotFound("calendar")
    found = known(tx, ctx, [row])[id_]
    if not found.level:
        raise NotFound("calendar")
    if not found.gives(least):
        raise Forbidden("calendar", slug="read-only" if least == "write" else "forbidden")
    return row, found


def seen(tx: Tx, ctx: Context) -> list[Any]:
    """The calendars the caller is shown without asking: own, department's, organisation's, shared, stood in for."""
    principals = sorted(audience.principals(ctx))
    shared = select(Share.calendar).where(Share.principal.in_(principals), Share.principal != ORGANISATION)
    people = {each.person for each in tx.all(select(Executive.person, Executive.writers)) if _enters(each, ctx)}
    people |= principals_of(tx, ctx)
    mains = [*own_mains(ctx), *(main_of(ctx.tenant, person) for person in sorted(people))]
    mine = Row.holder == audience.person(ctx.person)
    wanted = or_(mine, Row.id.in_(mains), Row.id.in_(shared))
    return tx.all(select(Row.__table__).where(wanted, Row.removed_at.is_(None)))


def _enters(row: Any, ctx: Context) -> bool:
    return any(each["id"] == ctx.person for each in row.writers)
