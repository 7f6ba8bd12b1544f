"""One entry, whole, and what its reader may do with it."""

from __future__ import annotations

from html import escape
from typing import Any

from sqlalchemy import select, update

from services.schedule import acting, calendars
from services.schedule.domain.access import shown
from services.schedule.lines import Shown, line, when
from services.schedule.models import Absence, Diary
from services.schedule.rooms.models import Booking, Room
from shared.calendar import SEOUL
from shared.context import Context
from shared.db import Tx
from shared.errors import Forbidden, NotFound
from shared.files import keeping as files
from shared.files.owners import Owners
from shared.ical import rules, values
from shared.ical.content import Content
from shared.ical.objects import Object
from shared.ical.recurrence import has, next_dates

Doc = dict[str, Any]
_NEXT = 3


def card(tx: Tx, ctx: Context, owners: Owners, data: Doc) -> Doc:
    """An entry, or one of a series, as `CalendarEntryView`. Raises `NotFound`."""
    row, calendar, access = acting.opened(tx, ctx, data["id"], "read")
    obj = Object.of_text(row.text)
    one, content = _one(row, obj, data["rid"])
    written = shown(access.level, row.visibility) in ("write", "own")
    told = line(one, calendar, access) | _said(obj, content, row, tx)
    kind, _, owner = calendar.holder.partition(":")
    return told | {
        "version": row.version,
        "people": row.people,
        "cards": row.cards,
        "calendar_name": calendar.name,
        "calendar_kind": calendar.kind,
        "owner_id": owner if kind == calendars.PERSON else None,
        "entered_by": row.entered_by,
        "changed_at": row.changed_at,
        "absence": _absence(tx, row),
        "booking": _booking(tx, row),
        "diary": _diary(tx, row.id, data["rid"] or ""),
        "files": files.views(tx, owners, row.id),
        "warnings": [] if not content.rrule or rules.is_supported(content.rrule) else ["rule_not_supported"],
        "may": _may(row, tx, one, written),
    }


def _one(row: Any, obj: Object, rid: str | None) -> tuple[Shown, Content]:
    """The one that is meant: of a series the instance of this id, or else its first."""
    master = obj.master or next(iter(obj.overrides.values()))
    if rid is None or not obj.is_recurring:
        return Shown(row._mapping, *_times(master)), master
    if not has(obj, rid):
        raise NotFound("instance")
    content = obj.overrides.get(rid)
    if content is not None:
        differs = {"title": content.title, "place": content.place, "all_day": content.all_day, "moved": True}
        return Shown(row._mapping, *_times(content), rid, differs), content
    start = values.like(values.moment_of(rid), master.start)
    begins = values.instant(start, SEOUL)
    ends = values.instant(values.from_clock(values.clock(start) + _length(master), start), SEOUL)
    return Shown(row._mapping, begins, ends, rid), master


def _times(content: Content) -> tuple[Any, Any]:
    return values.instant(content.start, SEOUL), values.instant(content.end, SEOUL)


def _length(content: Content) -> Any:
    return values.clock(content.end) - values.clock(content.start)


def _said(obj: Object, content: Content, row: Any, tx: Tx) -> Doc:
    coming = next_dates(obj.master, _NEXT, values.like(tx.now, obj.master.start)) if obj.master else []
    return {
        "description": content.description,
        "zone": content.zone,
        "rrule": obj.master.rrule if obj.master else None,
        "next": [_told(each) for each in coming] if row.recurring else [],
        "reminders": list(content.reminders),
    }


def _told(moment: Any) -> str:
    return when(values.instant(moment, SEOUL), all_day=not values.rid(moment).count("T"))


def _absence(tx: Tx, row: Any) -> Doc | None:
    if row.source_noun != "directory":
        return None
    found = tx.one(select(Absence.id, Absence.deputy).where(Absence.id == row.source_subject))
    return {"id": found.id, "deputy": found.deputy} if found else None


def _booking(tx: Tx, row: Any) -> Doc | None:
    if row.booking is None:
        return None
    wanted = select(Booking.id, Booking.state, Booking.skipped, Room.id.label("room"), Room.name)
    found = tx.one(wanted.join(Room, Room.id == Booking.room).where(Booking.id == row.booking))
    return dict(found._mapping) if found else None


def _may(row: Any, tx: Tx, one: Shown, written: bool) -> list[str]:
    fed = row.source_noun not in (None, "directory")
    found = ["change", "remove"] if written and not fed else []
    return [*found, "diary"] if written and one.starts_at <= tx.now else found


# -- what came of it --------------------------------------------------------------------------------


def _diary(tx: Tx, entry: str, rid: str) -> Doc | None:
    row = tx.one(select(Diary.text, Diary.progress, Diary.at, Diary.by).where(Diary.entry == entry, Diary.rid == rid))
    return dict(row._mapping) if row else None


def write_diary(tx: Tx, ctx: Context, data: Doc) -> Doc:
    """Keeps what came of an entry (일지), as `DiaryView`. Raises `NotFound`, `Forbidden`."""
    row, _, access = acting.opened(tx, ctx, data["id"], "read", lock=True)
    one, _ = _one(row, Object.of_text(row.text), data["rid"])
    if "diary" not in _may(row, tx, one, shown(access.level, row.visibility) in ("write", "own")):
        raise Forbidden("diary", slug="not-begun" if one.starts_at > tx.now else "read-only")
    of = {"entry": row.id, "rid": data["rid"] or ""}
    said: Doc = {"text": data["text"], "progress": data["progress"], "by": ctx.person_ref, "at": tx.now}
    before = _diary(tx, **of)
    if not tx.insert_new(Diary, **of, **said):
        same = (Diary.entry == of["entry"], Diary.rid == of["rid"])
        tx.execute(update(Diary).where(*same).values(**said))
    after = {"rid": of["rid"], "text": data["text"], "progress": data["progress"]}
    tx.audit("schedule.diary.written", row.id, {"text": before["text"]} if before else None, after)
    return said


def quote(tx: Tx, ctx: Context, owners: Owners, id_: str) -> Doc:
    """What another object is made from, as `QuoteView`. Raises `NotFound`."""
    row, _, _ = acting.opened(tx, ctx, id_, "read")
    content = Object.of_text(row.text).master
    body = "".join(f"<p>{escape(each)}</p>" for each in (content.description if content else "").splitlines() if each)
    return {
        "noun": "schedule",
        "subject": row.id,
        "title": row.title,
        "body": body,
        "files": files.views(tx, owners, row.id),
    }
