"""What the catalogue is told of a meeting (`shared.catalogue`)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import bindparam, select

from services.meetings import reading, results, rows
from services.meetings.domain import audience as readers
from services.meetings.domain import minutes
from services.meetings.models import Entry
from services.meetings.models import Meeting as Row
from services.meetings.rows import Kept
from shared import body as bodies
from shared import catalogue
from shared.catalogue import Happening, Item, Link
from shared.contracts.search import PEOPLE_LIMIT
from shared.db import Tx
from shared.retelling import retold

NOUN = "meetings"
_MOST_STEPS = 200
# Steps of people, not of the meeting.
_QUIET = ("answered", "attended", "marked", "agreed", "timed", "readied", "commented")
_EVERY = select(Row.__table__).where(Row.id > bindparam("after")).order_by(Row.id).limit(bindparam("most"))
_STEPS = (
    select(Entry.action, Entry.person, Entry.at)
    .where(Entry.meeting == bindparam("id"), Entry.action.notin_(_QUIET))
    .order_by(Entry.number.desc())
    .limit(_MOST_STEPS)
)
_BEFORE = (
    select(Row.id)
    .where(Row.series == bindparam("series"), Row.starts_at < bindparam("starts_at"))
    .order_by(Row.starts_at.desc())
    .limit(1)
)


def tell(tx: Tx, kept: Kept) -> None:
    """Tells what the meeting is now."""
    catalogue.tell(tx, item(tx, kept))


def retell(tx: Tx, after: str | None, limit: int) -> dict[str, Any]:
    """Tells again of a batch of meetings, as `Retell` describes."""
    found = tx.execute(_EVERY, {"after": after or "", "most": limit}).all()
    for row in found:
        tell(tx, rows.kept(tx, dict(row._mapping)))
    return retold(found, limit)


def item(tx: Tx, kept: Kept) -> Item:
    """The meeting as an item."""
    row, meeting = kept.row, kept.meeting
    steps = tx.execute(_STEPS, {"id": meeting.id}).all()
    said = minutes.text(results.together(tx, kept), bodies.lines)
    return Item(
        noun=NOUN,
        subject=meeting.id,
        sequence=row["sequence"],
        number=row["number"],
        title=row["title"],
        state=meeting.state,
        at=meeting.starts_at,
        owner=dict(meeting.organiser),
        department_id=str(meeting.organiser["department_id"]),
        department=str(meeting.organiser["department"]),
        people=readers.people(meeting)[:PEOPLE_LIMIT],
        audience=reading.readers_of(tx, kept),
        cards=row["cards"],
        links=list(_links(tx, row)),
        text="\n".join(filter(None, (row["purpose"], row["place"], said))),
        happened=[Happening(step.action, step.person, step.at) for step in reversed(steps)],
    )


def _links(tx: Tx, row: Any) -> Iterator[Link]:
    yield from (Link("based_on", source["noun"], source["subject"]) for source in row["sources"])
    if row["series"]:
        before = tx.execute(_BEFORE, {"series": row["series"], "starts_at": row["starts_at"]}).first()
        if before:
            yield Link("follows", NOUN, before.id)
