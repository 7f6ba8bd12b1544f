"""Rebuilding the desks from what the services tell anew, while the system runs."""

from __future__ import annotations

from typing import Any

from sqlalchemy import update

from services.desk.board import TOPIC
from services.desk.models import Slot
from shared.db import Tx

_FILLED = Slot.since.is_not(None)


def begin(tx: Tx, source: str) -> dict[str, Any]:
    """Doubts every slot that the source has filled, until it tells of it again."""
    filled = tx.execute(update(Slot).where(Slot.source == source, _FILLED).values(doubted=True)).rowcount
    tx.audit("desk.rebuild.begun", subject=source, after={"doubted": filled})
    return {"doubted": filled}


def end(tx: Tx, source: str) -> dict[str, Any]:
    """Empties the slots that the source has not told of since: it knows nothing of them any more.

    They keep their sequence, which holds off stragglers, and what their person dismissed.
    """
    emptied = (
        update(Slot)
        .where(Slot.source == source, _FILLED, Slot.doubted.is_(True))
        .values(since=None, shown=False, doubted=False)
        .returning(Slot.person)
    )
    people = [row.person for row in tx.execute(emptied).all()]
    if people:
        tx.tell(people, TOPIC)
    tx.audit("desk.rebuild.ended", subject=source, after={"emptied": len(people)})
    return {"emptied": len(people)}
