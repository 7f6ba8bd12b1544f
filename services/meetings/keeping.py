"""What every change of a meeting comes to: rows, lists, readers, desks, calendars, the catalogue, the record."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import bindparam, delete, update

from services.meetings import catalogue, desk, figures, reading, rows, scheduled
from services.meetings.domain import audience as readers
from services.meetings.domain import states
from services.meetings.domain.meeting import Meeting, Moved, Person
from services.meetings.models import AUDIENCE, Entry, Place
from services.meetings.models import Meeting as Row
from services.meetings.models import Person as PersonRow
from services.meetings.rows import Kept, person_values
from shared import audience
from shared.context import Context
from shared.db import Tx
from shared.errors import Stale

_UNPLACE = delete(Place).where(Place.meeting == bindparam("of_meeting"))


def begin(tx: Tx, ctx: Context, row: dict[str, Any], meeting: Meeting) -> Kept:
    """Keeps a new meeting; `row` has what the domain does not know of it. Who calls it tells of it afterwards."""
    values = {**row, **rows.columns(meeting), "organiser": dict(meeting.organiser), "version": 1, "sequence": 1}
    tx.insert(Row, id=meeting.id, **values)
    people = [_row(meeting.id, n, each) for n, each in enumerate(meeting.people, 1)]
    tx.insert_many(PersonRow, people)
    kept = Kept({"id": meeting.id, **values}, meeting)
    _enter(tx, ctx, kept, "called", {})
    _place(tx, kept)
    tx.audit("meetings.called", subject=meeting.id, after=_recorded(kept) | {"title": row["title"]})
    figures.called(tx, row["kind"])
    return kept


def tell_new(tx: Tx, kept: Kept) -> None:
    """Tells of a new meeting, once all its rows are there."""
    kept = Kept(kept.row, kept.meeting, rows.owing(tx, kept.row))
    desk.tell(tx, kept)
    catalogue.tell(tx, kept)
    scheduled.tell(tx, kept)


def save(tx: Tx, ctx: Context, before: Kept, moved: Moved, *, small: bool = False, **changes: Any) -> Kept:
    """Keeps what an act has brought about, and tells; `changes` are further columns that changed with it.

    What is `small` (an answer, a person's presence) leaves the version and the catalogue as they are.
    """
    if not moved.action:
        return before
    meeting = moved.meeting
    values = {**changes, **rows.columns(meeting), "sequence": before.row["sequence"] + 1}
    values["version"] = before.row["version"] + (not small)
    tx.change(update(Row).where(Row.id == bindparam("of_id")).values(**values), {"of_id": meeting.id})
    _keep_people(tx, before.meeting, meeting)
    row = {**before.row, **values}
    kept = Kept(row, meeting, rows.owing(tx, row))
    _enter(tx, ctx, kept, moved.action, dict(moved.detail))
    if _placing(kept) != _placing(before) or reading.readers_of(tx, kept) != reading.readers_of(tx, before):
        _place(tx, kept)
    detail = {"detail": dict(moved.detail)}
    tx.audit(f"meetings.{moved.action}", meeting.id, _recorded(before), _recorded(kept) | detail)
    desk.tell(tx, kept, before if small else None, desk.notices(tx, kept, moved))
    if not small:
        catalogue.tell(tx, kept)
    scheduled.changed(tx, before, kept)
    figures.moved(tx, before.meeting, meeting)
    return kept


def _row(meeting: str, number: int, person: Person) -> dict[str, Any]:
    return {"meeting": meeting, "person_id": person.id, "number": number, **person_values(person)}


def _keep_people(tx: Tx, was: Meeting, meeting: Meeting) -> None:
    before = {each.id: each for each in was.people}
    same = (PersonRow.meeting == bindparam("of_meeting"), PersonRow.person_id == bindparam("of_person"))
    for number, each in enumerate(meeting.people, 1):
        if each.id not in before:
            tx.insert(PersonRow, **_row(meeting.id, number, each))
        elif before[each.id] != each:
            change = update(PersonRow).where(*same).values(**person_values(each))
            tx.change(change, {"of_meeting": meeting.id, "of_person": each.id})


def _enter(tx: Tx, ctx: Context, kept: Kept, action: str, detail: dict[str, Any]) -> None:
    tx.insert(
        Entry,
        meeting=kept.meeting.id,
        number=kept.row["sequence"],
        at=tx.now,
        action=action,
        person=ctx.person_ref if ctx.person else None,
        detail=detail,
    )


def _recorded(kept: Kept) -> dict[str, Any]:
    row, meeting = kept.row, kept.meeting
    return {
        "version": row["version"],
        "state": meeting.state,
        "starts_at": meeting.starts_at.isoformat(),
        "ends_at": meeting.ends_at.isoformat(),
        "place": row["place"],
        "room": row["room"],
        "closed": row["closed"],
        "people": len(meeting.active),
    }


def require_version(kept: Kept, version: int | None) -> None:
    """That the caller has seen the present version. Raises `Stale`."""
    if version is not None and version != kept.row["version"]:
        raise Stale(kept.row["version"])


# -- lists ------------------------------------------------------------------------------------------


def _placing(kept: Kept) -> tuple[list[tuple[str, str]], dict[str, Any]]:
    """Whose lists it is in, `(holder, box)`, and what a list is sorted by."""
    people: Iterable[str] = readers.people(kept.meeting)
    holders = [(audience.person(person), "mine") for person in people]
    holders.append((audience.department(str(kept.meeting.organiser["department_id"])), "department"))
    return holders, {"ahead": kept.meeting.state in states.AHEAD, "starts_at": kept.meeting.starts_at}


def _place(tx: Tx, kept: Kept) -> None:
    id_ = kept.meeting.id
    holders, by = _placing(kept)
    tx.change(_UNPLACE, {"of_meeting": id_})
    tx.insert_many(Place, [{"holder": holder, "box": box, "meeting": id_, **by} for holder, box in holders])
    audience.keep(tx, AUDIENCE, id_, reading.readers_of(tx, kept))


def open_to_readers(tx: Tx, kept: Kept) -> None:
    """Those may read it now who were to wait until today."""
    _place(tx, kept)
    retold(tx, kept)


def retold(tx: Tx, kept: Kept) -> Kept:
    """Tells the catalogue again of a meeting that stands as it did."""
    row = {**kept.row, "sequence": kept.row["sequence"] + 1}
    tx.execute(update(Row).where(Row.id == kept.meeting.id).values(sequence=row["sequence"]))
    again = Kept(row, kept.meeting, kept.owing)
    catalogue.tell(tx, again)
    return again
