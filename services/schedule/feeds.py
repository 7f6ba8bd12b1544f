"""Secret addresses at which a calendar can be read by whoever knows them."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select, update

from services.schedule import calendars, keeping
from services.schedule.domain.access import shown
from services.schedule.domain.hidden import private
from services.schedule.models import Calendar, Entry, Feed
from shared.context import Context
from shared.db import Tx
from shared.errors import Conflict, NotFound
from shared.ical.feeds import feed
from shared.ical.objects import Object

Doc = dict[str, Any]
_MOST = 20
_ENTRIES = 5_000
# What ended longer ago is not of interest to who reads along.
_BEHIND = timedelta(days=366)
_NAMES = ("id", "calendar", "name", "level", "created_at", "read_at")


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def create(tx: Tx, ctx: Context, data: Doc) -> Doc:
    """A new address of a calendar of the caller's, as `NewFeed`. Raises `NotFound`, `Forbidden`, `Conflict`."""
    calendars.ensured(tx, ctx, data["calendar"])
    calendars.opened(tx, ctx, data["calendar"], "own")
    mine = (Feed.person == ctx.person, Feed.revoked_at.is_(None))
    if (tx.scalar(select(func.count()).select_from(Feed).where(*mine)) or 0) >= _MOST:
        raise Conflict("too-many-feeds", most=_MOST)
    secret = f"{tx.tenant}.{secrets.token_urlsafe(32)}"
    row: Doc = {"id": tx.new_id(), "calendar": data["calendar"], "name": data["name"], "level": data["level"]}
    row |= {"created_at": tx.now, "read_at": None}
    tx.insert(Feed, **row, secret_hash=_hash(secret), person=ctx.person, revoked_at=None)
    recorded = {name: row[name] for name in ("calendar", "name", "level")}
    tx.audit("schedule.feed.created", subject=row["id"], after=recorded)
    return row | {"secret": secret}


def listed(tx: Tx, ctx: Context) -> Doc:
    """The caller's addresses, as `FeedList`."""
    wanted = select(Feed).where(Feed.person == ctx.person, Feed.revoked_at.is_(None)).order_by(Feed.id)
    return {"items": [{name: row._mapping[name] for name in _NAMES} for row in _rows(tx, wanted)]}


def _rows(tx: Tx, wanted: Any) -> list[Any]:
    return tx.all(wanted.with_only_columns(*Feed.__table__.columns))


def revoke(tx: Tx, ctx: Context, id_: str) -> Doc:
    """Ends an address at once. Raises `NotFound`."""
    of = (Feed.id == id_, Feed.person == ctx.person, Feed.revoked_at.is_(None))
    if not tx.execute(update(Feed).where(*of).values(revoked_at=tx.now)).rowcount:
        raise NotFound("feed")
    tx.audit("schedule.feed.revoked", subject=id_)
    return {"id": id_, "revoked": True}


def read(tx: Tx, secret: str) -> Doc:
    """What stands at an address, as `IcsFile`. Raises `NotFound` for one there is not, or no longer."""
    wanted = select(Feed.__table__, Calendar.name.label("called")).join(Calendar, Calendar.id == Feed.calendar)
    of = (Feed.secret_hash == _hash(secret), Feed.revoked_at.is_(None), Calendar.removed_at.is_(None))
    row = tx.one(wanted.where(*of))
    if row is None:
        raise NotFound("feed")
    entries = select(Entry.id, Entry.text, Entry.visibility).where(Entry.calendar == row.calendar)
    entries = entries.where(Entry.ends_at > tx.now - _BEHIND).order_by(Entry.starts_at, Entry.id).limit(_ENTRIES)
    objects = [_shown(row.level, each) for each in tx.all(entries)]
    content = feed(objects, row.called, lambda uid: _uid(row.id, uid)).decode()
    return {"name": f"{row.called or 'calendar'}.ics", "content": content, "tag": keeping.tag(content)}


def _shown(level: str, row: Any) -> Object:
    obj = Object.of_text(row.text)
    return private(obj) if shown(level, row.visibility) == "busy" else obj


def _uid(feed_: str, uid: str) -> str:
    """Another UID for what shows only that somebody is busy, the same at each reading."""
    return f"{hashlib.sha256(f'{feed_}:{uid}'.encode()).hexdigest()[:32]}@busy"
