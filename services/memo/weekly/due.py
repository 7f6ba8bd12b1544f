"""The last day of a period: who has not written is reminded, and the head is told who is missing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.memo.weekly import desk, figures, opening, rows
from services.memo.weekly.domain import states
from shared.db import Tx

_NAMED = 3


def remind(tx: Tx, id_: str, unit: Mapping[str, Any]) -> None:
    """Those whose reports are to go into this one and are not handed in are told how long there is."""
    joint = rows.locked(tx, id_)
    if joint.state not in states.WRITING or joint.gathers_at is None:
        return
    now = opening.refresh(tx, joint, unit)
    waiting = [row for row in rows.below(tx, id_, lock=True) if row.state in states.WRITING and not row.excused]
    for row in [*waiting, *([now] if joint.above is None else [])]:
        now = rows.change(tx, row)
        until = now["due_at"].isoformat()
        desk.tell(tx, now, [desk.notice(tx, now, each, "reminded", until=until) for each in desk.writers(now)])


def fall_due(tx: Tx, id_: str, unit: Mapping[str, Any]) -> None:
    """The reports below this one are due: who joins it is told which have not come."""
    joint = rows.locked(tx, id_)
    if joint.state not in states.WRITING or joint.gathers_at is None:
        return
    now = opening.refresh(tx, joint, unit)
    below = rows.below(tx, id_)
    missing = [row for row in below if states.is_missing(row.state, row.due_at, row.excused, tx.now)]
    for _ in missing:
        tx.count(figures.MISSING)
    if missing:
        now = rows.change(tx, now)
        told = {"count": len(missing), "names": [row.writer["name"] for row in missing[:_NAMED]]}
        desk.tell(tx, now, [desk.notice(tx, now, each, "missing", **told) for each in desk.writers(now)])
