"""What other nouns fill calendars with: meetings somebody is invited to and has not declined.

A meeting's event tells a part of its people; the highest sequence of the meeting holds for each of them, so the parts
may come in any order.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from services.schedule import copies, heard
from services.schedule.domain.rooms import Time
from services.schedule.keeping import Extras
from services.schedule.rooms import acting as bookings
from shared.context import Context
from shared.db import Tx
from shared.ical.content import Content
from shared.ical.objects import Object
from shared.ical.values import ZULU

Doc = dict[str, Any]
MEETINGS = "meetings"
# The meeting itself, beside its people.
_ITSELF = ""
_SHOWN = {"yes": "confirmed", "tentative": "tentative", "none": "tentative"}


def meeting(tx: Tx, ctx: Context, told: Doc, people: dict[str, Doc]) -> None:
    """A meeting is as it is told: in the calendars of who comes or has not answered, and in no other's."""
    id_ = told["meeting"]
    cancelled = told["state"] == "cancelled"
    sequence = told["sequence"]
    if heard.newer(tx, MEETINGS, id_, [_ITSELF], sequence):
        time = Time(*(datetime.fromisoformat(str(told[name])).astimezone(UTC) for name in ("starts_at", "ends_at")))
        bookings.used(tx, MEETINGS, id_, None if cancelled else told["booking"], time)
    gone = [*told["removed"], *(each["person"] for each in told["people"] if cancelled or each["answer"] == "no")]
    copies.withdraw(tx, ctx, id_, heard.newer(tx, MEETINGS, id_, gone, sequence), MEETINGS)
    coming = {each["person"]: each for each in told["people"] if each["person"] not in gone}
    # As many are invited as like: what is in their calendars differs by how they have answered, and by nothing else.
    made: dict[str, Object] = {}
    for id_of in heard.newer(tx, MEETINGS, id_, sorted(coming), sequence):
        person, each = people.get(id_of), coming[id_of]
        if person is not None:
            shown = _SHOWN[each["answer"]]
            if shown not in made:
                made[shown] = Object.new(_content(told, shown), f"{id_}@oneway", tx.now)
            copies.put(tx, ctx, person, made[shown], Extras("meeting", source=(MEETINGS, id_)))


def _content(told: Doc, status: str) -> Content:
    start, end = (datetime.fromisoformat(str(told[name])).astimezone(ZULU) for name in ("starts_at", "ends_at"))
    return Content(
        title=told["title"],
        start=start,
        end=end,
        zone="Asia/Seoul",
        place=told["place"],
        link=told["link"] or "",
        categories=("회의",),
        visibility="private" if told["closed"] else "public",
        status=status,
    )
