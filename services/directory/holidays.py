"""The days on which the organisation works otherwise than the country does."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import delete, select, update

from services.directory import organisation
from services.directory.domain.holidays import problems
from services.directory.models import Holiday
from shared.db import Tx
from shared.errors import Invalid, NotFound
from shared.holidays import TOPIC

_ALL = select(Holiday.day, Holiday.kind, Holiday.name).order_by(Holiday.day)


def exceptions(tx: Tx) -> dict[str, Any]:
    """`{off: {day: name}, working: [day]}` as `CalendarView`."""
    rows = tx.all(_ALL)
    return {
        "off": {row.day: row.name for row in rows if row.kind == "off"},
        "working": [row.day for row in rows if row.kind == "working"],
    }


def save(tx: Tx, data: Mapping[str, Any]) -> dict[str, Any]:
    """Enters a day, or enters it anew, as `HolidayView`. Raises `Invalid`."""
    day: date = data["day"]
    # A day of work has no name: it is what everybody calls the day.
    name = data["name"] if data["kind"] == "off" else ""
    row = {"day": day.isoformat(), "kind": data["kind"], "name": name}
    if bad := problems(day, data["kind"], data["name"]):
        raise Invalid(bad)
    before = _locked(tx, row["day"])
    if before == row:
        return row
    if before is None:
        tx.insert(Holiday, **row)
    else:
        tx.execute(update(Holiday).where(Holiday.day == row["day"]).values(**row))
    tx.audit("directory.holiday.saved", subject=row["day"], before=before, after=row)
    tx.tell((), TOPIC)
    return row


def remove(tx: Tx, day: date) -> dict[str, Any]:
    """The country's calendar holds for a day again. Raises `NotFound`."""
    before = _locked(tx, day.isoformat())
    if before is None:
        raise NotFound("holiday")
    tx.execute(delete(Holiday).where(Holiday.day == day.isoformat()))
    tx.audit("directory.holiday.deleted", subject=day.isoformat(), before=before)
    tx.tell((), TOPIC)
    return {"day": day.isoformat(), "deleted": True}


def _locked(tx: Tx, day: str) -> dict[str, Any] | None:
    organisation.lock(tx)
    row = tx.one(select(Holiday.__table__).where(Holiday.day == day))
    return dict(row._mapping) if row else None
