"""Messages that are due: made of what waits, and leased to one courier at a time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, case, func, or_, select, update

from services.notify import figures, settings
from services.notify.domain import message
from services.notify.domain.message import FAILED, VOID, State
from services.notify.models import Bounced, Delivery, Device, Message, Slot, Subject
from shared.contracts.notify import LISTED
from shared.db import Tx

# Of what is due for a person at once so much goes into one message; the rest into the next.
_GATHERED = 2000
_SLOT = and_(
    Slot.source == Delivery.source,
    Slot.subject == Delivery.subject,
    Slot.person == Delivery.person,
    Slot.kind == Delivery.topic,
)
_SUBJECT = and_(Subject.source == Delivery.source, Subject.subject == Delivery.subject)
# A notice has happened. A to-do is there as long as its slot holds this filling and nothing has cleared it.
_STANDS: ColumnElement[bool] = or_(
    Delivery.since.is_(None),
    and_(Slot.since == Delivery.since, Slot.sequence >= func.coalesce(Subject.cleared, 0)),
)
_WITH_STANDING = (
    select(Delivery.__table__, case((_STANDS, 1), else_=0).label("stands"))
    .outerjoin(Slot, _SLOT)
    .outerjoin(Subject, _SUBJECT)
)


def claim(tx: Tx, channel: str, limit: int, seconds: int) -> dict[str, Any]:
    """Leases messages that are due by a channel, as `Claims`."""
    settings.locked_minimum(tx)
    until = tx.now + timedelta(seconds=seconds)
    again = [each for row in _due_again(tx, channel, limit) if (each := _lease_again(tx, row, until))]
    made = _made(tx, channel, limit - len(again), until) if len(again) < limit else []
    return {"items": _views(tx, channel, [*again, *made]), "next": next_due(tx, channel)}


def next_due(tx: Tx, channel: str) -> datetime | None:
    """When something is due next, what was left for now among it."""
    waiting = select(func.min(Delivery.due)).where(Delivery.channel == channel, Delivery.state == "waiting")
    tried = select(func.min(Message.due)).where(Message.channel == channel, Message.due.is_not(None))
    found = [moment for statement in (waiting, tried) if (moment := tx.scalar(statement)) is not None]
    return min(found, default=None)


# -- once more --------------------------------------------------------------------------------------


def _due_again(tx: Tx, channel: str, limit: int) -> list[Row[Any]]:
    """Messages to be tried again, and those whose lease is over."""
    due = (Message.channel == channel, Message.due <= tx.now)
    return tx.all(select(Message.__table__).where(*due).order_by(Message.due, Message.id).limit(limit))


def _lease_again(tx: Tx, row: Row[Any], until: datetime) -> dict[str, Any] | None:
    """The message with what it still has to tell; None where it ends instead."""
    things = tx.all(_WITH_STANDING.where(Delivery.message == row.id, Delivery.state == "bound"))
    _drop(tx, [thing for thing in things if not thing.stands])
    standing = [thing for thing in things if thing.stands]
    state = message.claimed(State(row.state, row.tries, row.due), until)
    if not standing and not row.test:
        state = State(VOID, row.tries, None)
    lease = tx.new_id() if state.open else None
    values = {"state": state.name, "tries": state.tries, "due": state.due, "lease": lease}
    if not state.open:
        values |= {"ended_at": tx.now, "reason": "no courier ended with it" if state.name == FAILED else ""}
        figures.ended(tx, row.channel, state.name)
    tx.execute(update(Message).where(Message.id == row.id).values(**values))
    return {**row._mapping, **values, "things": standing} if state.open else None


def _drop(tx: Tx, rows: Sequence[Row[Any]]) -> None:
    if rows:
        tx.execute(update(Delivery).where(Delivery.id.in_([row.id for row in rows])).values(state="dropped"))


# -- for the first time -----------------------------------------------------------------------------


def _made(tx: Tx, channel: str, limit: int, until: datetime) -> list[dict[str, Any]]:
    """New messages: one for each thing that is told by itself, and one for all else that is due for a person."""
    due = (Delivery.channel == channel, Delivery.state == "waiting", Delivery.due <= tx.now)
    rows = tx.all(_WITH_STANDING.where(*due).order_by(Delivery.due, Delivery.id).limit(limit))
    found: dict[tuple[str, ...], list[Row[Any]]] = {}
    for row in rows:
        key = (row.person, row.device) if row.grouped else (row.person, row.device, row.id)
        if key in found:
            continue
        mine = (Delivery.person == row.person, Delivery.device == row.device, Delivery.grouped.is_(True))
        gathered = _WITH_STANDING.where(*due, *mine).order_by(Delivery.at, Delivery.id).limit(_GATHERED)
        found[key] = tx.all(gathered) if row.grouped else [row]
    return [made for things in found.values() if (made := _bind(tx, channel, things, until))]


def _bind(tx: Tx, channel: str, things: list[Row[Any]], until: datetime) -> dict[str, Any] | None:
    _drop(tx, [thing for thing in things if not thing.stands])
    standing = [thing for thing in things if thing.stands]
    if not standing:
        return None
    first = standing[0]
    values = {"id": tx.new_id(), "channel": channel, "person": first.person, "device": first.device, "test": False}
    values |= {"state": message.LEASED, "tries": 1, "due": until, "lease": tx.new_id(), "reason": ""}
    values |= {"wanted_at": min(thing.due for thing in standing), "made_at": tx.now, "ended_at": None}
    tx.insert(Message, **values)
    bound = update(Delivery).where(Delivery.id.in_([thing.id for thing in standing]))
    tx.execute(bound.values(state="bound", message=values["id"]))
    return {**values, "things": standing}


# -- what the courier is given ----------------------------------------------------------------------


def _views(tx: Tx, channel: str, messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    people = {each["person"] for each in messages}
    bounced: dict[str, str] = {}
    if channel == "mail" and people:
        rows = tx.all(select(Bounced.person, Bounced.address).where(Bounced.person.in_(people)))
        bounced = {row.person: row.address for row in rows}
    devices: dict[str, dict[str, Any]] = {}
    if wanted := {each["device"] for each in messages if each["device"]}:
        columns = (Device.id, Device.endpoint, Device.p256dh, Device.auth)
        for row in tx.all(select(*columns).where(Device.id.in_(wanted))):
            devices[row.id] = {"endpoint": row.endpoint, "p256dh": row.p256dh, "auth": row.auth}
    return [_view(each, bounced.get(each["person"], ""), devices.get(each["device"])) for each in messages]


def _view(each: dict[str, Any], bounced: str, device: dict[str, Any] | None) -> dict[str, Any]:
    names = ("noun", "subject", "topic", "code", "title", "params", "sender", "urgent", "at")
    things = [{name: row._mapping[name] for name in names} for row in each["things"][:LISTED]]
    kept = {name: each[name] for name in ("id", "lease", "channel", "person", "made_at")}
    return {**kept, "things": things, "total": len(each["things"]), "bounced": bounced, "device": device}
