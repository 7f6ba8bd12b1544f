"""Copies of an entry in the calendars of those who are named on it: theirs to see, its writer's to change."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select

from services.schedule import calendars, keeping
from services.schedule.keeping import Extras
from services.schedule.models import Calendar, Entry
from shared import audience
from shared.context import Context
from shared.db import Tx
from shared.ical.objects import Object

Doc = dict[str, Any]
NOUN = "schedule"


def spread(tx: Tx, ctx: Context, row: Doc, obj: Object, before: Iterable[Doc]) -> None:
    """Everybody named has the entry as it is now, who is named no more has it no more."""
    people = {each["id"]: each for each in row["people"]}
    gone = [each["id"] for each in before if each["id"] not in people]
    if gone:
        withdraw(tx, ctx, row["id"], gone)
    extras = Extras(row["kind"], [], row["cards"], source=(NOUN, row["id"]))
    for person in sorted(people):
        put(tx, ctx, people[person], obj, extras)


def put(tx: Tx, ctx: Context, person: Doc, obj: Object, extras: Extras) -> None:
    """One person's main calendar has what another noun or entry fills it with."""
    id_ = calendars.begun(tx, audience.person(person["id"]), person["name"], person.get("department_id"))
    calendar = calendars.locked(tx, id_)
    assert extras.source is not None
    of = (Entry.calendar == id_, Entry.source_noun == extras.source[0], Entry.source_subject == extras.source[1])
    row = tx.one(select(Entry.__table__).where(*of).with_for_update())
    if row is None:
        row = tx.one(select(Entry.__table__).where(Entry.calendar == id_, Entry.uid == obj.uid).with_for_update())
    if row is None:
        keeping.begin(tx, ctx, calendar, obj, extras)
    elif row.source_noun == extras.source[0]:
        keeping.save(tx, ctx, calendar, row, obj, extras)


def withdraw(tx: Tx, ctx: Context, subject: str, people: Iterable[str], noun: str = NOUN) -> None:
    """These people have it no more."""
    ids = sorted(calendars.main_of(tx.tenant, person) for person in people)
    of = (Entry.source_noun == noun, Entry.source_subject == subject, Entry.calendar.in_(ids))
    rows = tx.all(select(Entry.__table__).where(*of).order_by(Entry.calendar)) if ids else []
    for row in rows:
        calendar = tx.one(select(Calendar.__table__).where(Calendar.id == row.calendar).with_for_update())
        keeping.remove(tx, ctx, calendar, row)
