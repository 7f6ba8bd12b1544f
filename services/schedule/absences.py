"""Absences (부재): the directory's, shown in calendars; what is entered here becomes one there.

The directory owns them. Its event fills the person's calendar, and whoever enters one here has it there at once: the
entry is found again by the absence it is of. Events of one absence may come in any order: the highest sequence holds.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from marshmallow import ValidationError
from sqlalchemy import select, update

from services.schedule import acting, calendars, copies, keeping
from services.schedule.keeping import Extras
from services.schedule.models import Absence, Entry
from shared.calendar import SEOUL
from shared.context import Context
from shared.contracts.directory import AbsenceTold
from shared.contracts.schedule import ABSENCES
from shared.db import Tx
from shared.errors import Invalid, NotFound, Poison
from shared.ical import values
from shared.ical.content import Content
from shared.ical.editing import change
from shared.ical.objects import Object
from shared.ical.values import ZULU

Doc = dict[str, Any]
NOUN = "directory"
_TITLES = {"leave": "휴가", "trip": "출장", "training": "교육", "sick": "병가"}
_KINDS = {"leave": "leave", "trip": "trip", "training": "training", "sick": "leave"}
_MIDNIGHT = (0, 0)
_NOTE = 300
_TOLD = AbsenceTold()


def loaded(data: Doc) -> Doc:
    """What an event tells of an absence. Raises `Poison` for what is no such event."""
    try:
        found: Doc = _TOLD.load(data)
    except ValidationError as error:
        raise Poison(f"malformed: {error.messages}") from error
    return found


def _uid(absence: str) -> str:
    return f"{absence}@oneway"


def told(tx: Tx, ctx: Context, data: Doc, person: Doc | None) -> None:
    """The directory tells of an absence; `person` is the `PersonRef` of who is away, None where there is no such."""
    row = tx.one(select(Absence.__table__).where(Absence.id == data["id"]).with_for_update())
    if row is not None and row.sequence >= data["sequence"]:
        return
    names = ("sequence", "person", "starts_at", "ends_at", "reason", "deputy", "ended")
    values = {name: data[name] for name in names}
    if row is None:
        tx.insert(Absence, id=data["id"], **values)
    else:
        tx.execute(update(Absence).where(Absence.id == data["id"]).values(**values))
    if person is not None:
        _show(tx, ctx, data, person)


def _show(tx: Tx, ctx: Context, data: Doc, person: Doc) -> None:
    """Puts it into the person's calendar, or takes it out where it never came to pass."""
    if data["ended"] and data["ends_at"] <= data["starts_at"]:
        copies.withdraw(tx, ctx, data["id"], [person["id"]], NOUN)
        return
    start, end = times(data["starts_at"], data["ends_at"])
    row = _entry(tx, data["id"])
    if row is None:
        obj = Object.new(_content(data, start, end), _uid(data["id"]), tx.now)
        put(tx, ctx, person, obj, _KINDS.get(data["reason"], "other"), data["id"])
        return
    obj, _ = change(Object.of_text(row.text), {"start": start, "end": end}, tx.now)
    put(tx, ctx, person, obj, row.kind, data["id"])


def _content(data: Doc, start: Any, end: Any) -> Content:
    title = _TITLES.get(data["reason"], "부재")
    return Content(title=title, start=start, end=end, description=data["note"], categories=(title,))


def times(starts_at: datetime, ends_at: datetime) -> tuple[Any, Any]:
    """Whole days where both are midnights in Seoul, else moments."""
    first, last = starts_at.astimezone(SEOUL), ends_at.astimezone(SEOUL)
    if (first.hour, first.minute) == _MIDNIGHT == (last.hour, last.minute) and last - first >= timedelta(days=1):
        return first.date(), last.date()
    return starts_at.astimezone(ZULU), ends_at.astimezone(ZULU)


def _entry(tx: Tx, absence: str) -> Any:
    return tx.one(select(Entry.__table__).where(Entry.source_noun == NOUN, Entry.source_subject == absence))


def put(tx: Tx, ctx: Context, person: Doc, obj: Object, kind: str, absence: str) -> None:
    """The person's calendar has the absence as an entry."""
    copies.put(tx, ctx, person, obj, Extras(kind, source=(NOUN, absence)))


# -- entered here -----------------------------------------------------------------------------------


def main_of(ctx: Context) -> str:
    """The calendar that absences of the caller are in."""
    return calendars.main_of(ctx.tenant, ctx.person)


def asked(content: Content, reason: str, deputy: str | None, note: str) -> Doc:
    """What the directory is asked to keep of it."""
    starts_at, ends_at = (values.instant(each, SEOUL) for each in (content.start, content.end))
    times_ = {"starts_at": starts_at.isoformat(), "ends_at": ends_at.isoformat()}
    return {**times_, "reason": reason, "deputy": deputy, "note": note[:_NOTE]}


def entered(tx: Tx, ctx: Context, content: Content, kind: str, kept: Doc) -> Doc:
    """What was just entered here, and is an absence of the directory's now: the entry's row."""
    row = _entry(tx, kept["id"])
    if row is None:
        put(tx, ctx, ctx.person_ref, Object.new(content, _uid(kept["id"]), tx.now), kind, kept["id"])
    else:
        # Its event was here first.
        obj = Object.new(content, row.uid, tx.now)
        keeping.save(tx, ctx, calendars.locked(tx, row.calendar), row, obj, Extras.of(row))
    _remember(tx, ctx, kept)
    return dict(_entry(tx, kept["id"])._mapping)


def _remember(tx: Tx, ctx: Context, kept: Doc) -> None:
    """Who is away holds from now on; the directory's own event, which has its sequence, goes before."""
    starts_at, ends_at = (datetime.fromisoformat(str(kept[name])) for name in ("starts_at", "ends_at"))
    deputy = kept["deputy"]["id"] if kept["deputy"] else None
    told_: Doc = {"starts_at": starts_at, "ends_at": ends_at, "reason": kept["reason"], "deputy": deputy}
    tx.insert_new(Absence, id=kept["id"], sequence=0, person=ctx.person, ended=False, **told_)


def of_entry(tx: Tx, ctx: Context, id_: str) -> Any | None:
    """An entry that is an absence of the caller's; None for every other."""
    row = keeping.found(tx, id_)
    if row is None or row.source_noun != NOUN or row.calendar != main_of(ctx):
        return None
    return row


def changed(tx: Tx, ctx: Context, row: Any, data: Doc) -> tuple[Object, Doc]:
    """The entry as it is to be, and what the directory is asked to change. Raises `Invalid`, `Stale`."""
    keeping.require_version(row, data["version"])
    if data.get("rrule") or data.get("calendar", row.calendar) != row.calendar:
        raise Invalid({"rrule" if data.get("rrule") else "calendar": "not_an_absence"})
    before = Object.of_text(row.text)
    obj, _ = change(before, acting.changes(before, data), tx.now)
    keeping.require_sound(obj)
    absence = tx.one(select(Absence.__table__).where(Absence.id == row.source_subject))
    content = obj.master
    if absence is None or content is None:
        raise NotFound("absence")
    given = data.get("absence") or {}
    deputy = given.get("deputy", absence.deputy)
    reason = ABSENCES.get(data.get("kind", ""), absence.reason)
    return obj, {"id": absence.id, **asked(content, reason, deputy, content.title)}


def resaved(tx: Tx, ctx: Context, row: Any, obj: Object, kept: Doc) -> Doc:
    """The entry after the directory has taken the change: its row."""
    calendar = calendars.locked(tx, row.calendar)
    current = keeping.found(tx, row.id, lock=True) or row
    extras = replace(Extras.of(current), kind=_KINDS.get(str(kept["reason"]), str(current.kind)))
    return keeping.save(tx, ctx, calendar, current, obj, extras)


def cancelled(tx: Tx, ctx: Context, row: Any) -> Doc:
    """What a command answers of an absence that was taken back; its event takes the entry out, or cuts it short."""
    return {"id": row.id, "calendar": row.calendar, "version": row.version, "also": None, "booking": None}
