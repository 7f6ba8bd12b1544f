"""Calendars of one's own: names, colours, who sees them, addresses for other programs, files in and out."""

from __future__ import annotations

import base64
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from gateway.core import backend, receivers, security
from gateway.core.auth import principal, signed_in
from gateway.core.page import show
from gateway.schedule.api.calendars import ics
from gateway.schedule.words import refused as words
from shared.contracts.schedule import ICS_LIMIT, LEVELS
from shared.errors import Invalid, Problem, TooLarge
from shared.ids import new_id

bp = Blueprint("schedule_settings", __name__, url_prefix="/schedule/calendars")

Answer = str | tuple[str, int] | Response
COLOURS = range(8)
# Zones that files of other programs mean by names that nobody knows; any other can be typed at the API.
ZONES = ("Asia/Seoul", "Asia/Tokyo", "Asia/Shanghai", "Europe/London", "America/New_York", "UTC")
# Around the file in the form.
_WRAPPING = 64 * 1024
_MENDABLE = (403, 404, 409, 412, 413, 422, 503)


@bp.get("")
@signed_in
def calendars() -> str:
    """Every calendar the reader sees, with the settings of their own."""
    return _page()


def _page(**values: Any) -> str:
    given = {"problem": None, "errors": {}, "made": None, "taken": None, "content": "", "opened": ""} | values
    return show(
        "schedule/calendars.html",
        also={"found": ("schedule", "calendars", {}), "feeds": ("schedule", "feeds", {})},
        colours=COLOURS,
        levels=LEVELS,
        zones=ZONES,
        limit=ICS_LIMIT,
        host=request.host_url.rstrip("/"),
        login=principal().login,
        sharing=_sharing,
        key=new_id(),
        **given,
    )


def _sharing(calendar: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Whom a calendar is open to, as a picker of each level begins with it."""
    by_level: dict[str, list[str]] = {level: [] for level in LEVELS}
    for share in calendar["shares"]:
        if share["principal"] != "organisation":
            by_level[share["level"]].append(share["principal"])
    return {level: receivers.chosen(named) if named else [] for level, named in by_level.items()}


@bp.post("")
@signed_in
def create() -> Answer:
    """A further calendar."""
    data = {"name": request.form.get("name", ""), "colour": request.form.get("colour", 0, type=int)}
    return _done("save_calendar", data, gettext("캘린더를 추가했습니다."), "new")


@bp.post("/<uuid:id>")
@signed_in
def save(id: UUID) -> Answer:  # noqa: A002
    """Its name, colour and who sees it."""
    form = request.form
    shares = [
        {"principal": each, "level": level}
        for level in LEVELS
        for each in dict.fromkeys(form.getlist(level))
        if each.partition(":")[0] in ("person", "department")
    ]
    if form.get("everybody") in LEVELS:
        shares.append({"principal": "organisation", "level": form["everybody"]})
    data: dict[str, Any] = {"id": str(id), "shares": shares, "colour": form.get("colour", 0, type=int)}
    data |= {"version": form.get("version", 1, type=int), "counts": form.get("counts") == "yes"}
    data |= {"name": form["name"]} if form.get("name") else {}
    return _done("save_calendar", data, gettext("저장했습니다."), str(id))


@bp.post("/<uuid:id>/remove")
@signed_in
def remove(id: UUID) -> Answer:  # noqa: A002
    """Removes a calendar with what is in it."""
    return _done("remove_calendar", {"id": str(id)}, gettext("캘린더를 삭제했습니다."), str(id))


def _done(method: str, data: dict[str, Any], said: str, opened: str) -> Answer:
    try:
        backend.call("schedule", method, data)
    except Problem as problem:
        return _refused(problem, opened)
    flash(said)
    return redirect("/schedule/calendars", 303)


def _refused(problem: Problem, opened: str, **values: Any) -> Answer:
    if problem.status not in _MENDABLE:
        raise problem
    said = words.refusal_words(problem)
    return _page(problem=said, errors=problem.fields, opened=opened, **values), problem.status


# -- addresses for other programs -------------------------------------------------------------------


@bp.post("/feeds")
@signed_in
def create_feed() -> Answer:
    """A secret address, shown on this answer and never again."""
    data = {name: request.form.get(name, "") for name in ("calendar", "name", "level")}
    try:
        made = backend.call("schedule", "create_feed", data, idempotent=False)
    except Problem as problem:
        return _refused(problem, "feeds")
    return _page(made=made, opened="feeds")


@bp.post("/feeds/<uuid:id>/revoke")
@signed_in
def revoke(id: UUID) -> Answer:  # noqa: A002
    """Nobody reads at this address any more."""
    return _done("revoke_feed", {"id": str(id)}, gettext("주소를 폐기했습니다. 더는 읽을 수 없습니다."), "feeds")


# -- files ------------------------------------------------------------------------------------------


@bp.get("/<uuid:id>.ics")
@signed_in
def export(id: UUID) -> Response:  # noqa: A002
    """A calendar as a file."""
    return ics(str(id))


@bp.post("/import")
@security.body_limit(ICS_LIMIT * 4 // 3 + _WRAPPING)
@signed_in
def take_in() -> Answer:
    """Says what a file would bring, and takes it in once that has been seen (`apply`)."""
    form = request.form
    try:
        content = form.get("content") or _content()
        data: dict[str, Any] = {"content": content, "dry_run": form.get("apply") != "yes"}
        data |= {name: form[name] for name in ("calendar", "zone") if form.get(name)}
        taken = backend.call("schedule", "import_ics", data)
    except Problem as problem:
        return _refused(problem, "import")
    if taken["applied"] and not any(each["held"] for each in taken["problems"]):
        flash(gettext("일정 %(n)d건을 가져왔습니다.", n=taken["new"] + taken["changed"]))
        return redirect("/schedule/calendars", 303)
    return _page(taken=taken, content="" if taken["applied"] else content, opened="import")


def _content() -> str:
    file = request.files.get("file")
    kept = file.read() if file else b""
    if not kept:
        raise Invalid({"file": "no_file"})
    if len(kept) > ICS_LIMIT:
        raise TooLarge(ICS_LIMIT)
    return base64.b64encode(kept).decode()
