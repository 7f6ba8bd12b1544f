"""A memo goes out: at once, after some seconds in which it can be taken back, or at a time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, select

from services.memo import addressing, catalogue, desk, figures, rows, templates
from services.memo.domain import delivery as deliveries
from services.memo.domain import escalation, lifecycle, receivers
from services.memo.domain.receivers import Addressed, Expanded
from services.memo.models import Delivery, Memo
from shared import alarms
from shared.db import Tx
from shared.errors import Invalid

SEND, ESCALATE = "send", "escalate"
# Rows of one statement.
_AT_ONCE = 1_000


def send(tx: Tx, row: Row[Any], kept: Row[Any], expanded: Mapping[str, Expanded], hold: int) -> dict[str, Any]:
    """Sends a locked draft, or has it wait: `SendResult`. Raises `Conflict`, `Invalid` for what stands in the way."""
    lifecycle.require_draft(row.state)
    found = receivers.addressed(expanded["to"], expanded["cc"], row.sender_id)
    _require_sendable(row, kept, expanded, found)
    version = row.version + 1
    if row.send_at and row.send_at > tx.now + timedelta(seconds=hold):
        state, goes = lifecycle.SCHEDULED, row.send_at
    else:
        state, goes = (lifecycle.HELD, tx.now + timedelta(seconds=hold)) if hold else (lifecycle.SENT, None)
    if goes is None:
        deliver(tx, row, found)
    else:
        rows.change(
            tx,
            row.id,
            state=state,
            shelf=lifecycle.SHELVES[state],
            send_at=goes,
            version=version,
            at=goes,
            updated_at=tx.now,
        )
        alarms.at(tx, goes, SEND, row.id)
        tx.audit("memo.submitted", subject=row.id, after={"state": state, "sends_at": goes, "version": version})
    told = {"id": row.id, "state": state, "version": version, "updated_at": tx.now}
    return told | {"sends_at": goes, "reach": found.reach()}


def _require_sendable(row: Row[Any], kept: Row[Any], expanded: Mapping[str, Expanded], found: Addressed) -> None:
    named = {role: addressing.receivers(getattr(kept, role)) for role in ("to", "cc")}
    bad = receivers.problems(named, expanded)
    if not row.title:
        bad["title"] = "required"
    if not named["to"]:
        bad["to"] = "required"
    if bad:
        raise Invalid(bad)
    receivers.require_reachable(found)


def take_back(tx: Tx, row: Row[Any]) -> dict[str, Any]:
    """A locked memo that waits to go out is a draft again; `DraftResult`. Raises `Conflict`."""
    lifecycle.require_waiting(row.state)
    alarms.cancel(tx, SEND, row.id)
    version = row.version + 1
    at = row.send_at if row.state == lifecycle.SCHEDULED else None
    _back_to_draft(tx, row, version, send_at=at)
    tx.audit("memo.taken_back", subject=row.id, before={"state": row.state}, after={"version": version})
    return {"id": row.id, "state": lifecycle.DRAFT, "version": version, "updated_at": tx.now}


def _back_to_draft(tx: Tx, row: Row[Any], version: int, **more: Any) -> None:
    shelf = lifecycle.SHELVES[lifecycle.DRAFT]
    rows.change(tx, row.id, state=lifecycle.DRAFT, shelf=shelf, version=version, at=tx.now, updated_at=tx.now, **more)


def waiting(tx: Tx, memo: str, at: datetime, *, lock: bool = False) -> Row[Any] | None:
    """The memo, where it still waits to go out at this time."""
    whole = select(Memo.__table__).where(Memo.id == memo, Memo.state.in_(lifecycle.WAITING_TO_GO), Memo.send_at <= at)
    return tx.one(whole.with_for_update() if lock else whole)


def go_out(tx: Tx, row: Row[Any], expanded: Mapping[str, Expanded]) -> None:
    """Sends a locked memo whose time has come; one that reaches nobody is a draft again, and its sender is told."""
    found = receivers.addressed(expanded["to"], expanded["cc"], row.sender_id)
    try:
        receivers.require_reachable(found)
    except Invalid as refused:
        sequence = row.sequence + 1
        _back_to_draft(tx, row, row.version + 1, sequence=sequence, send_at=None)
        told = desk.step(tx, row, sequence, "unsent", None, [row.sender_id], reason=refused.fields["to"])
        desk.tell(tx, row, sequence, told=told)
        return
    deliver(tx, row, found)


def deliver(tx: Tx, row: Row[Any], found: Addressed) -> None:
    """The memo of a locked row comes to everybody it is addressed to."""
    sequence = row.sequence + 1
    state = {"state": lifecycle.SENT, "shelf": lifecycle.SHELVES[lifecycle.SENT], "version": row.version + 1}
    counts = {"receivers": len(found.people), "read": 0, "answered": 0}
    times = {"sent_at": tx.now, "at": tx.now, "updated_at": tx.now}
    rows.change(tx, row.id, sequence=sequence, **state, **counts, **times)
    due = escalation.due(tx.now, row.escalate_after or templates.escalate_after(tx)) if row.urgent else None
    made = [
        new(tx, row, ref, number, role=role, via="sent", escalate_at=due if role == "to" else None)
        for number, (ref, role) in enumerate(found.people)
    ]
    insert(tx, made)
    if due:
        alarms.at(tx, due, ESCALATE, row.id)
    told = {"left": [each["id"] for each in found.left], "dissolved": [each["id"] for each in found.dissolved]}
    desk.step(tx, row, sequence, "sent", row.sender, receivers=len(made), **told)
    tx.count(figures.SENT, "urgent" if row.urgent else "plain")
    desk.tell(tx, row, sequence, slots=[desk.slot(row, each) for each in made])
    catalogue.tell(tx, row.id)


def new(tx: Tx, row: Row[Any], ref: dict[str, Any], number: int, *, role: str, via: str, **more: Any) -> dict[str, Any]:
    """A delivery as it comes, to be inserted; `more` are columns that are not as they mostly are."""
    fresh = deliveries.Delivery(deliveries.WAITING, row.asks and role == "to")
    return {
        **rows.columns(fresh),
        "memo": row.id,
        "person": ref["id"],
        "id": tx.new_id(),
        "number": number,
        "ref": ref,
        "role": role,
        "via": via,
        "by": None,
        "note": "",
        "arrived_at": tx.now,
        "urgent": row.urgent,
        "at": tx.now,
        "pinned_at": None,
        "snoozed_till": None,
        "todo": deliveries.todo(fresh),
        "since": tx.now,
        "escalate_at": None,
        "gone_to": [],
        "joined": 0,
        "sees_from": None,
        **more,
    }


def insert(tx: Tx, made: list[dict[str, Any]]) -> None:
    """Keeps deliveries, a thousand with each statement."""
    for start in range(0, len(made), _AT_ONCE):
        tx.insert_many(Delivery, made[start : start + _AT_ONCE])
