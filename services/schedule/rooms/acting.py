"""What is done with bookings after they were made: agreed to, released, checked in; and by the clock."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select, update

from services.schedule import figures
from services.schedule.domain.rooms import Time, problems
from services.schedule.rooms import booking as bookings
from services.schedule.rooms import desk
from services.schedule.rooms.booking import ASKED, BOOKED, HAS, HELD, REFUSED, RELEASED
from services.schedule.rooms.models import Booking, Period, Use
from shared import alarms
from shared.alarms import Alarm
from shared.calendar import Exceptions
from shared.context import Context
from shared.db import Tx
from shared.errors import Conflict, Forbidden, Invalid, NotFound

Doc = dict[str, Any]
# So long before it begins somebody may say that they are there.
_EARLY = timedelta(minutes=15)


def may(ctx: Context, row: Any, room: Any) -> list[str]:
    """What the caller may do with a booking now."""
    mine = row.by["id"] == ctx.person
    approves = any(each["id"] == ctx.person for each in room.approvers)
    found = ["release"] if row.state in HAS and (mine or approves or ctx.has("tenant_admin")) else []
    found += ["answer"] if row.state == ASKED and (approves or ctx.has("tenant_admin")) else []
    return [*found, "check_in"] if row.state == BOOKED and mine else found


def _require(ctx: Context, row: Any, room: Any, act: str) -> None:
    if act not in may(ctx, row, room):
        raise Forbidden("booking") if row.state in HAS else Conflict("not-booked", state=row.state)


def release(tx: Tx, ctx: Context, data: Doc) -> Doc:
    """Gives a booking back, or one of its times. Raises `NotFound`, `Forbidden`, `Conflict`."""
    row = bookings.booking(tx, data["id"])
    room = bookings.room_of(tx, row.room)
    _require(ctx, row, room, "release")
    if data["starts_at"] is not None:
        if not bookings.free(tx, row.id, Period.starts_at == data["starts_at"]):
            raise NotFound("period")
        tx.audit("schedule.booking.period_released", subject=row.id, after={"starts_at": data["starts_at"].isoformat()})
        if tx.scalar(select(Period.id).where(Period.booking == row.id, Period.taken.is_(True)).limit(1)):
            return _result(row._mapping)
    after = bookings.become(tx, row, RELEASED)
    figures.booked(tx, "released")
    if row.by["id"] != ctx.person:
        desk.tell(tx, after, room, [desk.notice(tx, after, room, "booking_released", person=ctx.name)])
    return _result(after)


def answer(tx: Tx, ctx: Context, data: Doc) -> Doc:
    """Agrees to a booking, or refuses it. Raises `NotFound`, `Forbidden`, `Conflict`."""
    row = bookings.booking(tx, data["id"])
    room = bookings.room_of(tx, row.room)
    _require(ctx, row, room, "answer")
    after = bookings.become(tx, row, BOOKED if data["granted"] else REFUSED, reason=data["reason"])
    figures.booked(tx, "booked" if data["granted"] else "refused")
    code = "booking_granted" if data["granted"] else "booking_refused"
    desk.tell(tx, after, room, [desk.notice(tx, after, room, code, person=ctx.name, reason=data["reason"])])
    return _result(after)


def rebook(tx: Tx, ctx: Context, data: Doc, exceptions: Exceptions) -> Doc:
    """Takes a time that was skipped into a booking again. Raises as `hold` does."""
    row = bookings.booking(tx, data["id"])
    room = bookings.room_of(tx, row.room)
    _require(ctx, row, room, "release")
    time = Time(data["starts_at"], data["ends_at"])
    if bad := problems([time]):
        raise Invalid(bad)
    against = bookings.refused(tx, [room], [time], exceptions)[room.id]
    if against:
        raise bookings.taken(tx, ctx, room, [time], against, exceptions)
    bookings.take(tx, row.id, room, [time])
    told = bookings.period(time)
    skipped = [each for each in row.skipped if (each["starts_at"], each["ends_at"]) != tuple(told.values())]
    tx.execute(update(Booking).where(Booking.id == row.id).values(skipped=skipped))
    tx.audit("schedule.booking.rebooked", subject=row.id, after=told)
    return _result(row._mapping)


def check_in(tx: Tx, ctx: Context, data: Doc) -> Doc:
    """Somebody is there: the booking that runs, or begins within a quarter of an hour, is not released.

    By who booked, or by anybody who stands at the door and has the code of its sign. Raises `NotFound`, `Forbidden`.
    """
    room = bookings.room(tx, data["id"], lock=True)
    runs = (Period.starts_at <= tx.now + _EARLY, Period.ends_at > tx.now, Period.taken.is_(True))
    wanted = select(Period.id, Period.checked_in_at, Period.booking, Booking.by, Booking.state)
    wanted = wanted.join(Booking, Booking.id == Period.booking).where(Period.room == room.id, *runs)
    row = tx.one(wanted.order_by(Period.starts_at).limit(1))
    if row is None or row.state not in (BOOKED, HELD):
        raise NotFound("booking")
    if data["code"] != room.door and row.by["id"] != ctx.person:
        raise Forbidden("booking")
    if row.checked_in_at is None:
        tx.execute(update(Period).where(Period.id == row.id).values(checked_in_at=tx.now))
        alarms.cancel(tx, bookings.NO_SHOW, row.id)
        tx.audit("schedule.booking.checked_in", subject=row.booking, after={"period": row.id})
    return {"id": row.booking, "state": row.state}


def _result(row: Any) -> Doc:
    return {"id": row["id"], "state": row["state"]}


# -- by the clock and by others' events -------------------------------------------------------------


def expire(tx: Tx, alarm: Alarm) -> None:
    """Releases what was held and never confirmed."""
    state = tx.scalar(select(Booking.state).where(Booking.id == alarm.subject))
    if state in (HELD, ASKED):
        row = bookings.booking(tx, alarm.subject)
        bookings.become(tx, row, RELEASED, reason="never confirmed")
        figures.booked(tx, "released")


def no_show(tx: Tx, alarm: Alarm) -> None:
    """Frees a time at which nobody came."""
    period = tx.one(select(Period.__table__).where(Period.id == alarm.subject))
    if period is None or not period.taken or period.checked_in_at is not None:
        return
    row = bookings.booking(tx, period.booking)
    if row.state != BOOKED:
        return
    bookings.free(tx, row.id, Period.id == period.id)
    figures.booked(tx, "no_show")
    tx.audit("schedule.booking.no_show", subject=row.id, after={"starts_at": period.starts_at.isoformat()})
    after = {**row._mapping, "sequence": row.sequence + 1}
    tx.execute(update(Booking).where(Booking.id == row.id).values(sequence=after["sequence"]))
    room = bookings.room_of(tx, row.room)
    told = desk.notice(tx, after, room, "booking_no_show", starts_at=period.starts_at.isoformat())
    desk.tell(tx, after, room, [told])


def used(tx: Tx, noun: str, subject: str, booking: str | None, time: Time | None) -> None:
    """What another noun says of its subject: which time of which booking it has now; what it had before is given back.

    Several subjects may have times of one booking, as the meetings of a series do.
    """
    of = (Use.noun == noun, Use.subject == subject)
    before = tx.one(select(Use.__table__).where(*of).with_for_update())
    after = {"booking": booking, "starts_at": time.starts_at, "ends_at": time.ends_at} if booking and time else None
    if before is not None and after != {name: before._mapping[name] for name in ("booking", "starts_at", "ends_at")}:
        tx.execute(delete(Use).where(*of))
        _give_back(tx, before)
        before = None
    if after is None:
        return
    state = tx.scalar(select(Booking.state).where(Booking.id == booking, Booking.noun == noun))
    if state in HAS and before is None:
        tx.insert(Use, noun=noun, subject=subject, **after)
    if state in (HELD, ASKED):
        alarms.cancel(tx, bookings.EXPIRE, str(booking))
    if state == HELD:
        bookings.become(tx, bookings.booking(tx, str(booking)), BOOKED)


def _give_back(tx: Tx, use: Any) -> None:
    row = tx.one(select(Booking.id, Booking.state).where(Booking.id == use.booking))
    if row is None or row.state not in HAS:
        return
    held = bookings.booking(tx, row.id)
    bookings.free(tx, held.id, Period.starts_at == use.starts_at)
    if not tx.scalar(select(Period.id).where(Period.booking == held.id, Period.taken.is_(True)).limit(1)):
        bookings.become(tx, held, RELEASED, told=False)
