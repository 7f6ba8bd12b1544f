"""The sign at a room's door: a tablet shows it to everybody, nobody is signed in."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint, render_template, request

from gateway.core import backend, security
from gateway.core.auth import public
from gateway.core.format import SEOUL, moment
from gateway.core.page import is_fragment
from gateway.rooms import drawing
from shared.errors import NotFound

bp = Blueprint("door", __name__)

_LONGEST = 80


@bp.get("/door/<code>")
@public
def sign(code: str) -> str:
    """Whether the room is free, who has it today, and a code to check in with; asks for itself anew each minute."""
    security.require_few_visits("door")
    # Whose sign it is says the code itself: nobody is signed in here.
    tenant, _, secret = code.partition(".")
    if not secret or len(code) > _LONGEST:
        raise NotFound("door")
    backend.tenant(tenant)
    context = backend.anonymous(tenant)
    found = backend.backend().client.call("schedule", "door", context, {"code": code}, repeatable=True)
    now = moment(found["now"])
    assert now is not None
    bookings = [_told(each) for each in found["bookings"]]
    current = next((each for each in bookings if each["starts"] <= now < each["ends"]), None)
    coming = next((each for each in bookings if each["starts"] > now), None)
    return render_template(
        "rooms/_door.html" if is_fragment() else "rooms/door.html",
        room=found,
        now=now.astimezone(SEOUL),
        bookings=bookings,
        current=current,
        coming=coming,
        soon=bool(not current and coming and coming["starts"] - now <= timedelta(minutes=15)),
        address=request.path,
        code=drawing.qr(f"{request.host_url}rooms/check-in/{code}"),
    )


def _told(booking: dict[str, Any]) -> dict[str, Any]:
    starts, ends = moment(booking["starts_at"]), moment(booking["ends_at"])
    assert starts is not None and ends is not None
    return {**booking, "starts": starts, "ends": ends}
