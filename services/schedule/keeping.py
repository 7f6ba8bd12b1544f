"""What every change of an entry comes to: its row, its series unfolded, the state CalDAV follows, the record."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, select, update

from services.schedule import calendars, catalogue, figures, reminding, unfolding
from services.schedule.domain import content as contents
from services.schedule.domain.windows import FAR
from services.schedule.models import Diary, Entry, Resource
from shared.calendar import SEOUL
from shared.context import Context
from shared.db import Tx
from shared.errors import Invalid, Stale
from shared.ical.content import problems
from shared.ical.objects import Object

Doc = dict[str, Any]
_UID_LIMIT = 500
_ROW = select(Entry.__table__).where(Entry.id == bindparam("id"))
_LOCKED = _ROW.with_for_update()
_OUT = delete(Entry).where(Entry.id == bindparam("of_id"))
_UNDIARY = delete(Diary).where(Diary.entry == bindparam("of_id"))


@dataclass(frozen=True)
class Extras:
    """What iCalendar does not say of an entry."""

    kind: str = "other"
    people: list[Doc] = field(default_factory=list)
    cards: list[str] = field(default_factory=list)
    source: tuple[str, str] | None = None
    made_from: Doc | None = None
    booking: str | None = None

    @classmethod
    def of(cls, row: Any) -> Extras:
        """Those of an entry that is there."""
        source = (row.source_noun, row.source_subject) if row.source_noun else None
        return cls(row.kind, row.people, row.cards, source, row.made_from, row.booking)


def tag(text: str) -> str:
    """The tag of a resource: its content's."""
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def found(tx: Tx, id_: str, *, lock: bool = False) -> Any | None:
    """An entry's row."""
    return tx.execute(_LOCKED if lock else _ROW, {"id": id_}).first()


def require_version(row: Any, version: int | None) -> None:
    """That the caller has seen the present version. Raises `Stale`."""
    if version is not None and version != row.version:
        raise Stale(row.version)


def require_sound(obj: Object) -> None:
    """That an entry can be kept. Raises `Invalid` with codes by the names of its fields."""
    if len(obj.uid.encode()) > _UID_LIMIT:
        raise Invalid({"uid": "too_long"})
    wrong = problems(obj.master) if obj.master else {}
    for each in obj.overrides.values():
        wrong |= problems(each)
    # Other programs may leave it away (RFC 5545, 3.6.1); where ours ask for one, the command's schema does.
    if wrong.get("title") == "required":
        del wrong["title"]
    if wrong:
        raise Invalid(contents.refused(wrong))


def _columns(obj: Object, extras: Extras) -> Doc:
    shown = obj.master or next(iter(obj.overrides.values()))
    starts_at, ends_at = obj.span(SEOUL)
    said = contents.fields(shown, extras.kind)
    return {
        **said,
        "title": said["title"][:300],
        "place": said["place"][:300],
        "uid": obj.uid,
        "text": obj.text,
        "tag": tag(obj.text),
        "sequence": obj.sequence,
        "starts_at": starts_at,
        "ends_at": ends_at or FAR,
        "all_day": shown.all_day,
        "recurring": obj.is_recurring,
        "people": extras.people,
        "cards": extras.cards,
        "made_from": extras.made_from,
        "booking": extras.booking,
    }


def begin(tx: Tx, ctx: Context, calendar: Any, obj: Object, extras: Extras, *, id_: str = "", name: str = "") -> Doc:
    """Keeps a new entry in a calendar that is there; its row."""
    row: Doc = {"id": id_ or tx.new_id(), "calendar": calendar.id, "version": 1, "revision": 1}
    row |= _columns(obj, extras) | {"stamp": obj.stamp or tx.now, "changed_at": tx.now}
    noun, subject = extras.source or (None, None)
    row |= {"name": name or f"{row['id']}.ics", "source_noun": noun, "source_subject": subject}
    row["entered_by"] = ctx.person_ref if ctx.person else None
    tx.insert(Entry, **row)
    _follow(tx, ctx, calendar, row, obj)
    tx.audit("schedule.entered", subject=row["id"], after=_recorded(row))
    figures.entered(tx, ctx, row, calendar)
    return row


def save(tx: Tx, ctx: Context, calendar: Any, before: Any, obj: Object, extras: Extras) -> Doc:
    """Keeps what an entry has become, in this calendar; its row. Nothing is told where nothing has changed."""
    row: Doc = {**before._mapping, **_columns(obj, extras), "calendar": calendar.id}
    if all(row[name] == before._mapping[name] for name in row):
        return row
    row |= {"version": before.version + 1, "revision": before.revision + 1, "changed_at": tx.now}
    row["stamp"] = obj.stamp or tx.now
    values = {name: value for name, value in row.items() if name != "id"}
    tx.change(update(Entry).where(Entry.id == bindparam("of_id")).values(**values), {"of_id": before.id})
    if before.calendar != calendar.id:
        # Who follows the calendar it was in sees it go.
        _number(tx, before.calendar, before.name, None)
    _follow(tx, ctx, calendar, row, obj, text=before.text if before.calendar == calendar.id else "")
    tx.audit("schedule.changed", before.id, _recorded(before._mapping), _recorded(row))
    return row


def remove(tx: Tx, ctx: Context, calendar: Any, before: Any) -> None:
    """Takes an entry out of its calendar."""
    tx.change(_OUT, {"of_id": before.id})
    tx.change(_UNDIARY, {"of_id": before.id})
    unfolding.forget(tx, before.id)
    reminding.cancel(tx, before.id)
    _number(tx, calendar.id, before.name, None)
    catalogue.remove(tx, calendar, {**before._mapping, "revision": before.revision + 1})
    tx.audit("schedule.removed", subject=before.id, before=_recorded(before._mapping))


def _follow(tx: Tx, ctx: Context, calendar: Any, row: Doc, obj: Object, text: str = "") -> None:
    """What follows from an entry's row."""
    if text != row["text"]:
        unfolding.keep(tx, row["id"], obj)
        _number(tx, row["calendar"], row["name"], row["tag"])
        reminding.set_(tx, row["id"], obj)
    catalogue.keep(tx, calendar, row, obj)
    tx.tell(_watchers(ctx, calendar, row), "schedule")


def _watchers(ctx: Context, calendar: Any, row: Mapping[str, Any]) -> list[str]:
    kind, _, owner = calendar.holder.partition(":")
    people = [owner] if kind == calendars.PERSON else []
    return list(
        dict.fromkeys([*people, *(each["id"] for each in row["people"]), *([ctx.person] if ctx.person else [])])
    )


def _number(tx: Tx, calendar: str, name: str, tag_: str | None) -> None:
    """A resource is at the next number of its calendar now."""
    number = calendars.numbered(tx, calendar)
    same = (Resource.calendar == calendar, Resource.name == name)
    if not tx.insert_new(Resource, calendar=calendar, name=name, number=number, tag=tag_):
        tx.execute(update(Resource).where(*same).values(number=number, tag=tag_))


def _recorded(row: Mapping[str, Any]) -> Doc:
    names = ("calendar", "version", "title", "kind", "visibility", "recurring", "tag", "source_noun", "source_subject")
    times: dict[str, datetime] = {name: row[name] for name in ("starts_at", "ends_at")}
    return {name: row[name] for name in names} | {name: at.isoformat() for name, at in times.items()}
