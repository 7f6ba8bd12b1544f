"""Tells calendars and rooms of a meeting: `meetings.scheduled`."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import bindparam, select, update

from services.meetings import rows
from services.meetings.domain import states
from services.meetings.models import Meeting as Row
from services.meetings.rows import Kept
from shared import alarms
from shared.contracts.meetings import TOLD_LIMIT
from shared.db import Tx
from shared.retelling import retold

TELL = "tell"
# Of more people answers are gathered for so long.
_GATHERED = timedelta(seconds=30)
_UNTOLD = update(Row).where(Row.id == bindparam("of_id")).values(untold=True)
_NAMES = ("title", "place", "booking", "link", "closed", "series")


def changed(tx: Tx, before: Kept, kept: Kept) -> None:
    """Tells what calendars show where it is another one than before."""
    if _told(before) != _told(kept) or len(before.meeting.active) != len(kept.meeting.active):
        tell(tx, kept)
    elif before.meeting.people != kept.meeting.people and _people(before) != _people(kept):
        if len(kept.meeting.active) <= TOLD_LIMIT:
            tell(tx, kept)
        elif not kept.row["untold"]:
            tx.change(_UNTOLD, {"of_id": kept.meeting.id})
            alarms.at(tx, tx.now + _GATHERED, TELL, kept.meeting.id)


def _told(kept: Kept) -> dict[str, Any]:
    meeting, row = kept.meeting, kept.row
    return {name: row[name] for name in _NAMES} | {
        "meeting": meeting.id,
        "state": states.told(meeting.state),
        "starts_at": meeting.starts_at,
        "ends_at": meeting.ends_at,
        "resource": row["room"],
        "organiser": dict(meeting.organiser),
    }


def _people(kept: Kept) -> list[dict[str, str]]:
    return [{"person": each.id, "role": each.role, "answer": each.answer} for each in kept.meeting.active]


def tell(tx: Tx, kept: Kept) -> None:
    """Says all there is, in parts of 500 people."""
    people = _people(kept)
    removed = [each.id for each in kept.meeting.people if not each.active]
    told = _told(kept) | {"sequence": kept.row["sequence"], "removed": removed, "total": len(people)}
    for n in range(0, max(1, len(people)), TOLD_LIMIT):
        part = told | {"people": people[n : n + TOLD_LIMIT]}
        tx.emit("meetings.scheduled", subject=kept.meeting.id, data=part)


def retell(tx: Tx, after: str | None, limit: int) -> dict[str, Any]:
    """Tells again of a batch of meetings that are not over, as `Retell` describes."""
    coming = select(Row.__table__).where(Row.id > (after or ""), Row.ends_at > tx.now).order_by(Row.id).limit(limit)
    found = tx.all(coming)
    for row in found:
        tell(tx, rows.kept(tx, dict(row._mapping)))
    return retold(found, limit)
