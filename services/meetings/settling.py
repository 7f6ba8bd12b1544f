"""What shared minutes say is put into the rows that all else reads, and their updates into one.

It is done a few seconds after somebody has typed, and before the minutes are sent round. The updates are kept as they
came in the meantime: nothing that was typed waits for it.
"""

from __future__ import annotations

import base64
from datetime import timedelta
from typing import Any

from sqlalchemy import bindparam, delete, select, update

from services.meetings import keeping, results, rows
from services.meetings.domain import states
from services.meetings.models import Item, Minutes, MinutesState, MinutesUpdate
from services.meetings.rows import Kept
from shared import alarms
from shared.alarms import Alarm
from shared.contracts.common import BODY_LIMIT
from shared.db import Tx
from shared.errors import TooLarge
from shared.work.pool import Pool, Work

SETTLE = "settle"
AFTER = timedelta(seconds=5)
# So many updates stay as they came: who was away for a moment is not sent all again.
_KEPT = 200

# One process, so that what ten people type at once is looked at in turn; each takes a millisecond or two.
POOL = Pool("minutes", most=1, waiting=200, idle=60, memory=1 << 29)
_READ = Work("services.meetings.domain.document:read", seconds=5, pool=POOL)
_MERGED = Work("services.meetings.domain.document:merged", seconds=5, pool=POOL)

_STATE = select(MinutesState.__table__).where(MinutesState.meeting == bindparam("id"))
_LOCKED = _STATE.with_for_update()
_UPDATES = (
    select(MinutesUpdate.content, MinutesUpdate.person, MinutesUpdate.number)
    .where(MinutesUpdate.meeting == bindparam("id"), MinutesUpdate.number > bindparam("after"))
    .order_by(MinutesUpdate.number)
)


def state_of(tx: Tx, id_: str, *, lock: bool = False) -> Any:
    """How the shared minutes of a meeting stand; None where they are not written together."""
    return tx.execute(_LOCKED if lock else _STATE, {"id": id_}).first()


def parts(tx: Tx, state: Any) -> tuple[list[str], list[Any]]:
    """All that a document is made of, and the rows of its newest updates."""
    newest = list(tx.execute(_UPDATES, {"id": state.meeting, "after": state.held}).all())
    return [*filter(None, [state.snapshot]), *(row.content for row in newest)], newest


def due(tx: Tx, alarm: Alarm) -> None:
    """Somebody has typed."""
    kept = rows.sought(tx, alarm.subject, lock=True)
    if kept is not None and kept.meeting.state in states.WRITTEN and settle(tx, kept):
        keeping.retold(tx, kept)


def settle(tx: Tx, kept: Kept) -> bool:
    """Puts what shared minutes say into the rows of the meeting, which is locked; whether there was anything to put.

    Raises `TooLarge` where an item has more than a body may have, what the worker raises.
    """
    id_ = kept.meeting.id
    state = state_of(tx, id_, lock=True)
    if state is None or state.settled == state.last:
        return False
    whole, newest = parts(tx, state)
    said = _READ(whole, {item["id"]: item["title"] for item in results.items(tx, id_)})
    snapshot = _MERGED(whole) if state.last - state.held > _KEPT else b""
    _keep(tx, kept, said, newest)
    values: dict[str, Any] = {"settled": state.last}
    if snapshot:
        values |= _compacted(tx, state, snapshot, newest)
    tx.execute(update(MinutesState).where(MinutesState.meeting == id_).values(**values))
    return True


def _keep(tx: Tx, kept: Kept, said: dict[str, Any], newest: list[Any]) -> None:
    id_ = kept.meeting.id
    if max(map(len, (said["body"], *said["items"].values()))) > BODY_LIMIT:
        raise TooLarge(BODY_LIMIT)
    row = results.written(tx, id_)
    version = (row.version if row else 0) + 1
    if row is None:
        tx.insert_new(Minutes, **results.no_minutes(tx, kept))
    for item, gist in said["items"].items():
        tx.change(update(Item).where(Item.id == bindparam("of_id")).values(gist=gist), {"of_id": item})
    by = newest[-1].person if newest else dict(kept.meeting.organiser)
    values = {"version": version, "body": said["body"], "written_by": by, "written_at": tx.now}
    tx.execute(update(Minutes).where(Minutes.meeting == id_).values(**values))
    names = sorted({row.person["name"] for row in newest})
    tx.audit("meetings.minutes.settled", subject=id_, after={"version": version, "people": names})


def _compacted(tx: Tx, state: Any, snapshot: bytes, newest: list[Any]) -> dict[str, Any]:
    kept_from = state.last - _KEPT
    old = (MinutesUpdate.meeting == state.meeting, MinutesUpdate.number <= kept_from)
    tx.execute(delete(MinutesUpdate).where(*old))
    text = base64.b64encode(snapshot).decode()
    size = len(text) + sum(len(row.content) for row in newest if row.number > kept_from)
    return {"snapshot": text, "held": state.last, "size": size}


def ask(tx: Tx, id_: str) -> None:
    """Has what was typed put into the rows in a few seconds."""
    alarms.at(tx, tx.now + AFTER, SETTLE, id_)
