"""A meeting read from its rows, and its people as rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from services.meetings.domain import states
from services.meetings.domain.meeting import Meeting, Person, counts
from services.meetings.models import Item
from services.meetings.models import Meeting as Row
from services.meetings.models import Person as PersonRow
from shared.db import Tx
from shared.errors import NotFound

_ROW = select(Row.__table__).where(Row.id == bindparam("id"))
_LOCKED = _ROW.with_for_update()
_PEOPLE = select(PersonRow.__table__).where(PersonRow.meeting == bindparam("id")).order_by(PersonRow.number)
_OWING = select(Item.presenter).where(Item.meeting == bindparam("id"), Item.ready.is_(False)).order_by(Item.number)
_NAMES = ("role", "answer", "word", "substitute", "stands_for", "present", "present_at", "review", "note")
_MORE = ("member", "active", "since")


@dataclass(frozen=True)
class Kept:
    """A meeting with the columns of its row. `owing`: the presenters who still owe papers."""

    row: Mapping[str, Any]
    meeting: Meeting
    owing: tuple[str, ...] = ()


def found(tx: Tx, id_: str, *, lock: bool = False) -> Kept:
    """A meeting; locked until the end of the transaction where that is asked. Raises `NotFound`."""
    kept_ = sought(tx, id_, lock=lock)
    if kept_ is None:
        raise NotFound("meeting")
    return kept_


def sought(tx: Tx, id_: str, *, lock: bool = False) -> Kept | None:
    """A meeting, where there is one."""
    row = tx.execute(_LOCKED if lock else _ROW, {"id": id_}).first()
    return kept(tx, dict(row._mapping)) if row is not None else None


def kept(tx: Tx, row: Mapping[str, Any]) -> Kept:
    """The meeting of a row."""
    people = tuple(map(_person, tx.execute(_PEOPLE, {"id": row["id"]}).all()))
    names = ("id", "state", "organiser", "starts_at", "ends_at", "review_due", "lapsed", "asks")
    at = {state: datetime.fromisoformat(moment) for state, moment in row["at"].items()}
    meeting = Meeting(people=people, at=at, **{name: row[name] for name in names})
    return Kept(row, meeting, owing(tx, row))


def owing(tx: Tx, row: Mapping[str, Any]) -> tuple[str, ...]:
    """Who still owes papers of a meeting that collects them."""
    if row["state"] != states.CALLED or row["papers_due"] is None:
        return ()
    presenters = (each.presenter for each in tx.execute(_OWING, {"id": row["id"]}).all())
    return tuple(dict.fromkeys(str(each["id"]) for each in presenters if each))


def _person(row: Any) -> Person:
    return Person(ref=row.person, **{name: getattr(row, name) for name in (*_NAMES, *_MORE)})


def person_values(person: Person) -> dict[str, Any]:
    """The columns of somebody but for those they are found by."""
    values = {name: getattr(person, name) for name in (*_NAMES, *_MORE)}
    substitute = dict(person.substitute) if person.substitute else None
    return values | {"person": dict(person.ref), "substitute": substitute}


def columns(meeting: Meeting) -> dict[str, Any]:
    """The columns of a meeting that its domain knows."""
    return {
        "state": meeting.state,
        "starts_at": meeting.starts_at,
        "ends_at": meeting.ends_at,
        "review_due": meeting.review_due,
        "lapsed": meeting.lapsed,
        "asks": meeting.asks,
        "at": {state: moment.isoformat() for state, moment in meeting.at.items()},
        "counts": counts(meeting.people),
    }
