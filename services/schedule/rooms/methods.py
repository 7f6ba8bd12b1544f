"""The methods of rooms: a part of the schedule service."""

from __future__ import annotations

from typing import Any

from services.schedule.domain.rooms import Time
from services.schedule.rooms import acting, keeping
from services.schedule.rooms import booking as bookings
from shared.alarms import Alarm
from shared.bus import Service, command, on_time, query
from shared.context import Context
from shared.contracts import rooms as contract
from shared.db import Tx
from shared.errors import Invalid
from shared.people import ref

Doc = dict[str, Any]
_ADMIN = ("tenant_admin",)


class RoomMethods(Service):
    """Beside `Service` among the bases of the schedule service."""

    @query(contract.RoomsQuery)
    def rooms(self, tx: Tx, ctx: Context, data: Doc) -> Doc:
        """The rooms there are, as `RoomList`."""
        return keeping.listed(tx, ctx, data, self.calendar(ctx))

    @query(contract.RoomQuery)
    def room(self, tx: Tx, ctx: Context, data: Doc) -> Doc:
        """A room with what is booked, as `RoomView`."""
        return keeping.view(tx, ctx, data["id"])

    @command(contract.SaveRoom, roles=_ADMIN)
    def save_room(self, tx: Tx, ctx: Context, data: Doc) -> Doc:
        """A room, new or changed, as `RoomView`."""
        known = self.people(ctx, data["approvers"]) if data["approvers"] else {}
        if any(id_ not in known or not known[id_]["active"] for id_ in data["approvers"]):
            raise Invalid({"approvers": "unknown_person"})
        if data["id"] is None:
            keeping.require_few(tx)
        return keeping.save(tx, ctx, data, [ref(known[id_]) for id_ in data["approvers"]])

    @command(contract.CloseRoom, roles=_ADMIN)
    def close_room(self, tx: Tx, ctx: Context, data: Doc) -> Doc:
        """A time at which a room cannot be booked, as `ClosureResult`."""
        return keeping.close(tx, ctx, data)

    @command(contract.OpenRoom, roles=_ADMIN)
    def open_room(self, tx: Tx, ctx: Context, data: Doc) -> Doc:
        """Takes a closure back."""
        return keeping.open_(tx, data)

    @command(contract.Hold)
    def hold(self, tx: Tx, ctx: Context, data: Doc) -> Doc:
        """Books a room for another noun's subject, as `HoldResult`."""
        times = [Time(each["starts_at"], each["ends_at"]) for each in data["periods"]]
        asked = bookings.Asked(
            data["resource"],
            data["noun"],
            data["subject"],
            data["key"],
            data["title"],
            times,
            skip=data["skip"],
            open=data["open"],
            instead=data["instead"],
        )
        return bookings.hold(tx, ctx, asked, self.calendar(ctx))

    @query(contract.BookingQuery)
    def booking(self, tx: Tx, ctx: Context, data: Doc) -> Doc:
        """A booking with its times, as `BookingWhole`."""
        return keeping.of_id(tx, ctx, data["id"])

    @command(contract.BookingId)
    def release(self, tx: Tx, ctx: Context, data: Doc) -> Doc:
        """Gives a booking back, or one of its times."""
        return acting.release(tx, ctx, data)

    @command(contract.AddPeriod)
    def rebook(self, tx: Tx, ctx: Context, data: Doc) -> Doc:
        """Takes a time that was skipped into a booking again."""
        return acting.rebook(tx, ctx, data, self.calendar(ctx))

    @command(contract.AnswerBooking)
    def answer_booking(self, tx: Tx, ctx: Context, data: Doc) -> Doc:
        """Agrees to a booking, or refuses it."""
        return acting.answer(tx, ctx, data)

    @command(contract.CheckIn)
    def check_in(self, tx: Tx, ctx: Context, data: Doc) -> Doc:
        """Somebody is there."""
        return acting.check_in(tx, ctx, data)

    @query(contract.DoorQuery, anonymous=True)
    def door(self, tx: Tx, ctx: Context, data: Doc) -> Doc:
        """What the sign at a room's door shows, as `DoorView`."""
        return keeping.door(tx, data["code"])

    @on_time(bookings.EXPIRE)
    def booking_expires(self, tx: Tx, alarm: Alarm) -> None:
        """What was held and never confirmed is released."""
        acting.expire(tx, alarm)

    @on_time(bookings.NO_SHOW)
    def booking_no_show(self, tx: Tx, alarm: Alarm) -> None:
        """A time at which nobody came is free again."""
        acting.no_show(tx, alarm)
