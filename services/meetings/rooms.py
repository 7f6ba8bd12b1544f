"""A room as the schedule holds it for a meeting or a series."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select

from services.meetings import keeping, rows
from services.meetings.domain import states
from services.meetings.domain.meeting import Moved
from services.meetings.models import Meeting as Row
from shared.context import Context
from shared.db import Tx

Doc = dict[str, Any]
Call = Callable[[str, str, Context, Any], Any]
Period = tuple[datetime, datetime]


@dataclass(frozen=True)
class Room:
    """A room that is held, but for the days on which it is not free (`skipped`)."""

    id: str | None = None
    booking: str | None = None
    name: str = ""
    skipped: list[Doc] = field(default_factory=list)

    def of(self, starts_at: datetime) -> Doc:
        """The columns of the meeting that begins then."""
        without = {datetime.fromisoformat(each["starts_at"]) for each in self.skipped}
        if self.id is None or starts_at in without:
            return {"room": None, "booking": None}
        return {"room": self.id, "booking": self.booking}


def hold(
    call: Call,
    ctx: Context,
    subject: str,
    key: str,
    data: Doc,
    periods: Sequence[Period],
    instead: Sequence[str] = (),
) -> Room:
    """Holds a room for all of these periods; those that the meetings of `instead` have do not stand in the way.

    Raises `Conflict` (`room-taken`) where it is not free.

    The hold is let go where no `meetings.scheduled` names its booking within ten minutes: nothing that fails after it
    keeps a room. What is asked again has another key, and the former hold runs out.
    """
    if not data["room"]:
        return Room()
    asked = {
        "resource": data["room"],
        "noun": "meetings",
        "subject": subject,
        "key": key,
        "title": data["title"],
        "periods": [{"starts_at": start.isoformat(), "ends_at": end.isoformat()} for start, end in periods],
        "skip": data["skip"],
        "open": not data["closed"],
        "instead": list(instead),
    }
    held = call("schedule", "hold", ctx, asked)
    return Room(data["room"], held["booking"], held["room"], list(held["skipped"]))


def lost(tx: Tx, ctx: Context, booking: str, state: str) -> None:
    """A booking is none any more: its meetings that are to come are without a room, and their organiser hears of it.

    In any order of events: a booking that is over never comes back.
    """
    coming = select(Row.id).where(Row.booking == booking, Row.state == states.CALLED).order_by(Row.id)
    for row in tx.all(coming):
        kept = rows.found(tx, row.id, lock=True)
        detail = {"changed": ["room"], "state": state}
        moved = Moved(kept.meeting, "room_lost", detail, (str(kept.meeting.organiser["id"]),))
        keeping.save(tx, ctx, kept, moved, room=None, booking=None)
