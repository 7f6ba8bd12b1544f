"""What a booking puts on the desks: of who is to agree to it, and what became of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import bindparam, select

from services.schedule.rooms.models import Booking, Room
from shared import desk
from shared.db import Tx
from shared.retelling import retold

NOUN = "rooms"
_ASKED = (
    select(Booking.__table__)
    .where(Booking.state == "asked", Booking.id > bindparam("after"))
    .order_by(Booking.id)
    .limit(bindparam("most"))
)


def tell(tx: Tx, booking: Mapping[str, Any], room: Any, notices: Iterable[desk.Notice] = ()) -> None:
    """Says who is to agree to a booking, where somebody is."""
    asked = booking["state"] == "asked"
    todo = desk.Todo("agree", since=booking["since"], sender=booking["by"], params={"room": room.name})
    slots = [desk.Slot(each["id"], "booking", todo) for each in room.approvers] if asked else []
    title = f"{room.name}: {booking['title']}"[:300]
    sequence = booking["sequence"]
    desk.tell(
        tx,
        NOUN,
        booking["id"],
        sequence,
        title=title,
        clear=sequence,
        slots=slots,
        notices=notices,
        ended=not asked,
    )


def notice(tx: Tx, booking: Mapping[str, Any], room: Any, code: str, **params: Any) -> desk.Notice:
    """What who booked is told."""
    told = {"room": room.name, "title": booking["title"]} | params
    return desk.Notice(str(booking["by"]["id"]), code, booking["sequence"], tx.now, told)


def retell(tx: Tx, after: str | None, limit: int) -> dict[str, Any]:
    """Tells again of a batch of bookings that wait for somebody, as `Retell` describes."""
    found = tx.execute(_ASKED, {"after": after or "", "most": limit}).all()
    ids = sorted({row.room for row in found})
    rooms = {room.id: room for room in tx.all(select(Room.__table__).where(Room.id.in_(ids)))} if ids else {}
    for row in found:
        tell(tx, dict(row._mapping), rooms[row.room])
    return retold(found, limit)
