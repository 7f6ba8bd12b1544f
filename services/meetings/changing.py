"""A meeting is changed: this one, this and the following of its series, or all that are to come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, select, update

from services.meetings import alarming, calling, desk, keeping, letters, naming, rows
from services.meetings.domain import states, times
from services.meetings.domain.meeting import CHAIR, NONE, REQUIRED, Meeting, Moved, Person
from services.meetings.models import Item
from services.meetings.models import Meeting as Row
from services.meetings.naming import Named
from services.meetings.rooms import Period, Room
from services.meetings.rows import Kept
from shared.context import Context
from shared.db import Tx
from shared.errors import Invalid

Doc = dict[str, Any]
_CONTENT = ("title", "purpose", "place", "link", "closed", "closed_until", "hide_guests", "papers_due")
_INVITING = ("invite", "invite_departments", "invite_groups")
# What those who are invited are told of.
_NEWS = {"title", "starts_at", "ends_at", "place", "room", "link"}
_MAILED = _NEWS | {"purpose", "agenda"}


@dataclass(frozen=True)
class Change:
    """What is changed, once everything in it is known. `first` is the meeting it was asked of."""

    data: Doc
    first: Kept
    named: Named
    people: tuple[Person, ...]
    room: Room
    holds: bool


def targets(tx: Tx, kept: Kept, scope: str) -> list[str]:
    """The meetings a change or a cancelling is for, the first of them first: of a series those to come."""
    if scope == "this" or not kept.row["series"]:
        return [kept.meeting.id]
    same = [Row.series == kept.row["series"], Row.state == states.CALLED]
    if scope == "following":
        same.append(Row.starts_at >= kept.meeting.starts_at)
    return [row.id for row in tx.all(select(Row.id).where(*same).order_by(Row.starts_at, Row.id))]


def moved_period(data: Doc, first: Meeting, meeting: Meeting) -> Period:
    """When a meeting is after the change: the others of a series move as the first one does."""
    starts = data.get("starts_at", first.starts_at)
    ends = data.get("ends_at", starts + (first.ends_at - first.starts_at))
    times.require(starts, ends)
    begins = times.shifted(meeting.starts_at, first.starts_at, starts)
    return begins, begins + (ends - starts)


def periods(tx: Tx, data: Doc, first: Kept, ids: Sequence[str]) -> list[tuple[Kept, Period]]:
    """Each of these meetings with when it is after the change. Raises `Invalid`."""
    if not {"starts_at", "ends_at", "room"} & data.keys():
        return []
    found = [rows.found(tx, id_) for id_ in ids]
    return [(kept, moved_period(data, first.meeting, kept.meeting)) for kept in found]


def to_hold(data: Doc, first: Kept, periods: Sequence[tuple[Kept, Period]]) -> list[Period]:
    """For which periods a room is to be held: where it is another one, or at another time."""
    if "room" in data and data["room"] != first.row["room"]:
        return [period for _, period in periods]
    moved = [(kept, period) for kept, period in periods if kept.row["room"] and kept.row["room"] == first.row["room"]]
    return [
        period for kept, period in moved if period[0] != kept.meeting.starts_at or period[1] != kept.meeting.ends_at
    ]


def apply(tx: Tx, ctx: Context, id_: str, change: Change) -> Kept:
    """Changes one of the meetings, locked, and tells those whom it concerns."""
    kept = rows.found(tx, id_, lock=True)
    if id_ == change.first.meeting.id:
        keeping.require_version(kept, change.data["version"])
    states.require(kept.meeting.state, frozenset((states.CALLED,)), "change")
    data = change.data
    starts, ends = moved_period(data, change.first.meeting, kept.meeting)
    columns = {name: data[name] for name in (*_CONTENT, "sources", "cards") if name in data}
    columns = {name: value for name, value in columns.items() if value != kept.row[name]}
    if change.holds:
        columns |= change.room.of(starts) if _is_held(change, kept, starts, ends) else {}
    elif "room" in data and data["room"] is None and kept.row["room"]:
        columns |= {"room": None, "booking": None}
    people, gone = _people(kept.meeting, change, tx.now)
    if (starts, ends) != (kept.meeting.starts_at, kept.meeting.ends_at):
        people = tuple(_asked_anew(each, kept.meeting, tx.now) for each in people)
    after = replace(kept.meeting, starts_at=starts, ends_at=ends, people=people)
    # Not what is changed with another.
    changed = [name for name in columns if name != "booking"]
    changed += [name for name in ("starts_at", "ends_at") if getattr(after, name) != getattr(kept.meeting, name)]
    changed += ["people"] if {p.id for p in after.active} != {p.id for p in kept.meeting.active} else []
    changed += ["agenda"] if "agenda" in data and _agenda(tx, kept, change) else []
    guests = letters.replaced(tx, kept, data["guests"]) if "guests" in data else letters.Replaced(False, False)
    changed += ["guests"] if guests.changed else []
    if not changed and after == kept.meeting and "booking" not in columns:
        return kept
    if {"starts_at", "ends_at"} & {*changed}:
        letters.ask_anew(tx, id_)
    # A cancellation goes by a higher SEQUENCE: whoever comes back later has to be above it.
    itip = kept.row["itip"] + bool(guests.cancelled or set(changed) & _NEWS)
    told = tuple(each.id for each in after.active) if set(changed) & _NEWS else ()
    moved = Moved(after, "changed", {"changed": sorted(changed)}, told)
    done = keeping.save(tx, ctx, kept, moved, itip=itip, **columns)
    alarming.set_(tx, done)
    if guests.cancelled or set(changed) & _MAILED or (guests.changed and not done.row["hide_guests"]):
        letters.tell(tx, done)
    if gone:
        desk.inform(tx, done, {"removed": gone})
    return done


def _is_held(change: Change, kept: Kept, starts: datetime, ends: datetime) -> bool:
    return bool(to_hold(change.data, change.first, [(kept, (starts, ends))]))


def _asked_anew(person: Person, before: Meeting, now: datetime) -> Person:
    """At another time everybody is asked again, but for who has called it."""
    if not person.active or person.id == before.organiser["id"] or person.answer == NONE:
        return person
    return replace(person, answer=NONE, word="", since=now)


def _people(meeting: Meeting, change: Change, now: datetime) -> tuple[tuple[Person, ...], list[str]]:
    """The people after the change, and who was taken off."""
    known = {each.id: each for each in meeting.people}
    if not any(name in change.data for name in _INVITING):
        presenters = [each for each in change.people if each.id not in {p.id for p in meeting.active}]
        added = {each.id: each for each in presenters if each.id != meeting.organiser["id"]}
        return _merged(meeting.people, added, now, {}), []
    wanted = {each.id: each for each in change.people}
    wanted.setdefault(str(meeting.organiser["id"]), known[str(meeting.organiser["id"])])
    kept = {each.id for each in meeting.active if each.stands_for in wanted or each.id in wanted}
    gone = [each.id for each in meeting.active if each.id not in kept]
    people = tuple(replace(each, active=each.active and each.id in kept) for each in meeting.people)
    return _merged(people, wanted, now, naming.told_roles(change.data)), gone


def _merged(
    people: tuple[Person, ...], wanted: dict[str, Person], now: datetime, roles: dict[str, str]
) -> tuple[Person, ...]:
    """Who is there stays as they are, in another role only where that is told (`roles`); others come to it."""
    merged = []
    for each in people:
        new = wanted.get(each.id)
        if new is not None and not each.active:
            merged.append(replace(new, since=now))
            continue
        role = roles.get(each.id, each.role)
        given_up = role == CHAIR and CHAIR in roles.values() and each.id not in roles
        merged.append(replace(each, role=REQUIRED if given_up else role))
    there = {each.id for each in people}
    return (*merged, *(each for id_, each in wanted.items() if id_ not in there))


_DROP = delete(Item).where(Item.id == bindparam("of_id"))


def _agenda(tx: Tx, kept: Kept, change: Change) -> bool:
    """Makes the agenda what it is to be; whether anything was another. Items are known by their ids in the meeting
    that was asked, by their numbers in the others of a series. Raises `Invalid` for an item that is not there."""
    there = tx.all(select(Item.__table__).where(Item.meeting == kept.meeting.id).order_by(Item.number))
    is_first = kept.meeting.id == change.first.meeting.id
    by_id = {row.id: row for row in there}
    left, altered = dict(by_id), False
    for number, each in enumerate(change.data["agenda"], 1):
        row = by_id.get(each["id"]) if is_first else there[number - 1] if number <= len(there) else None
        if row is None and is_first and each["id"]:
            raise Invalid({f"agenda.{number - 1}.id": "unknown_item"})
        new = calling.item_row(tx, kept.meeting.id, number, each, change.named)
        if row is None:
            tx.insert(Item, **new)
            altered = True
            continue
        left.pop(row.id, None)
        values = {name: new[name] for name in ("number", "title", "presenter", "minutes")}
        if any(getattr(row, name) != value for name, value in values.items()):
            tx.change(update(Item).where(Item.id == bindparam("of_id")).values(**values), {"of_id": row.id})
            altered = True
    tx.change(_DROP, *({"of_id": id_} for id_ in left))
    return altered or bool(left)
