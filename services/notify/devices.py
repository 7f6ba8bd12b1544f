"""Browsers that are told by push."""

from __future__ import annotations

import hashlib
from typing import Any

from sqlalchemy import delete, func, select, update

from services.notify.models import Delivery, Device, Message
from shared.context import Context
from shared.contracts.notify import COURIERS, DEVICES_LIMIT, TOPIC
from shared.db import Tx
from shared.errors import Conflict, NotFound


def of_person(tx: Tx, person: str) -> list[dict[str, Any]]:
    """A person's devices, the newest first, each as `Device`."""
    columns = (Device.id, Device.name, Device.created_at)
    rows = tx.all(select(*columns).where(Device.person == person).order_by(Device.id.desc()))
    return [dict(row._mapping) for row in rows]


def add(tx: Tx, ctx: Context, given: dict[str, Any]) -> dict[str, Any]:
    """Keeps a subscription of the caller's; whose it was before loses it. Raises `Conflict` for one too many."""
    place = hashlib.sha256(given["endpoint"].encode()).hexdigest()
    kept = tx.one(select(Device.id, Device.person).where(Device.place == place).with_for_update())
    if kept is not None and kept.person == ctx.person:
        tx.execute(update(Device).where(Device.id == kept.id).values(p256dh=given["p256dh"], auth=given["auth"]))
        return {"id": kept.id}
    count = tx.scalar(select(func.count()).select_from(Device).where(Device.person == ctx.person))
    if count >= DEVICES_LIMIT:
        raise Conflict("too-many-devices", str(DEVICES_LIMIT))
    if kept is not None:
        _remove(tx, kept.id)
    made = tx.new_id()
    tx.insert(Device, id=made, person=ctx.person, place=place, created_at=tx.now, **given)
    tx.audit("notify.device.added", subject=ctx.person, after={"device": made, "name": given["name"]})
    return {"id": made}


def remove(tx: Tx, ctx: Context, device: str) -> dict[str, Any]:
    """Takes one of the caller's devices away. Raises `NotFound`."""
    _require(tx, ctx, device)
    _remove(tx, device)
    tx.audit("notify.device.removed", subject=ctx.person, before={"device": device})
    return {"id": device, "removed": True}


def forget(tx: Tx, person: str, device: str) -> None:
    """A push service says that it knows the subscription no more."""
    if tx.scalar(select(Device.id).where(Device.id == device)):
        _remove(tx, device)
        tx.audit("notify.device.gone", subject=person, before={"device": device})


def _remove(tx: Tx, device: str) -> None:
    tx.execute(delete(Device).where(Device.id == device))
    waiting = (Delivery.device == device, Delivery.state == "waiting", Delivery.channel == "push")
    tx.execute(update(Delivery).where(*waiting).values(state="dropped"))


def test(tx: Tx, ctx: Context, device: str) -> dict[str, Any]:
    """Has a message sent to one of the caller's devices, to see whether it comes. Raises `NotFound`."""
    _require(tx, ctx, device)
    made = tx.new_id()
    values = {"channel": "push", "person": ctx.person, "device": device, "test": True, "state": "again", "tries": 0}
    times = {"due": tx.now, "wanted_at": tx.now, "made_at": tx.now, "ended_at": None}
    tx.insert(Message, id=made, lease=None, reason="", **values, **times)
    tx.audit("notify.device.tested", subject=ctx.person, after={"device": device})
    tx.tell(COURIERS, TOPIC)
    return {"id": made}


def _require(tx: Tx, ctx: Context, device: str) -> None:
    if not tx.scalar(select(Device.id).where(Device.id == device, Device.person == ctx.person)):
        raise NotFound("device")
