"""Rooms as administrators keep them, and as everybody finds them."""

from __future__ import annotations

import secrets
from typing import Any

from sqlalchemy import delete, func, select, update

from services.schedule.domain.rooms import Time, problems
from services.schedule.rooms import acting, desk
from services.schedule.rooms import booking as bookings
from services.schedule.rooms.models import Booking, Closure, Period, Room
from shared.calendar import Exceptions, end_of_day, seoul_date, start_of_day
from shared.context import Context
from shared.db import Tx
from shared.errors import Conflict, Invalid, NotFound, Stale

Doc = dict[str, Any]
_ADMIN = "tenant_admin"
_SAID = ("kind", "name", "place", "capacity", "fixtures", "bookers", "no_show")
_MOST_BOOKINGS = 200
_MOST_ROOMS = 1_000


def save(tx: Tx, ctx: Context, data: Doc, approvers: list[Doc]) -> Doc:
    """A new room, or what one has become, as `RoomView`. Raises `NotFound`, `Stale`, `Invalid`, `Conflict`."""
    hours = data["hours"]
    if hours["closes"] <= hours["opens"]:
        raise Invalid({"hours.closes": "before_start"})
    values = {name: data[name] for name in _SAID} | {"hours": hours, "approvers": approvers}
    values["removed_at"] = tx.now if data["removed"] else None
    if data["id"] is None:
        id_, before = tx.new_id(), None
        tx.insert(Room, id=id_, version=1, door=f"{tx.tenant}.{secrets.token_urlsafe(18)}", **values)
    else:
        row = bookings.room(tx, data["id"], lock=True)
        if data["version"] is not None and data["version"] != row.version:
            raise Stale(row.version)
        id_, before = row.id, {name: row._mapping[name] for name in _SAID}
        tx.execute(update(Room).where(Room.id == id_).values(version=row.version + 1, **values))
        if data["removed"]:
            _give_back(tx, id_)
    tx.audit("schedule.room.saved", subject=id_, before=before, after={name: values[name] for name in _SAID})
    if data["removed"]:
        return {"id": id_, "removed": True}
    return view(tx, ctx, id_)


def _give_back(tx: Tx, room: str) -> None:
    """What is booked in a room that is taken away is released, and whoever booked hears of it."""
    coming = select(Period.booking).where(Period.room == room, Period.taken.is_(True), Period.ends_at > tx.now)
    wanted = select(Booking.__table__).where(Booking.id.in_(coming), Booking.state.in_(bookings.HAS))
    place = bookings.room_of(tx, room)
    for row in tx.all(wanted.order_by(Booking.id)):
        after = bookings.become(tx, row, bookings.RELEASED, reason="room removed")
        desk.tell(tx, after, place, [desk.notice(tx, after, place, "booking_room_gone")])


def close(tx: Tx, ctx: Context, data: Doc) -> Doc:
    """Nobody can book a room for a time; what is booked then stays and is named. Raises `NotFound`, `Invalid`."""
    time = Time(data["starts_at"], data["ends_at"])
    if time.ends_at <= time.starts_at:
        raise Invalid({"ends_at": "before_start"})
    row = bookings.room(tx, data["id"], lock=True)
    closure = {"id": tx.new_id(), "room": row.id, "starts_at": time.starts_at, "ends_at": time.ends_at}
    tx.insert(Closure, **closure, reason=data["reason"])
    tx.audit("schedule.room.closed", subject=row.id, after=bookings.period(time) | {"reason": data["reason"]})
    return {"closure": closure["id"], "booked": _lines(tx, ctx, [row], time.starts_at, time.ends_at)}


def open_(tx: Tx, data: Doc) -> Doc:
    """Takes a closure back. Raises `NotFound`."""
    of = (Closure.id == data["closure"], Closure.room == data["id"])
    row = tx.one(select(Closure.__table__).where(*of))
    if row is None:
        raise NotFound("closure")
    tx.execute(delete(Closure).where(*of))
    tx.audit("schedule.room.opened", subject=row.room, before=bookings.period(Time(row.starts_at, row.ends_at)))
    return {"id": row.room, "opened": True}


# -- finding ----------------------------------------------------------------------------------------


def listed(tx: Tx, ctx: Context, data: Doc, exceptions: Exceptions) -> Doc:
    """Rooms by name, as `RoomList`; with a time, whether each is free then. Raises `Invalid`."""
    if (data["starts_at"] is None) != (data["ends_at"] is None):
        raise Invalid({"ends_at": "required"})
    query = select(Room.__table__).where(Room.removed_at.is_(None), Room.capacity >= data["capacity"])
    if data["kind"]:
        query = query.where(Room.kind == data["kind"])
    rows = tx.all(query.order_by(Room.name, Room.id).limit(_MOST_ROOMS))
    free: dict[str, bool] = {}
    if data["starts_at"] is not None:
        time = Time(data["starts_at"], data["ends_at"])
        if bad := problems([time]):
            raise Invalid({name.rpartition(".")[2]: code for name, code in bad.items()})
        against = bookings.refused(tx, rows, [time], exceptions)
        free = {row.id: not against[row.id] for row in rows}
    return {"items": [_line(ctx, row, free.get(row.id)) for row in rows]}


def _line(ctx: Context, row: Any, free: bool | None) -> Doc:
    names = ("id", "kind", "name", "place", "capacity", "fixtures")
    told = {name: row._mapping[name] for name in names}
    return told | {"approved": bool(row.approvers), "may_book": bookings.may_book(ctx, row), "free": free}


def view(tx: Tx, ctx: Context, id_: str) -> Doc:
    """A room with what is booked from today on, as `RoomView`. Raises `NotFound`."""
    row = bookings.room(tx, id_)
    today = start_of_day(seoul_date(tx.now))
    closures = tx.all(select(Closure).where(Closure.room == id_, Closure.ends_at > tx.now).order_by(Closure.starts_at))
    names = ("id", "starts_at", "ends_at", "reason")
    return _line(ctx, row, None) | {
        "version": row.version,
        "hours": row.hours,
        "bookers": row.bookers,
        "approvers": row.approvers,
        "no_show": row.no_show,
        "door": row.door if ctx.has(_ADMIN) else None,
        "closures": [{name: each._mapping[name] for name in names} for each in closures],
        "bookings": _lines(tx, ctx, [row], today, None),
    }


def _lines(tx: Tx, ctx: Context, rooms: list[Any], first: Any, last: Any) -> list[Doc]:
    places = {row.id: row for row in rooms}
    wanted = select(Period.__table__, Booking.noun, Booking.subject, Booking.title, Booking.by, Booking.state)
    wanted = wanted.add_columns(Booking.open).join(Booking, Booking.id == Period.booking)
    wanted = wanted.where(Period.room.in_(sorted(places)), Period.taken.is_(True), Period.ends_at > first)
    if last is not None:
        wanted = wanted.where(Period.starts_at < last)
    rows = tx.all(wanted.order_by(Period.starts_at, Period.id).limit(_MOST_BOOKINGS))
    return [line(ctx, row, places[row.room]) for row in rows]


def line(ctx: Context, row: Any, room: Any) -> Doc:
    """A time that is booked, as `BookingView`."""
    mine = row.by["id"] == ctx.person or any(each["id"] == ctx.person for each in room.approvers)
    names = ("noun", "subject", "starts_at", "ends_at", "state", "by", "checked_in_at")
    told = {name: row._mapping[name] for name in names}
    told |= {"id": row.booking, "resource": row.room, "title": row.title if row.open or mine else ""}
    return told | {"may": acting.may(ctx, row, room)}


def lines(tx: Tx, ctx: Context, ids: list[str], first: Any, last: Any) -> list[Doc]:
    """The times at which rooms are booked in a window, as `BookingView`s."""
    rows = tx.all(select(Room.__table__).where(Room.id.in_(ids))) if ids else []
    return _lines(tx, ctx, list(rows), first, last) if rows else []


def of_id(tx: Tx, ctx: Context, id_: str) -> Doc:
    """A booking with its times, by who made it or may answer it, as `BookingWhole`. Raises `NotFound`."""
    row = tx.one(select(Booking.__table__).where(Booking.id == id_))
    if row is None:
        raise NotFound("booking")
    room = bookings.room_of(tx, row.room)
    may = acting.may(ctx, row, room)
    if not row.open and not may and row.by["id"] != ctx.person:
        raise NotFound("booking")
    times = tx.all(select(Period).where(Period.booking == id_).order_by(Period.starts_at).limit(_MOST_BOOKINGS))
    names = ("id", "noun", "subject", "title", "by", "state", "since", "skipped")
    told = {name: row._mapping[name] for name in names} | {"room": _line(ctx, room, None), "may": may}
    keys = ("starts_at", "ends_at", "taken", "checked_in_at")
    return told | {"periods": [{name: each._mapping[name] for name in keys} for each in times]}


def door(tx: Tx, code: str) -> Doc:
    """What the sign at a room's door shows, as `DoorView`. Raises `NotFound` for a code that is no room's."""
    row = tx.one(select(Room.__table__).where(Room.door == code, Room.removed_at.is_(None)))
    if row is None:
        raise NotFound("room")
    today = seoul_date(tx.now)
    wanted = select(Period.starts_at, Period.ends_at, Period.checked_in_at, Booking.title, Booking.by, Booking.open)
    wanted = wanted.join(Booking, Booking.id == Period.booking).where(Period.room == row.id, Period.taken.is_(True))
    wanted = wanted.where(Period.ends_at > start_of_day(today), Period.starts_at < end_of_day(today))
    wanted = wanted.where(Booking.state != bookings.ASKED)
    shown = [
        {
            "title": each.title if each.open else "",
            "by": each.by["department"] if each.open else "",
            "starts_at": each.starts_at,
            "ends_at": each.ends_at,
            "checked_in": each.checked_in_at is not None,
        }
        for each in tx.all(wanted.order_by(Period.starts_at))
    ]
    told = {"id": row.id, "name": row.name, "place": row.place, "capacity": row.capacity}
    return told | {"now": tx.now, "bookings": shown}


def require_few(tx: Tx) -> None:
    """That there is room for another room. Raises `Conflict`."""
    if (tx.scalar(select(func.count()).select_from(Room)) or 0) >= _MOST_ROOMS:
        raise Conflict("too-many-rooms", most=_MOST_ROOMS)
