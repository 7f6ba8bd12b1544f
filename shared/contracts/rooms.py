"""Rooms and equipment (자원) of the schedule: who may book what, and what is booked."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from shared.contracts.common import TITLE_LIMIT, ChosenId, Id, Name, Number, PersonRef, Several, Strict, Text
from shared.contracts.schedule import Principal

KINDS = ("room", "equipment")
STATES = ("held", "asked", "booked", "refused", "released")
# Why a time cannot be booked.
REASONS = ("taken", "closed", "hours")
PERIODS_LIMIT = 400
FIXTURES_LIMIT = 30


class RoomHours(Strict):
    """When it can be booked, by the clock of Seoul: minutes of the day, and days of the week (0 is Monday)."""

    opens = Number(0, 1_439, load_default=0)
    closes = Number(1, 1_440, load_default=1_440)
    weekdays = Several(Number(0, 6), 7, load_default=lambda: [0, 1, 2, 3, 4, 5, 6])
    holidays = fields.Boolean(load_default=True, metadata={"description": "Whether it can be booked on holidays"})


class SaveRoom(Strict):
    """`save_room` (administrator): a room or a piece of equipment.

    `bookers` may book it, everybody unless told; with `approvers` one of them agrees first. Where nobody has checked in
    so many minutes after the beginning (`no_show`), it is released; null: never.
    """

    id = Id(load_default=None, allow_none=True)
    version = Number(1, load_default=None, allow_none=True)
    kind = fields.String(load_default="room", validate=validate.OneOf(KINDS))
    name = Text(100, 1, required=True)
    place = Text(200, load_default="")
    capacity = Number(0, 100_000, load_default=0)
    fixtures = Several(Text(50, 1), FIXTURES_LIMIT, load_default=list)
    hours = fields.Nested(RoomHours, load_default=lambda: RoomHours().load({}))
    bookers = Several(fields.String(validate=Principal), 100, load_default=lambda: ["organisation"])
    approvers = Several(Id(), 20, load_default=list)
    no_show = Number(5, 240, load_default=None, allow_none=True)
    removed = fields.Boolean(load_default=False)


class RoomQuery(Strict):
    """One room."""

    id = Id(required=True)


class RoomsQuery(Strict):
    """`rooms`: those there are; with a time, whether each is free then. `capacity`: at least so many."""

    kind = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(KINDS))
    capacity = Number(0, 100_000, load_default=0)
    starts_at = fields.AwareDateTime(load_default=None, allow_none=True)
    ends_at = fields.AwareDateTime(load_default=None, allow_none=True)


class CloseRoom(Strict):
    """`close_room` (administrator): nobody can book it for this time; what is booked stays, and is named."""

    id = Id(required=True)
    starts_at = fields.AwareDateTime(required=True)
    ends_at = fields.AwareDateTime(required=True)
    reason = Text(200, 1, required=True)


class OpenRoom(Strict):
    """`open_room` (administrator): takes a closure back."""

    id = Id(required=True)
    closure = Id(required=True)


class BookedPeriod(Strict):
    """From `starts_at` until before `ends_at`: back to back is no clash."""

    starts_at = fields.AwareDateTime(required=True)
    ends_at = fields.AwareDateTime(required=True)


class Hold(Strict):
    """`hold`: books a room for another noun's subject, all of its times or none; with `skip` those that are free.

    It is released after ten minutes unless the noun's own event confirms it. The same `key` again answers the same.
    Raises `Conflict` `room-taken` with `clashes` and `others`, rooms that are free at all of the times.
    """

    resource = Id(required=True)
    noun = fields.String(required=True, validate=Name)
    subject = ChosenId(required=True)
    key = ChosenId(required=True)
    title = Text(TITLE_LIMIT, required=True)
    periods = Several(fields.Nested(BookedPeriod), PERIODS_LIMIT, 1, required=True)
    skip = fields.Boolean(load_default=False)
    open = fields.Boolean(load_default=True, metadata={"description": "Whether everybody may read the title"})
    instead = Several(
        ChosenId(),
        PERIODS_LIMIT,
        load_default=list,
        metadata={"description": "Subjects whose times are given up for it"},
    )


class HoldResult(Schema):
    """`hold`. `asked`: somebody has to agree first."""

    booking = Id(required=True)
    room = fields.String(required=True, metadata={"description": "What the room is called"})
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    booked = fields.List(fields.Dict(), required=True, metadata={"description": "[{starts_at, ends_at}]"})
    skipped = fields.List(fields.Dict(), required=True, metadata={"description": "[{starts_at, ends_at, reason}]"})


class BookingQuery(Strict):
    """One booking."""

    id = Id(required=True)


class BookingState(Schema):
    """How a booking stands after an act."""

    id = Id(required=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES))


class BookingId(Strict):
    """`release`: by who booked, who approves, or an administrator. With `starts_at` only that time of it."""

    id = Id(required=True)
    starts_at = fields.AwareDateTime(load_default=None, allow_none=True)


class AddPeriod(Strict):
    """`rebook`: takes a time that was skipped into a booking again, once it is free."""

    id = Id(required=True)
    starts_at = fields.AwareDateTime(required=True)
    ends_at = fields.AwareDateTime(required=True)


class AnswerBooking(Strict):
    """`answer_booking`: by one of the approvers."""

    id = Id(required=True)
    granted = fields.Boolean(required=True)
    reason = Text(300, load_default="")


class CheckIn(Strict):
    """`check_in`: somebody is there, by the code on the door's sign or as who booked."""

    id = Id(required=True, metadata={"description": "The room"})
    code = fields.String(load_default="", validate=validate.Length(max=80))


class DoorQuery(Strict):
    """`door`: what the sign at the door shows, asked with nobody signed in; `code` is the sign's secret."""

    code = fields.String(required=True, validate=validate.Length(20, 80))


class BookingView(Schema):
    """A time that is booked. Its title is empty for who may not read it."""

    id = Id(required=True)
    resource = Id(required=True)
    title = fields.String(required=True)
    noun = fields.String(required=True)
    subject = fields.String(required=True)
    starts_at = fields.DateTime(required=True)
    ends_at = fields.DateTime(required=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    by = fields.Nested(PersonRef, required=True, allow_none=True)
    checked_in_at = fields.DateTime(required=True, allow_none=True)
    may = fields.List(fields.String(), required=True, metadata={"description": "`release`, `answer`, `check_in`"})


class RoomLine(Schema):
    """A room as a list shows it. `free` is null where no time was told."""

    id = Id(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    name = fields.String(required=True)
    place = fields.String(required=True)
    capacity = fields.Integer(required=True)
    fixtures = fields.List(fields.String(), required=True)
    approved = fields.Boolean(required=True, metadata={"description": "Whether somebody has to agree"})
    may_book = fields.Boolean(required=True)
    free = fields.Boolean(required=True, allow_none=True)


class RoomList(Schema):
    """`rooms`, by name."""

    items = fields.List(fields.Nested(RoomLine), required=True)


class RoomView(RoomLine):
    """A room, whole; `door` is the code of its sign and told administrators only."""

    version = fields.Integer(required=True)
    hours = fields.Nested(RoomHours, required=True)
    bookers = fields.List(fields.String(), required=True)
    approvers = fields.List(fields.Nested(PersonRef), required=True)
    no_show = fields.Integer(required=True, allow_none=True)
    door = fields.String(required=True, allow_none=True)
    closures = fields.List(fields.Dict(), required=True, metadata={"description": "[{id, starts_at, ends_at, reason}]"})
    bookings = fields.List(fields.Nested(BookingView), required=True, metadata={"description": "Of today and later"})


class BookingWhole(Schema):
    """`booking`: with all of its times, also those that were freed."""

    id = Id(required=True)
    room = fields.Nested(RoomLine, required=True)
    noun = fields.String(required=True)
    subject = Id(required=True)
    title = fields.String(required=True)
    by = fields.Nested(PersonRef, required=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    since = fields.DateTime(required=True)
    skipped = fields.List(fields.Dict(), required=True, metadata={"description": "[{starts_at, ends_at, reason}]"})
    periods = fields.List(
        fields.Dict(), required=True, metadata={"description": "[{starts_at, ends_at, taken, checked_in_at}]"}
    )
    may = fields.List(fields.String(), required=True)


class ClosureResult(Schema):
    """`close_room`: what is booked all the same, and stays."""

    closure = Id(required=True)
    booked = fields.List(fields.Nested(BookingView), required=True)


class DoorView(Schema):
    """`door`: the room and today's bookings; titles of what is closed or private are left out."""

    id = Id(required=True)
    name = fields.String(required=True)
    place = fields.String(required=True)
    capacity = fields.Integer(required=True)
    now = fields.DateTime(required=True)
    bookings = fields.List(
        fields.Dict(), required=True, metadata={"description": "[{title, by, starts_at, ends_at, checked_in}]"}
    )
