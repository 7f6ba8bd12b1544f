"""Places (점검 장소) of a journal: each has a secret code, which its QR holds, and is visited by scanning it."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, select, update

from services.memo.journals import books
from services.memo.journals.domain import clock
from services.memo.journals.models import JournalPlace, JournalVisit
from shared.context import Context
from shared.db import Tx
from shared.errors import Invalid, NotFound

_MOST = 200
_SECRET_BYTES = 18
_VISITS, _RECENT = 500, timedelta(days=31)


def save(tx: Tx, ctx: Context, journal: Row[Any], asked: Mapping[str, Any]) -> dict[str, Any]:
    """A new place, or one renamed, put out of use, or given another code; as `Place`. Raises `NotFound`, `Invalid`."""
    place, values = asked["id"], {"name": asked["name"], "active": asked["active"]}
    if place is None:
        rows = tx.all(select(JournalPlace.id).where(JournalPlace.journal == journal.id))
        if len(rows) >= _MOST:
            raise Invalid({"name": "too_many"}, f"at most {_MOST}")
        place = tx.new_id()
        tx.insert(JournalPlace, id=place, journal=journal.id, code=_code(), made_at=tx.now, **values)
    else:
        of = (JournalPlace.id == place, JournalPlace.journal == journal.id)
        renewed = {"code": _code()} if asked["renew"] else {}
        if tx.execute(update(JournalPlace).where(*of).values(**values, **renewed)).rowcount != 1:
            raise NotFound("place")
    tx.audit("journals.place.saved", subject=place, after=values | {"journal": journal.id, "renewed": asked["renew"]})
    row = tx.one(select(JournalPlace.__table__).where(JournalPlace.id == place))
    assert row is not None
    return _view(row, [], secret=True)


def every(tx: Tx, ctx: Context, journal: Row[Any]) -> dict[str, Any]:
    """The places of a journal with the last visits of each, as `Places`; their codes are for managers."""
    places = select(JournalPlace.__table__).where(JournalPlace.journal == journal.id).order_by(JournalPlace.name)
    rows = tx.all(places.limit(_MOST))
    recent = (JournalVisit.place.in_([row.id for row in rows]), JournalVisit.at > tx.now - _RECENT)
    scans = tx.all(select(JournalVisit.__table__).where(*recent).order_by(JournalVisit.at.desc()).limit(_VISITS))
    by_place: dict[str, list[dict[str, Any]]] = {}
    for scan in reversed(scans):
        _visited(by_place.setdefault(scan.place, []), scan.person, scan.at)
    secret = books.manages(ctx, journal)
    return {"items": [_view(row, by_place.get(row.id, [])[::-1], secret=secret) for row in rows]}


def _visited(visits: list[dict[str, Any]], person: dict[str, Any], at: datetime) -> None:
    """Adds a scan to the visits of a place: one more of the same visit, where it comes within a minute."""
    for visit in reversed(visits):
        if visit["person"]["id"] == person["id"] and clock.is_one_visit(visit["at"], at):
            visit["scans"] += 1
            return
    visits.append({"person": person, "at": at, "scans": 1})


def scanned(tx: Tx, ctx: Context, code: str) -> dict[str, Any]:
    """Where a code leads, as `Scanned`; that it was scanned is kept. Raises `NotFound` for who may not read there."""
    of = (JournalPlace.code == code, JournalPlace.active.is_(True))
    row = tx.one(select(JournalPlace.__table__).where(*of)) if code.isprintable() else None
    if row is None:
        raise NotFound("place")
    books.opened(tx, ctx, row.journal)
    tx.note(JournalVisit, id=tx.new_id(), place=row.id, person_id=ctx.person, person=ctx.person_ref, at=tx.now)
    return {"journal": row.journal, "place": row.id, "name": row.name}


def _view(row: Row[Any], visits: list[dict[str, Any]], *, secret: bool) -> dict[str, Any]:
    names = ("id", "journal", "name", "active")
    return {name: getattr(row, name) for name in names} | {"code": row.code if secret else None, "visits": visits}


def _code() -> str:
    return secrets.token_urlsafe(_SECRET_BYTES)
