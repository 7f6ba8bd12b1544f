"""When people are taken, by their main calendars and their absences; free times of several and a room."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from services.schedule import calendars, windows
from services.schedule.domain import busy
from services.schedule.domain.busy import Span
from services.schedule.domain.rooms import Time
from services.schedule.models import Absence
from services.schedule.models import Calendar as Row
from services.schedule.rooms import booking as bookings
from services.schedule.rooms.models import Room
from shared import audience
from shared.calendar import Exceptions, end_of_day, seoul_date, start_of_day
from shared.context import Context
from shared.db import Tx
from shared.errors import Invalid

Doc = dict[str, Any]
_ROOMS_SHOWN = 5


def spans(tx: Tx, ctx: Context, people: Collection[str], start: datetime, end: datetime) -> dict[str, list[Span]]:
    """When each of these people is taken, merged.

    Only calendars that count and that are open to the caller, at least as far as that they are busy.
    """
    holders = {audience.person(person): person for person in people}
    rows = tx.all(select(Row.__table__).where(Row.holder.in_(sorted(holders)), Row.counts, Row.removed_at.is_(None)))
    access = calendars.known(tx, ctx, rows)
    owner = {row.id: holders[row.holder] for row in rows if access[row.id].level}
    found: dict[str, list[Span]] = {person: [] for person in people}
    for one in windows.found(tx, owner, start, end)[0]:
        kind = one.said("shown_as")
        if kind != "free":
            found[owner[one.row["calendar"]]].append(Span(one.starts_at, one.ends_at, kind))
    for row in absences(tx, people, start, end):
        found[row.person].append(Span(row.starts_at, row.ends_at))
    return {person: busy.merged(each) for person, each in found.items()}


def absences(tx: Tx, people: Collection[str], start: datetime, end: datetime) -> list[Any]:
    """When these people are away within a window."""
    runs = (Absence.ends_at > start, Absence.starts_at < end, Absence.ended.is_(False))
    return list(tx.all(select(Absence.__table__).where(Absence.person.in_(sorted(people)), *runs)))


def told(tx: Tx, ctx: Context, data: Doc) -> Doc:
    """When people are taken, as `BusyView`."""
    start, end = windows.bounds(data["from_"], data["to"])
    found = spans(tx, ctx, data["people"], start, end)
    return {"items": {person: [period(each) for each in spans_] for person, spans_ in found.items()}}


def period(span: Span) -> Doc:
    """A time at which somebody is taken, as `BusyPeriod`."""
    return {"starts_at": span.starts_at, "ends_at": span.ends_at, "shown_as": span.kind}


def free(tx: Tx, ctx: Context, data: Doc, exceptions: Exceptions) -> Doc:
    """Times at which all are free, as `FreeTimes`. Raises `Invalid`, `NotFound`."""
    first = max(data["from_"] or seoul_date(tx.now), seoul_date(tx.now))
    if first.year > 2100:
        raise Invalid({"from": "year_out_of_range"})
    start, end = start_of_day(first), end_of_day(first + timedelta(days=data["days"] * 3 + 14))
    taken = spans(tx, ctx, data["people"], start, end)
    length = timedelta(minutes=data["minutes"])
    found = busy.proposals(taken, length, first, data["days"], tx.now, exceptions)
    rooms = _rooms(tx, ctx, data["room"])
    if data["room"]:
        found = _with_room(tx, rooms, found, exceptions)
    chosen = busy.spread(found, data["most"])
    free_ = _free_rooms(tx, rooms, chosen, exceptions)
    items = [
        {"starts_at": each.starts_at, "ends_at": each.ends_at, "tentative": list(each.tentative), "rooms": free_[each]}
        for each in chosen
    ]
    return {"items": items, "busiest": [] if items else busy.busiest(taken)}


def _rooms(tx: Tx, ctx: Context, room: str | None) -> list[Any]:
    """The room that is wanted, or else those the caller may book."""
    if room:
        return [bookings.room(tx, room)]
    rows = tx.all(select(Room.__table__).where(Room.removed_at.is_(None), Room.kind == "room").order_by(Room.name))
    return [row for row in rows if bookings.may_book(ctx, row)]


def _with_room(tx: Tx, rooms: list[Any], found: list[busy.Proposal], exceptions: Exceptions) -> list[busy.Proposal]:
    """Those of the times at which the room can be had: its bookings are read once for all of them."""
    (room,) = rooms
    times = [Time(each.starts_at, each.ends_at) for each in found]
    against = {time for time, _ in bookings.refused(tx, rooms, times, exceptions)[room.id]}
    return [each for each, time in zip(found, times, strict=True) if time not in against]


def _free_rooms(
    tx: Tx, rooms: list[Any], chosen: list[busy.Proposal], exceptions: Exceptions
) -> dict[busy.Proposal, list[Doc]]:
    times = {each: Time(each.starts_at, each.ends_at) for each in chosen}
    refused = bookings.refused(tx, rooms, list(times.values()), exceptions)
    taken = {id_: {time for time, _ in against} for id_, against in refused.items()}
    return {
        each: [
            {"id": room.id, "name": room.name, "capacity": room.capacity}
            for room in rooms
            if time not in taken[room.id]
        ][:_ROOMS_SHOWN]
        for each, time in times.items()
    }
