"""A memo goes on to further people, or is taken back from those who have not read it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, bindparam, func, select, update

from services.memo import catalogue, desk, rows, sending
from services.memo.domain import delivery as deliveries
from services.memo.domain import lifecycle, receivers
from services.memo.domain.receivers import Expanded
from services.memo.models import THREADS, Delivery
from services.memo.rows import Opened
from shared import alarms
from shared.context import Context
from shared.contracts.memo import RECEIVERS_LIMIT
from shared.db import Tx
from shared.desk import Slot
from shared.errors import Forbidden, Invalid

# People a memo may have come to, all in all; as many as may stand in its catalogue item.
MOST = 2 * RECEIVERS_LIMIT - 10
_SHOWN = 10
_UNREAD = (
    update(Delivery)
    .where(Delivery.memo == bindparam("of_memo"), Delivery.state == deliveries.WAITING)
    .values(state=deliveries.RECALLED, place=deliveries.GONE, todo="", unread=False, pinned_at=None, escalate_at=None)
    .returning(Delivery.person)
)


def require_passable(tx: Tx, found: Opened, how: str) -> None:
    """Raises `Restricted` where only the sender may pass the memo on, `Forbidden` for oversight, `Conflict`."""
    if found.oversight:
        raise Forbidden("receiver")
    rows.require_passable(tx, found, how)
    lifecycle.require_sent(found.row.state)


def forward(tx: Tx, ctx: Context, found: Opened, expanded: Expanded, asked: dict[str, Any]) -> dict[str, Any]:
    """Brings the locked memo to further people, or adds them where its sender does: `ForwardResult`.

    Who has it already is named and gets it no second time. Raises `Invalid` where nobody is left to get it.
    """
    row = found.row
    reached = receivers.addressed(expanded, Expanded(), row.sender_id)
    bad = receivers.problems({"to": asked["to"]}, {"to": expanded})
    if bad:
        raise Invalid(bad)
    have = _have(tx, row.id)
    people = [ref for ref, _ in reached.people if ref["id"] not in have]
    already = [ref for ref, _ in reached.people if ref["id"] in have]
    if not people and not already:
        raise Invalid({"to": "only_yourself" if reached.myself else "nobody"})
    if len(have) + len(people) > MOST:
        raise Invalid({"to": "too_many"}, f"at most {MOST}")
    if people:
        _bring(tx, ctx, found, people, asked, len(have))
    return {"id": row.id, "reached": people, "already": already, "left": list(reached.left)}


def _have(tx: Tx, memo: str) -> set[str]:
    return {each.person for each in tx.all(select(Delivery.person).where(Delivery.memo == memo))}


def _bring(
    tx: Tx, ctx: Context, found: Opened, people: list[dict[str, Any]], asked: dict[str, Any], number: int
) -> None:
    row, sequence = found.row, found.row.sequence + 1
    code = "added" if found.sender else "forwarded"
    since = {} if asked["replies"] else {"joined": _last_comment(tx, row.id), "sees_from": tx.now}
    more = {"role": "cc", "via": code, "by": ctx.person_ref, "note": asked["note"], **since}
    made = [sending.new(tx, row, ref, number + n, **more) for n, ref in enumerate(people)]
    sending.insert(tx, made)
    rows.change(tx, row.id, sequence=sequence, receivers=row.receivers + len(made))
    params = {"to": [ref["name"] for ref in people[:_SHOWN]], "count": len(people), "way": asked["way"]}
    params |= {"note": asked["note"], "replies": asked["replies"]}
    told = desk.step(tx, row, sequence, code, ctx.person_ref, [] if found.sender else [row.sender_id], **params)
    slots = [desk.slot(row, each) for each in made]
    desk.tell(tx, row, sequence, slots=slots, told=told, watchers=[ctx.person])
    catalogue.tell(tx, row.id)


def _last_comment(tx: Tx, memo: str) -> int:
    return int(tx.scalar(select(THREADS.thread.c.last).where(THREADS.thread.c.owner == memo)) or 0)


def recall(tx: Tx, row: Row[Any], reason: str) -> dict[str, Any]:
    """Takes the locked memo back from everybody who has not read it: `RecallResult`. Raises `Conflict`."""
    lifecycle.require_sent(row.state)
    sequence = row.sequence + 1
    taken = [each.person for each in tx.execute(_UNREAD, {"of_memo": row.id}).all()]
    kept = int(tx.scalar(select(func.count()).select_from(Delivery).where(*_with(row.id))) or 0)
    rows.change(tx, row.id, state=lifecycle.RECALLED, sequence=sequence, updated_at=tx.now)
    alarms.cancel(tx, sending.ESCALATE, row.id)
    params = {"reason": reason, "recalled": len(taken), "kept": kept}
    told = desk.step(tx, row, sequence, "recalled", row.sender, taken, **params)
    slots = [Slot(person, desk.KIND) for person in taken]
    desk.tell(tx, row, sequence, slots=slots, told=told, watchers=taken)
    catalogue.tell(tx, row.id)
    return {"id": row.id, "recalled": len(taken), "kept": kept}


def _with(memo: str) -> tuple[Any, ...]:
    return (Delivery.memo == memo, Delivery.state != deliveries.RECALLED)
