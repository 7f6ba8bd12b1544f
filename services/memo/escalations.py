"""Urgent memos that stay unread go on: to the deputy, then up the line; each step is kept, and has its receipt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, func, select

from services.memo import catalogue, desk, figures, rows, sending, templates
from services.memo.domain import delivery as deliveries
from services.memo.domain import escalation, lifecycle
from services.memo.models import Delivery, Memo
from shared import alarms
from shared.db import Tx
from shared.people import ref

# The directory is asked of each: so many in one transaction, then the next.
_AT_ONCE = 20
_NEXT = timedelta(milliseconds=1)
Lines = Mapping[str, Sequence[Mapping[str, Any]]]


def due(tx: Tx, memo: str) -> list[str]:
    """Receivers with whom the memo has been unread for too long, the longest first."""
    unread = (Delivery.memo == memo, Delivery.escalate_at <= tx.now, Delivery.state == deliveries.WAITING)
    asked = select(Delivery.person).join(Memo, Memo.id == Delivery.memo).where(*unread, Memo.state == lifecycle.SENT)
    return [row.person for row in tx.all(asked.order_by(Delivery.escalate_at, Delivery.number).limit(_AT_ONCE))]


def go_on(tx: Tx, memo: str, lines: Lines) -> None:
    """The memo goes on from each of these people who has still not read it, along the line above them."""
    row = rows.locked(tx, memo)
    if row.state != lifecycle.SENT:
        return
    sequence, receiving = row.sequence, row.receivers
    for person, line in lines.items():
        mine = rows.of_person(tx, memo, person)
        if mine is not None and mine.state == deliveries.WAITING and mine.escalate_at:
            added, stepped = _one(tx, row, mine, line, sequence + 1, receiving)
            sequence, receiving = sequence + stepped, receiving + added
    rows.change(tx, memo, sequence=sequence, receivers=receiving)
    if receiving != row.receivers:
        catalogue.tell(tx, memo)
    following = tx.scalar(select(func.min(Delivery.escalate_at)).where(Delivery.memo == memo))
    if following is not None:
        # One that went off is done with the time it was set for: the rest of a batch has a later one.
        alarms.at(tx, max(following, tx.now + _NEXT), sending.ESCALATE, memo)


def _one(
    tx: Tx, row: Row[Any], mine: Row[Any], line: Sequence[Mapping[str, Any]], sequence: int, number: int
) -> tuple[int, int]:
    """One step from one receiver: how many more have the memo, and how many steps were taken."""
    known = any(_has_read(tx, row.id, person) for person in mine.gone_to)
    to = escalation.following(line, receiver=mine.person, sender=row.sender_id, gone_to=mine.gone_to)
    if known or to is None:
        rows.change_delivery(tx, row.id, mine.person, escalate_at=None)
        return 0, 0
    next_one, has = ref(to), rows.of_person(tx, row.id, to["id"])
    due_again = escalation.due(tx.now, row.escalate_after or templates.escalate_after(tx))
    ended = has is not None and has.state != deliveries.WAITING
    rows.change_delivery(
        tx, row.id, mine.person, gone_to=[*mine.gone_to, next_one["id"]], escalate_at=None if ended else due_again
    )
    slots = []
    if has is None:
        made = sending.new(tx, row, next_one, number, role="to", via="escalated", by=mine.ref)
        sending.insert(tx, [made])
        slots.append(desk.slot(row, made))
    params = {"from": mine.ref["name"], "to": next_one["name"], "had_it": has is not None}
    told = desk.step(tx, row, sequence, "escalated", None, [row.sender_id, mine.person], **params)
    desk.tell(tx, row, sequence, slots=slots, told=told)
    tx.count(figures.ESCALATIONS)
    return int(has is None), 1


def _has_read(tx: Tx, memo: str, person: str) -> bool:
    found = rows.of_person(tx, memo, person)
    return found is not None and found.read_at is not None
