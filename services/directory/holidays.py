"""The days on which the organisation works otherwise than the country does."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from services.directory.models import Holiday
from shared.db import Tx

_ALL = select(Holiday.day, Holiday.kind, Holiday.name).order_by(Holiday.day)


def exceptions(tx: Tx) -> dict[str, Any]:
    """`{off: {day: name}, working: [day]}` as `CalendarView`."""
    rows = tx.all(_ALL)
    return {
        "off": {row.day: row.name for row in rows if row.kind == "off"},
        "working": [row.day for row in rows if row.kind == "working"],
    }
