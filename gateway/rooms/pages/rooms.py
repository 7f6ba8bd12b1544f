"""Rooms and equipment: what is free, a day of all of them, and one with its bookings."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from gateway.core import backend
from gateway.core.auth import principal, signed_in
from gateway.core.format import SEOUL, moment
from gateway.core.page import Call, given, is_fragment, show
from gateway.rooms import drawing, words
from gateway.schedule.grid import cells, hours, placed
from gateway.schedule.pages.calendar import asked_day
from gateway.schedule.words import times
from shared.contracts.rooms import KINDS
from shared.errors import NotFound, Problem
from shared.ids import new_id

bp = Blueprint("rooms", __name__, url_prefix="/rooms")

Answer = str | tuple[str, int] | Response
_MENDABLE = (403, 404, 409, 412, 422, 503)
# As many as one asks the entries of at once.
_MOST = 50
# So long before it begins somebody may say that they are there.
_EARLY = timedelta(minutes=15)


@bp.get("")
@signed_in
def rooms() -> str:
    """What is free now, and the day of each, from which one books."""
    day, query = asked_day(), given("kind", "capacity")
    now = datetime.now(UTC).replace(microsecond=0)
    asked: dict[str, Any] = {name: query[name] for name in ("kind", "capacity") if query.get(name)}
    asked |= {"starts_at": now.isoformat(), "ends_at": (now + timedelta(minutes=30)).isoformat()}
    found = backend.call("schedule", "rooms", asked)["items"]
    also: dict[str, Call] = {}
    if found:
        window = {"from": day.isoformat(), "to": (day + timedelta(days=1)).isoformat()}
        also["window"] = ("schedule", "entries", window | {"rooms": [room["id"] for room in found[:_MOST]]})
    return show(
        "rooms/_rooms.html" if is_fragment() else "rooms/rooms.html",
        also=also,
        rooms=found,
        query=query,
        kinds=KINDS,
        day=day,
        today=times.today(),
        before=day - timedelta(days=1),
        after=day + timedelta(days=1),
        now=now.astimezone(SEOUL),
        cells=cells,
        hours=lambda lines: hours(placed(lines, day)),
        administers="tenant_admin" in principal().roles,
    )


@bp.get("/<uuid:id>")
@signed_in
def room(id: UUID) -> Answer:  # noqa: A002
    """A room: when it is booked and closed, and what the reader may do."""
    return _page(str(id))


def _page(id_: str, said: str = "", opened: str = "", errors: Any = None) -> str:
    found = backend.call("schedule", "room", {"id": id_})
    now = datetime.now(UTC)
    current = next((each for each in found["bookings"] if _runs(each, now)), None)
    return show(
        "rooms/_room.html" if is_fragment() else "rooms/room.html",
        room=found,
        current=current,
        said=said,
        opened=opened,
        errors=errors or {},
        administers="tenant_admin" in principal().roles,
        door=drawing.door(found["door"]) if found["door"] else "",
        key=new_id(),
    )


def _runs(booking: dict[str, Any], now: datetime) -> bool:
    """Whether it is the time of a booking, or so soon that one may be there already."""
    starts, ends = moment(booking["starts_at"]), moment(booking["ends_at"])
    return bool(starts and ends and starts - _EARLY <= now < ends)


def _done(id_: str, method: str, data: dict[str, Any], said: str, opened: str = "") -> Answer:
    try:
        backend.call("schedule", method, data)
    except Problem as problem:
        if problem.status not in _MENDABLE:
            raise
        return _page(id_, words.refusal_words(problem), opened, problem.fields), problem.status
    flash(said)
    return redirect(f"/rooms/{id_}", 303)


@bp.get("/bookings/<uuid:id>")
@signed_in
def booking(id: UUID) -> Response:  # noqa: A002
    """The room of a booking, at that booking: where a to-do and a notice lead."""
    found = backend.call("schedule", "booking", {"id": str(id)})
    return redirect(f"/rooms/{found['room']['id']}#booking-{id}")


@bp.get("/check-in/<code>")
@signed_in
def by_sign(code: str) -> str:
    """Where the sign's QR code leads: one press says that somebody is there."""
    tenant, _, _ = code.partition(".")
    if tenant != principal().tenant:
        raise NotFound("door")
    found = backend.call("schedule", "door", {"code": code})
    return show("rooms/check_in.html", room=found, code=code, key=new_id())


@bp.post("/<uuid:id>/release")
@signed_in
def release(id: UUID) -> Answer:  # noqa: A002
    """Gives a booking back, or one time of it."""
    form = request.form
    data = {"id": form.get("booking", "")} | ({"starts_at": form["starts_at"]} if form.get("starts_at") else {})
    return _done(str(id), "release", data, gettext("예약을 반납했습니다."))


@bp.post("/<uuid:id>/answer")
@signed_in
def answer(id: UUID) -> Answer:  # noqa: A002
    """Agrees to a booking, or not."""
    form, granted = request.form, request.form.get("granted") == "yes"
    data = {"id": form.get("booking", ""), "granted": granted, "reason": form.get("reason", "")}
    return _done(str(id), "answer_booking", data, gettext("승인했습니다.") if granted else gettext("거절했습니다."))


@bp.post("/<uuid:id>/check-in")
@signed_in
def check_in(id: UUID) -> Answer:  # noqa: A002
    """Somebody is there."""
    data = {"id": str(id), "code": request.form.get("code", "")}
    return _done(str(id), "check_in", data, gettext("입실을 확인했습니다."))


@bp.post("/<uuid:id>/close")
@signed_in
def close(id: UUID) -> Answer:  # noqa: A002
    """Nobody can book it for this time (administrator)."""
    form = request.form
    data: dict[str, Any] = {"id": str(id), "reason": form.get("reason", "")}
    data |= {name: f"{form.get(name, '')}:00+09:00" for name in ("starts_at", "ends_at")}
    return _done(str(id), "close_room", data, gettext("사용 중지 기간을 등록했습니다."), "close")


@bp.post("/<uuid:id>/open")
@signed_in
def open_(id: UUID) -> Answer:  # noqa: A002
    """Takes a closure back (administrator)."""
    data = {"id": str(id), "closure": request.form.get("closure", "")}
    return _done(str(id), "open_room", data, gettext("사용 중지를 해제했습니다."))
