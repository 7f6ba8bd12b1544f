"""What the schedule service counts for each tenant."""

from __future__ import annotations

from typing import Any

from shared.context import Context
from shared.db import Tx
from shared.metrics import tenant_counter

_BY = ("person", "secretary", "noun")
ENTERED = tenant_counter(
    "oneway_schedule_entries_total", "Entries that came into calendars, by who entered them", by=_BY
)
BOOKINGS = tenant_counter(
    "oneway_room_bookings_total",
    "Bookings of rooms and equipment by what came of them",
    outcome=("booked", "asked", "taken", "refused", "released", "no_show"),
)


def entered(tx: Tx, ctx: Context, row: dict[str, Any], calendar: Any) -> None:
    """An entry is new."""
    kind, _, owner = calendar.holder.partition(":")
    if row["source_noun"]:
        tx.count(ENTERED, "noun")
    else:
        tx.count(ENTERED, "secretary" if kind == "person" and owner != ctx.person else "person")


def booked(tx: Tx, outcome: str) -> None:
    """Something was booked, or was not."""
    tx.count(BOOKINGS, outcome)
