"""Bookings: all of the times that are asked for, or none; two never have the same room at the same time.

Whoever books locks the room's row first, on SQLite the whole file: what is free when it is looked at is free until the
end of the transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import and_, bindparam, select, update

from services.schedule import figures
from services.schedule.domain import rooms as rules
from services.schedule.domain.rooms import Hours, Time
from services.schedule.rooms import desk
from services.schedule.rooms.models import Booking, Closure, Period, Room, Use
from shared import alarms, audience
from shared.calendar import Exceptions
from shared.context import Context
from shared.db import Tx
from shared.errors import Conflict, Forbidden, Invalid, NotFound

Doc = dict[str, Any]
EXPIRE, NO_SHOW = "booking_expires", "booking_no_show"
HELD, ASKED, BOOKED, REFUSED, RELEASED = "held", "asked", "booked", "refused", "released"
HAS = (HELD, ASKED, BOOKED)
HOLD_FOR = timedelta(minutes=10)
_MOST_OTHERS = 5
_ROOM = select(Room.__table__).where(Room.id == bindparam("id"))
_LOCKED = _ROOM.with_for_update()


@dataclass(frozen=True)
class Asked:
    """What somebody wants a room for. `confirmed`: no event of another noun has to come first.

    The times that the subjects of `instead` have are given up for it: they do not stand in its way.
    """

    room: str
    noun: str
    subject: str
    key: str
    title: str
    times: Sequence[Time]
    skip: bool = False
    confirmed: bool = False
    open: bool = True
    instead: Sequence[str] = ()


def room(tx: Tx, id_: str, *, lock: bool = False) -> Any:
    """A room that is there. Raises `NotFound`."""
    row = tx.execute(_LOCKED if lock else _ROOM, {"id": id_}).first()
    if row is None or row.removed_at is not None:
        raise NotFound("room")
    return row


def may_book(ctx: Context, row: Any) -> bool:
    """Whether the caller is one of those who may book a room."""
    return not audience.principals(ctx).isdisjoint(row.bookers) or ctx.has("tenant_admin")


def times_of(
    tx: Tx, table: Any, rooms: Iterable[str], first: datetime, last: datetime, but: Sequence[str] = ()
) -> dict[str, list[Time]]:
    """By room, the closures or the taken periods (`but` these) that have something in common with `[first, last)`."""
    wanted = select(table.room, table.starts_at, table.ends_at).where(table.room.in_(sorted(rooms)))
    wanted = wanted.where(table.ends_at > first, table.starts_at < last)
    if table is Period:
        wanted = wanted.where(Period.taken.is_(True), Period.id.not_in(but))
    found: dict[str, list[Time]] = {}
    for row in tx.all(wanted):
        found.setdefault(row.room, []).append(Time(row.starts_at, row.ends_at))
    return found


def refused(
    tx: Tx, rows: Sequence[Any], times: Sequence[Time], exceptions: Exceptions, but: Sequence[str] = ()
) -> dict[str, list[tuple[Time, str]]]:
    """By room, those of the times at which it cannot be had."""
    if not times or not rows:
        return {row.id: [] for row in rows}
    first, last = min(time.starts_at for time in times), max(time.ends_at for time in times)
    ids = [row.id for row in rows]
    taken = times_of(tx, Period, ids, first, last, but)
    closed = times_of(tx, Closure, ids, first, last)
    return {
        row.id: rules.refused(times, Hours.of(row.hours), closed.get(row.id, []), taken.get(row.id, []), exceptions)
        for row in rows
    }


def hold(tx: Tx, ctx: Context, asked: Asked, exceptions: Exceptions) -> Doc:
    """Books a room, as `HoldResult`. Raises `NotFound`, `Forbidden`, `Invalid`, `Conflict` `room-taken`."""
    if bad := rules.problems(asked.times):
        raise Invalid(bad)
    row = room(tx, asked.room, lock=True)
    before = tx.one(select(Booking.__table__).where(Booking.key == asked.key))
    if before is not None:
        return _told(tx, before)
    if not may_book(ctx, row):
        raise Forbidden("room", slug="not-bookable")
    _give_way(tx, ctx, asked)
    against = refused(tx, [row], asked.times, exceptions, _given_up(tx, asked))[row.id]
    free = [time for time in asked.times if time not in {each for each, _ in against}]
    if against and (not asked.skip or not free):
        raise taken(tx, ctx, row, asked.times, against, exceptions)
    return _begin(tx, ctx, row, asked, free, against)


def _give_way(tx: Tx, ctx: Context, asked: Asked) -> None:
    """What the same person has held for the very same and nobody has confirmed was of an attempt that failed."""
    same = (Booking.room == asked.room, Booking.noun == asked.noun, Booking.title == asked.title)
    rows = tx.all(select(Booking.__table__).where(*same, Booking.state == HELD))
    times = sorted(period(time)["starts_at"] for time in asked.times)
    for row in rows:
        if row.by["id"] == ctx.person and times == [each["starts_at"] for each in _told(tx, row)["booked"]]:
            become(tx, row, RELEASED, reason="asked again")


def _given_up(tx: Tx, asked: Asked) -> list[str]:
    """The times of the subjects that are to have others."""
    if not asked.instead:
        return []
    same = (Use.booking == Period.booking, Use.starts_at == Period.starts_at)
    of = (Use.noun == asked.noun, Use.subject.in_(asked.instead), Period.room == asked.room)
    return [row.id for row in tx.all(select(Period.id).join(Use, and_(*same)).where(*of))]


def _begin(tx: Tx, ctx: Context, row: Any, asked: Asked, free: list[Time], against: list[tuple[Time, str]]) -> Doc:
    state = ASKED if row.approvers and not _approves(ctx, row) else BOOKED if asked.confirmed else HELD
    booking: Doc = {"id": tx.new_id(), "key": asked.key, "room": row.id, "noun": asked.noun, "subject": asked.subject}
    booking |= {"title": asked.title, "open": asked.open, "by": ctx.person_ref, "state": state, "since": tx.now}
    booking |= {"sequence": 1, "skipped": [period(time) | {"reason": why} for time, why in against]}
    tx.insert(Booking, **booking)
    take(tx, booking["id"], row, free)
    if not asked.confirmed:
        alarms.at(tx, tx.now + HOLD_FOR, EXPIRE, booking["id"])
    if state == ASKED:
        desk.tell(tx, booking, row)
    recorded = {name: booking[name] for name in ("room", "noun", "subject", "state")}
    tx.audit(f"schedule.booking.{state}", subject=booking["id"], after=recorded | {"periods": len(free)})
    figures.booked(tx, "booked" if state != ASKED else "asked")
    return {
        "booking": booking["id"],
        "room": row.name,
        "state": state,
        "booked": [period(t) for t in free],
        "skipped": booking["skipped"],
    }


def _approves(ctx: Context, row: Any) -> bool:
    return any(each["id"] == ctx.person for each in row.approvers)


def take(tx: Tx, booking: str, row: Any, times: Iterable[Time]) -> None:
    """A booking has further times; they are free, and the room is locked."""
    rows = [
        {"id": tx.new_id(), "booking": booking, "room": row.id, "starts_at": time.starts_at, "ends_at": time.ends_at}
        for time in times
    ]
    tx.insert_many(Period, [each | {"taken": True, "checked_in_at": None} for each in rows])
    if row.no_show is not None:
        for each in rows:
            alarms.at(tx, each["starts_at"] + timedelta(minutes=row.no_show), NO_SHOW, each["id"])


def period(time: Time) -> Doc:
    """A time as it is told."""
    return {name: getattr(time, name).astimezone(UTC).isoformat() for name in ("starts_at", "ends_at")}


def _told(tx: Tx, row: Any) -> Doc:
    taken = select(Period.starts_at, Period.ends_at).where(Period.booking == row.id).order_by(Period.starts_at)
    booked = [period(Time(each.starts_at, each.ends_at)) for each in tx.all(taken)]
    name = room_of(tx, row.room).name
    return {"booking": row.id, "room": name, "state": row.state, "booked": booked, "skipped": row.skipped}


def taken(
    tx: Tx, ctx: Context, row: Any, times: Sequence[Time], against: list[tuple[Time, str]], exceptions: Exceptions
) -> Conflict:
    """The refusal, with the times that cannot be had and rooms of the kind that can be had at all of them."""
    figures.booked(tx, "taken")
    alike = select(Room.__table__).where(Room.kind == row.kind, Room.id != row.id, Room.removed_at.is_(None))
    rooms = [each for each in tx.all(alike.order_by(Room.name).limit(200)) if may_book(ctx, each)]
    rooms.sort(key=lambda each: abs(each.capacity - row.capacity))
    not_free = refused(tx, rooms, times, exceptions)
    others = [{"id": each.id, "name": each.name} for each in rooms if not not_free[each.id]][:_MOST_OTHERS]
    clashes = [period(time) | {"reason": why} for time, why in against]
    return Conflict("room-taken", clashes=clashes, others=others, room=row.name)


# -- what becomes of them ---------------------------------------------------------------------------


def booking(tx: Tx, id_: str) -> Any:
    """A booking, its room locked. Raises `NotFound`."""
    of = tx.scalar(select(Booking.room).where(Booking.id == id_))
    if of is None:
        raise NotFound("booking")
    tx.execute(_LOCKED, {"id": of})
    return tx.one(select(Booking.__table__).where(Booking.id == id_))


def become(tx: Tx, row: Any, state: str, *, told: bool = True, **audited: Any) -> Doc:
    """A booking is in another state; who looks on and the noun it is for are told."""
    values = {"state": state, "sequence": row.sequence + 1, "since": tx.now}
    tx.execute(update(Booking).where(Booking.id == row.id).values(**values))
    if state not in HAS:
        free(tx, row.id)
    after = {**row._mapping, **values}
    desk.tell(tx, after, room_of(tx, row.room))
    names = ("noun", "subject", "state", "sequence")
    if told and state != HELD:
        emitted = {"booking": row.id, "resource": row.room} | {name: after[name] for name in names}
        tx.emit("schedule.booking", subject=row.id, data=emitted)
    before = {"state": row.state}
    tx.audit(f"schedule.booking.{state}", row.id, before, {"state": state, "room": row.room} | audited)
    return after


def room_of(tx: Tx, id_: str) -> Any:
    """A room, also one that was removed."""
    return tx.execute(_ROOM, {"id": id_}).first()


def free(tx: Tx, id_: str, *where: Any) -> int:
    """Frees the times of a booking; how many."""
    of = (Period.booking == id_, Period.taken.is_(True), *where)
    gone = [row.id for row in tx.all(select(Period.id).where(*of))]
    for each in gone:
        alarms.cancel(tx, NO_SHOW, each)
    return tx.execute(update(Period).where(*of).values(taken=False)).rowcount if gone else 0


def moved(
    tx: Tx, ctx: Context, id_: str, times: Sequence[Time], title: str, exceptions: Exceptions
) -> Mapping[str, Any]:
    """Books other times in place of a booking's own, with the title they have now. Raises as `hold` does."""
    row = booking(tx, id_)
    place = room(tx, row.room, lock=True)
    if bad := rules.problems(times):
        raise Invalid(bad)
    free(tx, id_, Period.ends_at > tx.now)
    coming = [time for time in times if time.ends_at > tx.now]
    against = refused(tx, [place], coming, exceptions)[place.id]
    if against:
        raise taken(tx, ctx, place, coming, against, exceptions)
    take(tx, id_, place, coming)
    tx.execute(update(Booking).where(Booking.id == id_).values(title=title))
    tx.audit("schedule.booking.moved", subject=id_, after={"periods": len(coming)})
    return dict(row._mapping)
