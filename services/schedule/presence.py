"""Where people are now, and the executives whose day is on one sheet."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import delete, select, update

from services.schedule import busy, calendars, windows
from services.schedule.domain import presence as rules
from services.schedule.domain.access import shown
from services.schedule.domain.presence import Engagement
from services.schedule.models import Executive, Presence
from shared import audience
from shared.calendar import end_of_day, seoul_date
from shared.context import Context
from shared.db import Tx
from shared.errors import Forbidden, Invalid

Doc = dict[str, Any]
_ADMIN = "tenant_admin"
_EXECUTIVES = select(Executive.__table__).order_by(Executive.place, Executive.person)
TOPIC = "presence"


def executives(tx: Tx) -> list[Any]:
    """The executives, in their order."""
    return tx.all(_EXECUTIVES)


def enters_for(row: Any, ctx: Context) -> bool:
    """Whether the caller enters for an executive."""
    return any(each["id"] == ctx.person for each in row.writers)


def told(tx: Tx, ctx: Context, people: Collection[Doc]) -> list[Doc]:
    """Where these people (`PersonRef`s) are, as `PresenceView`s; titles as far as the caller reads them."""
    ids = [person["id"] for person in people]
    now, end = tx.now, end_of_day(seoul_date(tx.now))
    said = {row.person: (row.status, row.until) for row in _said(tx, ids)}
    known: dict[str, list[Engagement]] = {person: [] for person in ids}
    for row in busy.absences(tx, ids, now, end) if ids else []:
        known[row.person].append(Engagement(row.starts_at, row.ends_at, row.reason, absent=True))
    for person, each in _engaged(tx, ctx, ids):
        known[person].append(each)
    return [_view(person, rules.where(now, said.get(person["id"]), known[person["id"]])) for person in people]


def _said(tx: Tx, ids: list[str]) -> Iterable[Any]:
    return tx.all(select(Presence.__table__).where(Presence.person.in_(ids))) if ids else []


def _engaged(tx: Tx, ctx: Context, ids: list[str]) -> Iterable[tuple[str, Engagement]]:
    """What the main calendars have for the rest of the day. That somebody is busy is told whoever asks."""
    owners = {calendars.main_of(ctx.tenant, person): person for person in ids}
    rows = calendars.of_ids(tx, owners)
    access = calendars.known(tx, ctx, rows.values())
    for one in windows.found(tx, rows, tx.now, end_of_day(seoul_date(tx.now)))[0]:
        if one.said("shown_as") != "busy" or one.said("all_day"):
            continue
        readable = shown(access[one.row["calendar"]].level, one.said("visibility")) not in ("", "busy")
        kind, title = (one.said("kind"), one.said("title")) if readable else ("other", "")
        yield owners[one.row["calendar"]], Engagement(one.starts_at, one.ends_at, kind, title=title)


def _view(person: Doc, found: rules.Where) -> Doc:
    told = {"status": found.status, "by_hand": found.by_hand, "until": found.until, "title": found.title}
    return {"person": person, **told}


def set_(tx: Tx, ctx: Context, data: Doc) -> None:
    """Says where somebody is, by themselves or by who enters for them. Raises `Forbidden`, `Invalid`."""
    person = data["person"] or ctx.person
    if person != ctx.person:
        row = tx.one(select(Executive.__table__).where(Executive.person == person))
        if row is None or not enters_for(row, ctx):
            raise Forbidden("presence")
    until = data["until"] or end_of_day(seoul_date(tx.now))
    if data["status"] is None:
        tx.execute(delete(Presence).where(Presence.person == person))
    elif until <= tx.now or until.year > 2100:
        raise Invalid({"until": "in_the_past" if until <= tx.now else "year_out_of_range"})
    else:
        values: Doc = {"status": data["status"], "until": until, "by": ctx.person_ref}
        if not tx.insert_new(Presence, person=person, **values):
            tx.execute(update(Presence).where(Presence.person == person).values(**values))
    after = {"status": data["status"], "until": until.isoformat() if data["status"] else None}
    tx.audit("schedule.presence.set", subject=person, after=after)
    tx.tell([person, *(each["id"] for row in executives(tx) for each in row.writers)], TOPIC)


# -- executives -------------------------------------------------------------------------------------


def save_executive(tx: Tx, ctx: Context, data: Doc, people: dict[str, Doc]) -> Doc:
    """Whose day is on the sheet; `people` are the `PersonRef`s of who is named. Answers `{id, removed}`."""
    person = data["person"]
    before = tx.one(select(Executive.__table__).where(Executive.person == person).with_for_update())
    recorded = {name: before._mapping[name] for name in ("place", "viewers", "writers")} if before else None
    if data["removed"]:
        tx.execute(delete(Executive).where(Executive.person == person))
        tx.audit("schedule.executive.removed", subject=person, before=recorded)
        return {"id": person, "removed": True}
    writers = [people[id_] for id_ in data["writers"]]
    values: Doc = {"ref": people[person], "place": data["place"], "viewers": data["viewers"], "writers": writers}
    if before is None:
        tx.insert(Executive, person=person, **values)
    else:
        tx.execute(update(Executive).where(Executive.person == person).values(**values))
    tx.audit(
        "schedule.executive.saved", person, recorded, {name: values[name] for name in ("place", "viewers", "writers")}
    )
    return {"id": person, "removed": False}


def listed(tx: Tx, ctx: Context) -> Doc:
    """The executives whose day the caller may see, as `ExecutiveList`."""
    own = audience.principals(ctx)
    rows = [row for row in executives(tx) if ctx.has(_ADMIN) or _may_see(row, ctx, own)]
    where = {each["person"]["id"]: each for each in told(tx, ctx, [row.ref for row in rows])}
    items = []
    for row in rows:
        enters = enters_for(row, ctx)
        inside = enters or ctx.has(_ADMIN)
        viewers, writers = (row.viewers, row.writers) if inside else ([], [])
        level = "own" if row.person == ctx.person else "write" if enters else "read"
        said = {"person": row.ref, "place": row.place, "viewers": viewers, "writers": writers}
        items.append(said | {"access": level, "presence": where[row.person]})
    return {"items": items}


def _may_see(row: Any, ctx: Context, own: frozenset[str]) -> bool:
    return row.person == ctx.person or enters_for(row, ctx) or not own.isdisjoint(row.viewers)
