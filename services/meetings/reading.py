"""Who may read a meeting, and meetings for who may."""

from __future__ import annotations

from sqlalchemy import select

from services.meetings import rows
from services.meetings.domain import audience as readers
from services.meetings.models import AUDIENCE
from services.meetings.models import Meeting as Row
from services.meetings.rows import Kept
from shared import audience
from shared.calendar import seoul_date
from shared.context import Context
from shared.db import Tx
from shared.errors import NotFound


def readers_of(tx: Tx, kept: Kept) -> list[str]:
    """The principals a meeting is open to today."""
    closed = readers.is_closed(kept.row["closed"], kept.row["closed_until"], seoul_date(tx.now))
    return readers.of(kept.meeting, closed=closed)


def opened(tx: Tx, ctx: Context, id_: str, *, lock: bool = False) -> Kept:
    """A meeting the caller may read. Raises `NotFound` for who may not: nobody hears that there is one."""
    kept = rows.found(tx, id_, lock=lock)
    if not tx.scalar(select(Row.id).where(Row.id == id_, audience.readable(AUDIENCE, Row.id, ctx))):
        raise NotFound("meeting")
    return kept
