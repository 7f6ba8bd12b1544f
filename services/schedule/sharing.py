"""Calendars as their owners keep them: names, colours, whom they are open to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import bindparam, delete, func, select, update

from services.schedule import calendars, catalogue, keeping
from services.schedule.calendars import MAIN, PERSON
from services.schedule.models import Calendar, Entry, Share
from shared import alarms, audience
from shared.alarms import Alarm
from shared.context import Context
from shared.db import Tx
from shared.errors import Conflict, Invalid, Stale
from shared.ical.objects import Object

Doc = dict[str, Any]
READERS = "calendar_readers"
_MOST = 50
_AT_ONCE = 200
_SAID = ("name", "colour", "counts")
_UNSHARE = delete(Share).where(Share.calendar == bindparam("of_calendar"))


def listed(tx: Tx, ctx: Context) -> Doc:
    """The calendars the caller sees, their own first, as `CalendarList`."""
    rows = {row.id: row for row in calendars.seen(tx, ctx)}
    access = calendars.known(tx, ctx, rows.values())
    items = [_line(row, access[id_]) for id_, row in rows.items() if access[id_].gives("read")]
    items += [_coming(ctx, id_, *told) for id_, told in calendars.own_mains(ctx).items() if id_ not in rows]
    shares = _shares(tx, [each["id"] for each in items if each["access"] == "own"])
    own = calendars.own_mains(ctx)
    for each in items:
        each["shares"] = shares.get(each["id"], [])
        # As they are called now.
        each["name"] = own[each["id"]][1] if each["id"] in own else each["name"]
    order = {"person": 0, "department": 1, "organisation": 2}
    mine = audience.person(ctx.person)
    items.sort(key=lambda each: (each["holder"] != mine, not each["main"], order.get(each["kind"], 3), each["name"]))
    return {"items": items}


def _line(row: Any, access: Any) -> Doc:
    names = ("id", "kind", "name", "colour", "holder", "counts", "version")
    told = {name: row._mapping[name] for name in names}
    return told | {"main": row.slug == MAIN, "access": access.level, "mark": access.mark, "shares": []}


def _coming(ctx: Context, id_: str, holder: str, name: str, department: str | None) -> Doc:
    """A main calendar in which nothing is yet."""
    kind = holder.partition(":")[0]
    own = kind == PERSON or (kind == "organisation" and ctx.has("tenant_admin"))
    level = "own" if own else "write" if kind == "department" else "read"
    told = {"id": id_, "kind": kind, "name": name, "colour": 0, "main": True, "holder": holder, "access": level}
    return told | {"mark": "", "counts": True, "version": 1, "shares": []}


def _shares(tx: Tx, ids: list[str]) -> dict[str, list[Doc]]:
    found: dict[str, list[Doc]] = {}
    wanted = select(Share.__table__).where(Share.calendar.in_(ids)).order_by(Share.principal)
    for row in tx.all(wanted) if ids else []:
        found.setdefault(row.calendar, []).append({"principal": row.principal, "level": row.level})
    return found


def save(tx: Tx, ctx: Context, data: Doc, *, id_: str | None = None) -> Doc:
    """A further calendar of the caller's, or what one has become: `{id, version}`. Raises `Invalid`, `Stale`, …"""
    if data["id"] is None:
        return _begin(tx, ctx, data, id_)
    calendars.ensured(tx, ctx, data["id"])
    calendars.opened(tx, ctx, data["id"], "own")
    row = calendars.locked(tx, data["id"])
    if data["version"] is not None and data["version"] != row.version:
        raise Stale(row.version)
    values: Doc = {name: data[name] for name in _SAID if name in data and row._mapping[name] != data[name]}
    if "shares" in data:
        values |= _share(tx, row, data["shares"])
    if not values:
        return {"id": row.id, "version": row.version}
    values["version"] = row.version + 1
    tx.execute(update(Calendar).where(Calendar.id == row.id).values(**values))
    before = {name: row._mapping[name] for name in (*_SAID, "by_rule")}
    after = {name: values[name] for name in values} | ({"shares": data["shares"]} if "shares" in data else {})
    tx.audit("schedule.calendar.saved", row.id, before, after)
    if "shares" in data:
        # Who finds its entries changes with it: batch by batch, so that nobody waits for a calendar of years.
        alarms.at(tx, tx.now, READERS, row.id, after="")
    return {"id": row.id, "version": values["version"]}


def _begin(tx: Tx, ctx: Context, data: Doc, id_: str | None) -> Doc:
    if not data.get("name"):
        raise Invalid({"name": "required"})
    mine = (Calendar.holder == audience.person(ctx.person), Calendar.removed_at.is_(None))
    if (tx.scalar(select(func.count()).select_from(Calendar).where(*mine)) or 0) >= _MOST:
        raise Conflict("too-many-calendars", most=_MOST)
    id_ = id_ or tx.new_id()
    values: Doc = {"name": data["name"], "colour": data.get("colour", 0), "counts": data.get("counts", True)}
    fixed = {"holder": audience.person(ctx.person), "slug": id_, "kind": PERSON, "number": 0, "version": 1}
    fixed |= {"department": ctx.department_id or None, "by_rule": False, "removed_at": None}
    version = 1 if tx.insert_new(Calendar, id=id_, **values, **fixed) else _again(tx, ctx, id_, values)
    _shared(tx, id_, data.get("shares", []))
    tx.audit("schedule.calendar.begun", subject=id_, after=values | {"shares": data.get("shares", [])})
    return {"id": id_, "version": version}


def _again(tx: Tx, ctx: Context, id_: str, values: Doc) -> int:
    """Has a calendar of the caller's that was taken away be there once more; its sync states go on. The version of it.

    Raises `Conflict` for an id that is in use.
    """
    gone = (Calendar.id == id_, Calendar.holder == audience.person(ctx.person), Calendar.removed_at.is_not(None))
    changed = values | {"removed_at": None, "version": Calendar.version + 1, "by_rule": False}
    if not tx.execute(update(Calendar).where(*gone).values(**changed)).rowcount:
        raise Conflict("calendar-exists")
    tx.change(_UNSHARE, {"of_calendar": id_})
    return int(tx.scalar(select(Calendar.version).where(Calendar.id == id_)) or 1)


def _share(tx: Tx, row: Any, shares: list[Doc]) -> Doc:
    tx.change(_UNSHARE, {"of_calendar": row.id})
    _shared(tx, row.id, shares)
    return {"by_rule": False}


def _shared(tx: Tx, id_: str, shares: list[Doc]) -> None:
    named = {each["principal"]: each["level"] for each in shares}
    tx.insert_many(Share, [{"calendar": id_, "principal": who, "level": level} for who, level in sorted(named.items())])


def readers(tx: Tx, alarm: Alarm) -> None:
    """Tells of a batch of a calendar's entries who may read them now; goes on at once while there are more."""
    calendar = calendars.of_ids(tx, [alarm.subject]).get(alarm.subject)
    if calendar is None:
        return
    wanted = select(Entry.__table__).where(Entry.calendar == calendar.id, Entry.source_noun.is_(None))
    rows = tx.all(wanted.where(Entry.id > alarm.data["after"]).order_by(Entry.id).limit(_AT_ONCE).with_for_update())
    for row in rows:
        after = {**row._mapping, "revision": row.revision + 1}
        tx.execute(update(Entry).where(Entry.id == row.id).values(revision=after["revision"]))
        catalogue.keep(tx, calendar, after, Object.of_text(row.text))
    if len(rows) == _AT_ONCE:
        alarms.at(tx, tx.now, READERS, calendar.id, after=rows[-1].id)


def known_people(tx: Tx, people: Iterable[str]) -> list[str]:
    """Of these people those who have a calendar; everybody who has one where nobody is named."""
    holders = [audience.person(person) for person in people]
    wanted = select(Calendar.holder).where(Calendar.kind == PERSON, Calendar.slug == MAIN)
    rows = tx.all(wanted.where(Calendar.holder.in_(holders)) if holders else wanted)
    return sorted(row.holder.partition(":")[2] for row in rows)


def moved(tx: Tx, people: Mapping[str, Doc]) -> None:
    """People are of another department, or called otherwise: their main calendars go along, and who finds them."""
    for person in sorted(people):
        id_ = calendars.main_of(tx.tenant, person)
        told = {"name": people[person]["name"], "department": people[person]["department_id"]}
        row = calendars.of_ids(tx, [id_])[id_]
        if told != {name: row._mapping[name] for name in told}:
            tx.execute(update(Calendar).where(Calendar.id == id_).values(**told))
            alarms.at(tx, tx.now, READERS, id_, after="")


def remove(tx: Tx, ctx: Context, id_: str) -> Doc:
    """Takes a further calendar of the caller's away, with what is in it. Raises `NotFound`, `Conflict`."""
    row, _ = calendars.opened(tx, ctx, id_, "own")
    if row.slug == MAIN:
        raise Conflict("main-calendar")
    row = calendars.locked(tx, id_)
    for entry in tx.all(select(Entry.__table__).where(Entry.calendar == id_).order_by(Entry.id)):
        keeping.remove(tx, ctx, row, entry)
    tx.execute(update(Calendar).where(Calendar.id == id_).values(removed_at=tx.now))
    tx.audit("schedule.calendar.removed", subject=id_, before={"name": row.name})
    return {"id": id_, "removed": True}
