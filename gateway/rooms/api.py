"""Rooms and equipment: what there is, who has booked it, and when it is closed."""

from __future__ import annotations

from typing import Any

from flask import Response
from flask_smorest import Blueprint

from gateway.core import auth, backend
from gateway.core.describe import operation, without
from gateway.core.http import answer, body, if_match, nothing, query
from shared.contracts import rooms as contract

bp = Blueprint("Rooms", __name__, description="Rooms and equipment that are booked")


@bp.route("/rooms", methods=["GET"])
@operation(query=contract.RoomsQuery, answers={200: contract.RoomList})
@auth.signed_in
def rooms() -> Response:
    """Rooms and equipment; with a time, whether each is free then."""
    return answer(backend.call("schedule", "rooms", query()))


@bp.route("/rooms", methods=["POST"])
@operation(body=without(contract.SaveRoom, "id", "version"), answers={201: contract.RoomView}, etag=True)
@auth.signed_in
def create_room() -> Response:
    """A further room (administrator)."""
    made = backend.call("schedule", "save_room", body())
    return answer(made, 201, version=made["version"], location=f"/rooms/{made['id']}")


@bp.route("/rooms/<uuid:id>", methods=["GET"])
@operation(answers={200: contract.RoomView}, problems=(404,), etag=True)
@auth.signed_in
def room(id: Any) -> Response:  # noqa: A002
    """A room with its closures and its bookings of today and later."""
    found = backend.call("schedule", "room", {"id": str(id)})
    return answer(found, version=found["version"])


@bp.route("/rooms/<uuid:id>", methods=["PUT"])
@operation(
    body=without(contract.SaveRoom, "id", "version"),
    answers={200: contract.RoomView},
    problems=(404,),
    if_match=True,
    etag=True,
)
@auth.signed_in
def save_room(id: Any) -> Response:  # noqa: A002
    """Changes a room (administrator); `removed` takes it away, and whoever has booked it is told."""
    saved = backend.call("schedule", "save_room", body(id=str(id), version=if_match()))
    return answer(saved, version=saved.get("version"))


@bp.route("/rooms/<uuid:id>/closures", methods=["POST"])
@operation(body=without(contract.CloseRoom, "id"), answers={200: contract.ClosureResult}, problems=(404,))
@auth.signed_in
def close_room(id: Any) -> Response:  # noqa: A002
    """Closes a room for a time (administrator); what is booked stays, and is named."""
    return answer(backend.call("schedule", "close_room", body(id=str(id))))


@bp.route("/rooms/<uuid:id>/closures/<uuid:closure>", methods=["DELETE"])
@operation(answers={204: None}, problems=(404,))
@auth.signed_in
def open_room(id: Any, closure: Any) -> Response:  # noqa: A002
    """Takes a closure back (administrator)."""
    backend.call("schedule", "open_room", {"id": str(id), "closure": str(closure)})
    return nothing()


@bp.route("/rooms/<uuid:id>/check-in", methods=["POST"])
@operation(body=without(contract.CheckIn, "id"), optional=True, answers={200: contract.BookingState}, problems=(404,))
@auth.signed_in
def check_in(id: Any) -> Response:  # noqa: A002
    """Somebody is there: by the `code` on the door's sign, or as who booked."""
    return answer(backend.call("schedule", "check_in", body(optional=True, id=str(id))))


@bp.route("/rooms/<uuid:id>/bookings", methods=["POST"])
@operation(body=without(contract.Hold, "resource"), answers={201: contract.HoldResult}, problems=(404, 409))
@auth.signed_in
def hold_room(id: Any) -> Response:  # noqa: A002
    """Books all of the times or none, with `skip` those that are free. `room-taken` has `clashes` and `others`."""
    return answer(backend.call("schedule", "hold", body(resource=str(id))), 201)


@bp.route("/room-bookings/<uuid:id>", methods=["GET"])
@operation(answers={200: contract.BookingWhole}, problems=(404,))
@auth.signed_in
def room_booking(id: Any) -> Response:  # noqa: A002
    """A booking with all of its times."""
    return answer(backend.call("schedule", "booking", {"id": str(id)}))


@bp.route("/room-bookings/<uuid:id>", methods=["DELETE"])
@operation(
    query=without(contract.BookingId, "id"), answers={200: contract.BookingState}, keyed=True, problems=(404, 409)
)
@auth.signed_in
def release_room(id: Any) -> Response:  # noqa: A002
    """Gives a booking back; with `starts_at` only that time of it."""
    return answer(backend.call("schedule", "release", query(id=str(id))))


@bp.route("/room-bookings/<uuid:id>/periods", methods=["POST"])
@operation(body=without(contract.AddPeriod, "id"), answers={200: contract.BookingState}, problems=(404, 409))
@auth.signed_in
def rebook_room(id: Any) -> Response:  # noqa: A002
    """Takes a time that was skipped into the booking again."""
    return answer(backend.call("schedule", "rebook", body(id=str(id))))


@bp.route("/room-bookings/<uuid:id>/answer", methods=["POST"])
@operation(body=without(contract.AnswerBooking, "id"), answers={200: contract.BookingState}, problems=(404, 409))
@auth.signed_in
def answer_booking(id: Any) -> Response:  # noqa: A002
    """Agrees to a booking or refuses it (one of the room's approvers)."""
    return answer(backend.call("schedule", "answer_booking", body(id=str(id))))
