"""Calendars as collections of resources, for CalDAV (RFC 4791) and sync-collection (RFC 6578)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select

from services.schedule import busy, calendars, keeping, sharing, unfolding, windows
from services.schedule.domain.access import Access, shown
from services.schedule.domain.busy import Span, merged
from services.schedule.domain.hidden import busy_only
from services.schedule.domain.windows import overlaps
from services.schedule.keeping import Extras
from services.schedule.models import Entry, Expansion, Resource
from shared.calendar import SEOUL
from shared.context import Context
from shared.db import Tx
from shared.errors import Conflict, Forbidden, Invalid, NotFound, Problem
from shared.ical.objects import Object

Doc = dict[str, Any]
_ZONE = "Asia/Seoul"
_OPEN = ("read", "write", "own")


def collections(tx: Tx, ctx: Context) -> Doc:
    """The calendars the caller reads at least, as `DavCalendars`."""
    listed = [each for each in sharing.listed(tx, ctx)["items"] if each["access"] in _OPEN]
    rows = calendars.of_ids(tx, [each["id"] for each in listed])
    names = ("id", "name", "kind", "colour", "main", "counts", "access")
    return {
        "items": [
            {name: each[name] for name in names}
            | {"number": rows[each["id"]].number if each["id"] in rows else 0, "zone": _ZONE}
            for each in listed
        ]
    }


def _opened(tx: Tx, ctx: Context, id_: str, least: str = "read") -> tuple[Any, Access]:
    """A calendar, also a main one in which nothing is yet. Raises `NotFound`, `Forbidden`."""
    if id_ in calendars.own_mains(ctx) and not calendars.of_ids(tx, [id_]):
        level = {each["id"]: each["access"] for each in sharing.listed(tx, ctx)["items"]}[id_]
        return None, Access(level)
    return calendars.opened(tx, ctx, id_, least)


def objects(tx: Tx, ctx: Context, data: Doc) -> Doc:
    """Resources of a calendar, as `DavObjects`. Raises `NotFound`, `Invalid`."""
    calendar, access = _opened(tx, ctx, data["calendar"])
    columns = [Entry.name, Entry.tag, Entry.visibility, Entry.source_noun]
    columns += [Entry.text] if data["text"] else []
    query = select(*columns).where(Entry.calendar == data["calendar"], Entry.name > data["after"])
    if data["names"] is not None:
        query = query.where(Entry.name.in_(data["names"]))
    if data["uid"] is not None:
        query = query.where(Entry.uid == data["uid"])
    if data["from_"] is not None or data["to"] is not None:
        query = query.where(Entry.id.in_(_within(tx, data)))
    rows = tx.all(query.order_by(Entry.name).limit(data["limit"] + 1)) if calendar is not None else []
    some, more = rows[: data["limit"]], len(rows) > data["limit"]
    found = {row.name for row in some}
    return {
        "items": [_object(row, access, text=data["text"]) for row in some],
        "missing": [name for name in data["names"] or () if name not in found and not more],
        "next": some[-1].name if more else None,
    }


def _object(row: Any, access: Access, *, text: bool) -> Doc:
    level = shown(access.level, row.visibility)
    writable = level in ("write", "own") and row.source_noun is None
    hidden = level == "busy"
    told = (busy_only(Object.of_text(row.text)).text if hidden else row.text) if text else None
    return {"name": row.name, "tag": f"{row.tag}-b" if hidden else row.tag, "text": told, "writable": writable}


def _within(tx: Tx, data: Doc) -> list[str]:
    """The entries with an instance in a window that may be open on one side."""
    start = data["from_"] or datetime(1900, 1, 1, tzinfo=SEOUL)
    end = data["to"] or datetime(2101, 1, 1, tzinfo=SEOUL)
    if end <= start:
        raise Invalid({"to": "before_start"})
    touched = (Entry.calendar == data["calendar"], *windows.touching(start, end))
    once = tx.all(select(Entry.id, Entry.starts_at, Entry.ends_at).where(*touched, Entry.recurring.is_(False)))
    found = [row.id for row in once if overlaps(row.starts_at, row.ends_at, start, end)]
    series = select(Entry.id, Expansion.from_at, Expansion.to_at, Expansion.instances, Expansion.truncated)
    series = series.outerjoin(Expansion, Expansion.entry == Entry.id).where(*touched, Entry.recurring.is_(True))
    return found + [id_ for id_, (items, _) in unfolding.instances(tx, tx.all(series), start, end).items() if items]


# -- written ----------------------------------------------------------------------------------------


def put(tx: Tx, ctx: Context, data: Doc, obj: Object, *, same: bool) -> Doc:
    """Keeps a resource, as `DavPutResult`. Raises `Stale`-like 412s, `Conflict`, `Invalid`, `Forbidden`, `NotFound`."""
    calendars.ensured(tx, ctx, data["calendar"])
    _opened(tx, ctx, data["calendar"], "write")
    calendar = calendars.locked(tx, data["calendar"])
    keeping.require_sound(obj)
    row = _row(tx, calendar.id, Entry.name == data["name"])
    require_tag(row, data["tag"], absent=data["absent"])
    other = _row(tx, calendar.id, Entry.uid == obj.uid)
    if other is not None and other.name != data["name"]:
        raise Conflict("uid-elsewhere", name=other.name)
    if row is not None and row.uid != obj.uid:
        raise Conflict("uid-changed", name=row.name)
    if row is None:
        kept = keeping.begin(tx, ctx, calendar, obj, Extras(), name=data["name"])
    else:
        _require_writable(row)
        kept = keeping.save(tx, ctx, calendar, row, obj, Extras.of(row))
    return {"name": data["name"], "tag": kept["tag"], "created": row is None, "same": same}


def _row(tx: Tx, calendar: str, *where: Any) -> Any:
    return tx.one(select(Entry.__table__).where(Entry.calendar == calendar, *where).with_for_update())


def require_tag(row: Any, tag: str | None, *, absent: bool = False) -> None:
    """What `If-Match` and `If-None-Match` ask for. Raises a `Problem` (412)."""
    current = row.tag if row is not None else None
    if (absent and row is not None) or (tag is not None and tag not in ("*", current)) or (tag == "*" and row is None):
        raise Problem(412, "stale", "Somebody has changed this meanwhile", tag=current)


def _require_writable(row: Any) -> None:
    if row.source_noun is not None:
        raise Forbidden("entry", slug="is-fed")
    if row.booking is not None:
        # The room would not follow: it is changed where the room is booked.
        raise Forbidden("entry", slug="has-room")


def delete(tx: Tx, ctx: Context, data: Doc) -> Doc:
    """Takes a resource out. Raises `NotFound`, `Forbidden`, 412."""
    _opened(tx, ctx, data["calendar"], "write")
    row = _row(tx, data["calendar"], Entry.name == data["name"])
    if row is None:
        raise NotFound("resource")
    require_tag(row, data["tag"])
    _require_writable(row)
    keeping.remove(tx, ctx, calendars.locked(tx, row.calendar), row)
    return {"name": row.name, "removed": True}


# -- followed ---------------------------------------------------------------------------------------


def changes(tx: Tx, ctx: Context, data: Doc) -> Doc:
    """What has changed since a sync state, as `DavChanges`. Raises `Conflict` `sync-token-unknown`."""
    calendar, access = _opened(tx, ctx, data["calendar"])
    number = calendar.number if calendar is not None else 0
    since = data["since"] or 0
    if since > number:
        raise Conflict("sync-token-unknown")
    query = select(Resource.name, Resource.number, Resource.tag, Entry.visibility)
    here = (Entry.calendar == Resource.calendar) & (Entry.name == Resource.name)
    query = query.outerjoin(Entry, here).where(Resource.calendar == data["calendar"], Resource.number > since)
    if data["since"] is None:
        query = query.where(Resource.tag.is_not(None))
    rows = tx.all(query.order_by(Resource.number).limit(data["limit"] + 1))
    some, more = rows[: data["limit"]], len(rows) > data["limit"]
    items = [{"name": row.name, "tag": _tag(row, access)} for row in some]
    return {"items": items, "number": some[-1].number if more else number, "more": more}


def _tag(row: Any, access: Access) -> str | None:
    hidden = row.tag is not None and shown(access.level, row.visibility or "public") == "busy"
    return f"{row.tag}-b" if hidden else row.tag


def taken(tx: Tx, ctx: Context, data: Doc) -> Doc:
    """The free-busy of one calendar, as `BusyView` under the calendar's id."""
    start, end = windows.bounds(data["from_"], data["to"])
    calendar, _ = _opened(tx, ctx, data["calendar"], "busy")
    found = windows.found(tx, [calendar.id], start, end)[0] if calendar is not None and calendar.counts else []
    spans = [Span(each.starts_at, each.ends_at, each.said("shown_as")) for each in found]
    shown_ = merged(each for each in spans if each.kind != "free")
    return {"items": {data["calendar"]: [busy.period(each) for each in shown_]}}


def make(tx: Tx, ctx: Context, data: Doc) -> Doc:
    """A further calendar of the caller's: `{id, version}`. Raises `Conflict` for an id that is taken."""
    made = {"id": None, "name": data["name"], "colour": data["colour"]}
    return sharing.save(tx, ctx, made, id_=data["id"])
