"""How a memo lies in its receiver's own lists: pinned, put off, archived, marked as unread. No receipt is touched."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import Row, select

from services.memo import desk, rows
from services.memo.domain.delivery import ARCHIVED, INBOX, RECALLED, SNOOZED
from services.memo.models import Delivery
from shared import alarms
from shared.context import Context
from shared.db import Tx
from shared.errors import Forbidden, Invalid, NotFound

WAKE = "wake"


def mark(tx: Tx, row: Row[Any], mine: Row[Any], asked: dict[str, Any]) -> dict[str, Any]:
    """Changes what is given of how the locked memo lies in the caller's list, as `MarkResult`."""
    standing, values = rows.standing(mine), {"snoozed_till": mine.snoozed_till, "pinned_at": mine.pinned_at}
    if "unread" in asked:
        standing = replace(standing, unread=asked["unread"])
    if "pinned" in asked:
        values["pinned_at"] = (mine.pinned_at or tx.now) if asked["pinned"] else None
    if "archived" in asked:
        standing = replace(standing, place=ARCHIVED if asked["archived"] else INBOX)
        values["snoozed_till"] = None
    if "snooze_till" in asked:
        till = asked["snooze_till"]
        if till is not None and till <= tx.now:
            raise Invalid({"snooze_till": "in_the_past"})
        standing = replace(standing, place=SNOOZED if till else INBOX)
        values["snoozed_till"] = till
    _keep(tx, row, mine, rows.kept(standing, mine, tx) | values)
    _set_alarm(tx, mine, values["snoozed_till"])
    shown = {"unread": standing.unread, "pinned": values["pinned_at"] is not None}
    shown |= {"archived": standing.place == ARCHIVED, "snoozed_till": values["snoozed_till"]}
    tx.audit("memo.marked", subject=row.id, after=shown | {"person": mine.person})
    return {"id": row.id, **shown}


def mark_several(tx: Tx, ctx: Context, asked: dict[str, Any]) -> dict[str, Any]:
    """Marks those that are in the caller's lists, as `MarksResult`."""
    # Locked in one order: of two who mark at once neither waits for what the other holds.
    marked, missed = [], []
    for memo in sorted(set(asked["ids"])):
        try:
            mark(tx, *rows.received(tx, ctx, memo), asked)
        except (NotFound, Forbidden):
            missed.append(memo)
        else:
            marked.append(memo)
    return {"marked": marked, "missed": missed}


def _keep(tx: Tx, row: Row[Any], mine: Row[Any], values: dict[str, Any]) -> None:
    rows.change_delivery(tx, row.id, mine.person, **values)
    if values["todo"] == mine.todo:
        tx.tell([mine.person], desk.NOUN)
        return
    sequence = row.sequence + 1
    rows.change(tx, row.id, sequence=sequence)
    slot = desk.slot(row, {**mine._mapping, **values})
    desk.tell(tx, row, sequence, slots=[slot], watchers=[mine.person])


def _set_alarm(tx: Tx, mine: Row[Any], till: Any) -> None:
    if till:
        alarms.at(tx, till, WAKE, mine.id)
    elif mine.snoozed_till:
        alarms.cancel(tx, WAKE, mine.id)


def wake(tx: Tx, delivery: str) -> None:
    """A memo that was put off until now is back, on top of its receiver's list."""
    found = tx.one(select(Delivery.memo, Delivery.person).where(Delivery.id == delivery))
    if found is None:
        return
    row = rows.locked(tx, found.memo)
    mine = rows.of_person(tx, found.memo, found.person)
    if mine is None or mine.state == RECALLED or mine.snoozed_till is None or mine.snoozed_till > tx.now:
        return
    back = replace(rows.standing(mine), place=INBOX)
    _keep(tx, row, mine, rows.kept(back, mine, tx) | {"snoozed_till": None, "at": tx.now})
