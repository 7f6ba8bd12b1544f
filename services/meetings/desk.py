"""Tells the desks how a meeting stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, select, update

from services.meetings import rows
from services.meetings.domain import audience as readers
from services.meetings.domain import desk as desks
from services.meetings.domain.meeting import Moved
from services.meetings.domain.states import FINISHED
from services.meetings.models import Meeting as Row
from services.meetings.rows import Kept
from shared import desk
from shared.db import Tx
from shared.retelling import retold

NOUN = "meetings"
_MOST_WATCHERS = 500
_ON_A_DESK = (
    select(Row.__table__)
    .where(Row.id > bindparam("after"), Row.state.notin_(FINISHED))
    .order_by(Row.id)
    .limit(bindparam("most"))
)
# What people are told; all else they see where they look.
_TOLD = ("changed", "room_lost", "cancelled", "removed", "declined", "confirmed", "objected")


def tell(tx: Tx, kept: Kept, before: Kept | None = None, notices_: Sequence[desk.Notice] = ()) -> None:
    """Says on whose desk the meeting is now; with what was `before`, only where that is another one."""
    slots = _slots(kept)
    whole = before is None
    if before is not None:
        was = {slot.person: slot for slot in _slots(before)}
        now = {slot.person: slot for slot in slots}
        slots = [slot for person, slot in now.items() if was.get(person) != slot]
        slots += [desk.Slot(person, desks.KIND) for person in was if person not in now]
    _tell(tx, kept, slots, notices_, whole=whole)


def _slots(kept: Kept) -> list[desk.Slot]:
    return desks.slots(kept.meeting, kept.owing, kept.row["papers_due"])


def inform(tx: Tx, kept: Kept, told: Mapping[str, Iterable[str]], **detail: Any) -> None:
    """Tells people by code what happened to a meeting that stands as it did; each hears one thing, the first."""
    sequence = kept.row["sequence"] + 1
    tx.execute(update(Row).where(Row.id == kept.meeting.id).values(sequence=sequence))
    kept = Kept({**kept.row, "sequence": sequence}, kept.meeting, kept.owing)
    found: dict[str, desk.Notice] = {}
    for code, people in told.items():
        for notice in _notices(tx, kept, people, code, detail):
            found.setdefault(notice.person, notice)
    _tell(tx, kept, [], list(found.values()), whole=False)


def notices(tx: Tx, kept: Kept, moved: Moved) -> list[desk.Notice]:
    """What those an act concerns are told."""
    code = "declined" if moved.action == "answered" else moved.action
    return _notices(tx, kept, moved.told, code, moved.detail) if code in _TOLD else []


def _notices(tx: Tx, kept: Kept, people: Iterable[str], code: str, detail: Mapping[str, Any]) -> list[desk.Notice]:
    ctx, sequence = tx.ctx, kept.row["sequence"]
    params = {"title": kept.row["title"], "person": ctx.name if ctx.person else ""}
    params["starts_at"] = kept.meeting.starts_at.isoformat()
    params |= {name: detail[name] for name in ("reason", "note", "due") if detail.get(name)}
    return [
        desk.Notice(person, code, sequence, tx.now, params) for person in dict.fromkeys(people) if person != ctx.person
    ]


def retell(tx: Tx, after: str | None, limit: int) -> dict[str, Any]:
    """Says it again of a batch of meetings that are on a desk, as `Retell` describes."""
    found = tx.execute(_ON_A_DESK, {"after": after or "", "most": limit}).all()
    for row in found:
        tell(tx, rows.kept(tx, dict(row._mapping)))
    return retold(found, limit)


def _tell(tx: Tx, kept: Kept, slots: list[desk.Slot], notices_: Sequence[desk.Notice], *, whole: bool) -> None:
    desk.tell(
        tx,
        NOUN,
        kept.meeting.id,
        kept.row["sequence"],
        title=kept.row["title"],
        clear=kept.row["sequence"] if whole else None,
        slots=slots,
        notices=notices_,
        watchers=readers.people(kept.meeting)[:_MOST_WATCHERS],
        ended=kept.meeting.state in FINISHED,
    )
