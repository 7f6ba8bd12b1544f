"""Receivers read and answer: each receipt once, and each answer kept."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row

from services.memo import desk, figures, rows
from services.memo.domain import delivery as deliveries
from services.memo.domain.delivery import Delivery
from services.memo.rows import Opened
from shared.context import Context
from shared.db import Tx


def read(tx: Tx, ctx: Context, found: Opened, channel: str) -> dict[str, Any]:
    """The caller has the whole locked memo before them: a receipt, unless there is one; `ReadResult`.

    The sender's reading is none, and that of an auditor or administrator is none either, but on the record.
    """
    row, mine = found.row, found.mine
    if mine is None:
        if found.oversight:
            tx.audit("memo.viewed", subject=row.id, after={"person": ctx.person, "channel": channel})
        return {"id": row.id, "read_at": None, "first": False}
    before = rows.standing(mine)
    seen = deliveries.read(before, channel, tx.now)
    first = before.state == deliveries.WAITING
    if seen != before:
        _keep(tx, row, mine, before, seen)
    if first:
        tx.audit("memo.read", subject=row.id, after={"person": ctx.person, "channel": channel})
    return {"id": row.id, "read_at": seen.read_at, "first": first}


def answer(tx: Tx, ctx: Context, row: Row[Any], mine: Row[Any], asked: dict[str, Any]) -> dict[str, Any]:
    """The caller's answer, which counts as reading: `AnswerResult`. The same again changes nothing."""
    before = rows.standing(mine)
    seen = deliveries.answered(before, asked["answer"], asked["text"], asked["channel"], tx.now)
    if before.answered_at and (before.answer, before.text) == (seen.answer, seen.text):
        return {"id": row.id, "answer": before.answer, "answered_at": before.answered_at}
    _keep(tx, row, mine, before, seen)
    return {"id": row.id, "answer": seen.answer, "answered_at": tx.now}


def _keep(tx: Tx, row: Row[Any], mine: Row[Any], before: Delivery, seen: Delivery) -> None:
    """Keeps how the memo stands with its receiver now, counts it, and tells."""
    values = rows.kept(seen, mine, tx)
    first_reading = before.state == deliveries.WAITING
    first_answer = before.answered_at is None and seen.answered_at is not None
    if first_reading:
        values["escalate_at"] = None
        tx.observe(figures.READ, max(0.0, (tx.now - mine.arrived_at).total_seconds()))
    rows.change_delivery(tx, row.id, mine.person, **values)
    sequence = row.sequence + 1
    counts = {"read": row.read + first_reading, "answered": row.answered + first_answer}
    rows.change(tx, row.id, sequence=sequence, **counts)
    slot, told = desk.slot(row, {**mine._mapping, **values}), []
    # Who reads has the page before them: it is not made anew under their hands.
    watchers: list[str] = []
    if (seen.answer, seen.text, seen.answered_at) != (before.answer, before.text, before.answered_at):
        params = {"answer": seen.answer, "text": seen.text}
        told, watchers = desk.step(tx, row, sequence, "answered", mine.ref, [row.sender_id], **params), [mine.person]
    desk.tell(tx, row, sequence, slots=[slot], told=told, watchers=watchers)
