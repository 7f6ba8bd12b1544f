"""What services tell the desks (`<service>.desk`), heard: what slots hold, and what is to be told to whom.

Every write here gives the same in any order and however often: the highest sequence of a slot wins, so does the highest
clearing of a subject, and a delivery is one by its marks. Whether its slot is still filled is asked when it is claimed.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from marshmallow import ValidationError
from sqlalchemy import bindparam, delete, select

from services.notify import settings
from services.notify.domain import telling
from services.notify.domain.telling import Thing
from services.notify.models import Delivery, Device, Message, Slot, Subject
from shared.contracts.desk import Told
from shared.contracts.notify import COURIERS, TOPIC
from shared.db import Tx
from shared.dialects import Upsert
from shared.errors import Poison
from shared.events import Event

_TOLD = Told()
_DEVICES = select(Device.person, Device.id).where(Device.person.in_(bindparam("people", expanding=True)))


def _cleared(row: Any) -> Any:
    values = {"cleared": row.excluded.cleared, "heard_at": row.excluded.heard_at}
    return row.on_conflict_do_update(
        index_elements=["source", "subject"], set_=values, where=row.excluded.cleared > Subject.cleared
    )


def _filled(row: Any) -> Any:
    told = row.excluded
    values = {"sequence": told.sequence, "since": told.since, "heard_at": told.heard_at}
    keys = ["source", "subject", "person", "kind"]
    return row.on_conflict_do_update(index_elements=keys, set_=values, where=told.sequence >= Slot.sequence)


def _begun(row: Any) -> Any:
    """A thing is told once. One that was dropped, its to-do being done, waits again where it is to be done."""
    keys = ["source", "subject", "person", "topic", "mark", "channel", "device"]
    values = {"state": "waiting", "due": row.excluded.due, "grouped": row.excluded.grouped}
    return row.on_conflict_do_update(index_elements=keys, set_=values, where=Delivery.state == "dropped")


_CLEARED = Upsert(Subject, _cleared)
_FILLED = Upsert(Slot, _filled)
_BEGUN = Upsert(Delivery, _begun)
_OLD = tuple(
    delete(table).where(column < bindparam("before", type_=column.type))
    for table, column in (
        (Delivery, Delivery.due),
        (Message, Message.ended_at),
        (Slot, Slot.heard_at),
        (Subject, Subject.heard_at),
    )
)


def apply(tx: Tx, event: Event) -> None:
    """Keeps what an event tells of slots, and has people told. Raises `Poison` for what is no such event."""
    try:
        told = _TOLD.load(event.data)
    except ValidationError as error:
        raise Poison(f"malformed: {error.messages}") from error
    source = event.type.partition(".")[0]
    _keep(tx, source, told)
    things = list(telling.things(told, tx.now))
    if things and _begin(tx, source, told, things):
        tx.tell(COURIERS, TOPIC)
    if event.id.endswith("00"):
        # About one event in 256, by its id: it costs little, needs no clock, and keeps pace with what comes.
        for statement in _OLD:
            tx.change(statement, {"before": tx.now - telling.FORGOTTEN})


def _keep(tx: Tx, source: str, told: dict[str, Any]) -> None:
    of = {"source": source, "subject": told["subject"], "heard_at": tx.now}
    if told["clear"] is not None:
        tx.change(_CLEARED.on(tx.connection), {**of, "cleared": told["clear"]})
    rows = [
        {**of, "person": slot["person"], "kind": slot["kind"], "sequence": told["sequence"]}
        | {"since": slot["todo"]["since"] if slot["todo"] else None}
        # Always in one order, so that two who write the same slots do not wait for each other.
        for slot in sorted(told["slots"], key=lambda slot: (slot["person"], slot["kind"]))
    ]
    tx.change(_FILLED.on(tx.connection), *rows)


def _begin(tx: Tx, source: str, told: dict[str, Any], things: list[Thing]) -> bool:
    """Whether anything waits to be told for it."""
    people = sorted({thing.person for thing in things})
    devices: dict[str, list[str]] = {}
    for row in tx.execute(_DEVICES, {"people": people}).all():
        devices.setdefault(row.person, []).append(row.id)
    minimum = settings.minimum(tx)
    planned = telling.deliveries(things, settings.wishes(tx, people, devices), minimum["levels"], tx.now)
    rows = [_row(tx, source, told, each, titles=minimum["titles"]) for each in planned]
    rows.sort(key=lambda row: (row["person"], row["topic"], row["mark"], row["channel"], row["device"]))
    tx.change(_BEGUN.on(tx.connection), *rows)
    return bool(rows)


def _row(tx: Tx, source: str, told: dict[str, Any], each: telling.Delivery, *, titles: bool) -> dict[str, Any]:
    thing = asdict(each.thing)
    # What may not go out is not kept either.
    thing["params"] = {"title": told["title"], **thing["params"]} if titles else {}
    about = {"source": source, "subject": told["subject"], "noun": told["noun"]}
    about["title"] = told["title"] if titles else ""
    when = {"channel": each.channel, "device": each.device, "due": each.due, "grouped": each.grouped}
    return {"id": tx.new_id(), **about, **thing, **when, "state": "waiting", "message": None}
