"""How rooms are kept: by administrators."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, request
from flask_babel import gettext
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from gateway.core import backend, receivers
from gateway.core.auth import administrators_only
from gateway.core.page import show
from gateway.rooms import words
from shared.contracts.rooms import KINDS
from shared.errors import Problem
from shared.ids import new_id

bp = Blueprint("rooms_kept", __name__, url_prefix="/rooms")
bp.before_request(administrators_only)

Answer = str | tuple[str, int] | Response
_MENDABLE = (404, 409, 412, 422, 503)


@bp.get("/new")
def new() -> str:
    """A further room."""
    hours_ = {"opens": 9 * 60, "closes": 18 * 60, "weekdays": [0, 1, 2, 3, 4], "holidays": False}
    fresh = {"kind": "room", "name": "", "place": "", "capacity": 10, "fixtures": [], "hours": hours_}
    return _form(fresh | {"bookers": ["organisation"], "approvers": [], "no_show": 10, "version": ""})


@bp.get("/<uuid:id>/edit")
def edit(id: UUID) -> str:  # noqa: A002
    """A room's settings."""
    return _form(backend.call("schedule", "room", {"id": str(id)}))


def _form(room: dict[str, Any], said: str = "", errors: Any = None) -> str:
    people = [each for each in room["bookers"] if each != "organisation"]
    return show(
        "rooms/form.html",
        room=room,
        kinds=KINDS,
        said=said,
        errors=errors or {},
        chosen=receivers.chosen(people) if people else [],
        key=request.form.get("idempotency_key") or new_id(),
    )


@bp.post("")
def create() -> Answer:
    """Makes a room."""
    return _save(posted(request.form))


@bp.post("/<uuid:id>/edit")
def save(id: UUID) -> Answer:  # noqa: A002
    """Changes a room, or takes it away."""
    return _save({"id": str(id), **posted(request.form)})


def posted(form: MultiDict[str, str]) -> dict[str, Any]:
    """What the form says, as the service takes it; a number that is none goes there as it is."""
    bookers = [each for each in form.getlist("bookers") if each.partition(":")[0] in ("person", "department")]
    data: dict[str, Any] = {name: form.get(name, "") for name in ("kind", "name", "place")}
    data |= {"capacity": form.get("capacity", "0") or "0", "bookers": bookers or ["organisation"]}
    data |= {"fixtures": [each.strip() for each in form.get("fixtures", "").split(",") if each.strip()]}
    data |= {"approvers": form.getlist("approvers"), "no_show": form.get("no_show") or None}
    data["hours"] = {
        "opens": _minutes(form.get("opens", ""), 0),
        "closes": _minutes(form.get("closes", ""), 1440) or 1440,
        "weekdays": [int(each) for each in form.getlist("weekdays") if each.isdecimal()],
        "holidays": form.get("holidays") == "yes",
    }
    data |= {"removed": True} if form.get("removed") == "yes" else {}
    return data | ({"version": int(form["version"])} if form.get("version", "").isdecimal() else {})


def _minutes(clock: str, otherwise: int) -> int:
    """Minutes of the day of `09:30`."""
    hour, _, minute = clock.partition(":")
    return int(hour) * 60 + int(minute) if hour.isdecimal() and minute.isdecimal() else otherwise


def _save(data: dict[str, Any]) -> Answer:
    try:
        saved = backend.call("schedule", "save_room", data)
    except Problem as problem:
        if problem.status not in _MENDABLE:
            raise
        # The form shows people; what it sends are their ids.
        named = backend.call("directory", "people_by_ids", {"ids": data["approvers"]}) if data["approvers"] else {}
        typed = {"version": "", "id": ""} | data | {"approvers": list(named.values())}
        return _form(typed, words.refusal_words(problem), problem.fields), problem.status
    if data.get("removed"):
        flash(gettext("회의실을 삭제했습니다. 예약한 직원에게 알립니다."))
        return redirect("/rooms", 303)
    flash(gettext("저장했습니다."))
    return redirect(f"/rooms/{saved['id']}", 303)
