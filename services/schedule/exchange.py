"""Files of iCalendar, taken in and given out."""

from __future__ import annotations

import base64
import binascii
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from services.schedule import calendars, keeping
from services.schedule.domain.access import shown
from services.schedule.keeping import Extras
from services.schedule.models import Entry
from shared.context import Context
from shared.contracts.schedule import ICS_LIMIT
from shared.db import Tx
from shared.errors import Invalid, TooLarge
from shared.ical.feeds import publish
from shared.ical.merging import decide
from shared.ical.objects import Object
from shared.ical.zones import resolve
from shared.work.pool import Work

Doc = dict[str, Any]
# Reading a file of the greatest size takes seconds: beside the service's loop.
READ = Work("services.schedule.domain.reading:read", seconds=20)
_MOST = 5_000
_EXPORTED = 20_000


def content(data: Doc) -> bytes:
    """The file. Raises `Invalid`, `TooLarge`."""
    try:
        found = base64.b64decode(data["content"], validate=True)
    except (binascii.Error, ValueError) as error:
        raise Invalid({"content": "not_base64"}) from error
    if len(found) > ICS_LIMIT:
        raise TooLarge(ICS_LIMIT)
    return found


def zone(name: str | None) -> ZoneInfo | None:
    """The zone that is meant by names nobody knows. Raises `Invalid`."""
    if name is None:
        return None
    found = resolve(name, {})
    if found is None:
        raise Invalid({"zone": "unknown_zone"})
    return found


def take_in(tx: Tx, ctx: Context, data: Doc, read: Doc) -> Doc:
    """Takes what was read into a calendar, as `ImportView`; what is there already is changed by a later one."""
    id_ = data["calendar"] or calendars.main_of(ctx.tenant, ctx.person)
    if not data["dry_run"]:
        calendars.ensured(tx, ctx, id_)
    counts = {"new": 0, "changed": 0, "same": 0, "older": 0}
    problems = list(read["problems"])
    if len(read["texts"]) > _MOST:
        raise Invalid({"content": "too_many"})
    calendar = None
    if not data["dry_run"]:
        calendars.opened(tx, ctx, id_, "write")
        calendar = calendars.locked(tx, id_)
    for text in read["texts"]:
        obj = Object.of_text(text)
        try:
            keeping.require_sound(obj)
        except Invalid as refused:
            name, code = next(iter(refused.fields.items()))
            problems.append({"uid": obj.uid, "title": obj.title, "property": name, "code": code, "held": True})
            continue
        counts[_take(tx, ctx, id_, calendar, obj)] += 1
    return counts | {"problems": problems, "applied": not data["dry_run"]}


def _take(tx: Tx, ctx: Context, id_: str, calendar: Any, obj: Object) -> str:
    row = tx.one(select(Entry.__table__).where(Entry.calendar == id_, Entry.uid == obj.uid))
    before = (row.sequence, row.stamp, Object.of_text(row.text).digest) if row else None
    found = decide(before, obj)
    if row is not None and row.source_noun:
        return "same"
    if calendar is not None and found == "new":
        keeping.begin(tx, ctx, calendar, obj, Extras())
    elif calendar is not None and found == "changed":
        keeping.save(tx, ctx, calendar, row, obj, Extras.of(row))
    return str(found)


def give_out(tx: Tx, ctx: Context, id_: str) -> Doc:
    """A calendar as a file, as `IcsFile`. Raises `NotFound`, `Forbidden`."""
    calendar, access = calendars.opened(tx, ctx, id_, "read")
    wanted = select(Entry.text, Entry.visibility).where(Entry.calendar == id_).order_by(Entry.starts_at, Entry.id)
    rows = tx.all(wanted.limit(_EXPORTED))
    open_ = [row.text for row in rows if is_open(access.level, row.visibility)]
    text = publish([Object.of_text(each) for each in open_], calendar.name).decode()
    return {"name": f"{calendar.name or 'calendar'}.ics", "content": text, "tag": keeping.tag(text)}


def is_open(level: str, visibility: str) -> bool:
    """Whether who has this access to a calendar is given what an entry of it says."""
    return shown(level, visibility) in ("read", "write", "own")
