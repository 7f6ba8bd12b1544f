"""Entries of calendars, and what one asks before one makes one."""

from __future__ import annotations

from typing import Any

from flask import Response
from flask_smorest import Blueprint

from gateway.core import auth, backend, files
from gateway.core.describe import operation, without
from gateway.core.http import answer, body, if_match, query
from gateway.schedule.api import listed
from shared.contracts import schedule as contract

bp = Blueprint("Schedule", __name__, description="Entries of calendars, free times, presence, other programs")

_WINDOW = ("calendars", "people", "departments", "rooms")
_OF_SERIES = without(contract.EntryQuery, "id")


@bp.route("/schedule/entries", methods=["POST"])
@operation(body=contract.CreateEntry, answers={201: contract.EntryResult}, problems=(404, 409), etag=True)
@auth.signed_in
def create_entry() -> Response:
    """Enters something: a title and its times suffice. A leave with `absence` is the absence others go by."""
    made = backend.call("schedule", "create", body())
    return answer(made, 201, version=made["version"], location=f"/schedule/entries/{made['id']}")


@bp.route("/schedule/entries", methods=["GET"])
@operation(query=contract.WindowQuery, answers={200: contract.WindowView}, problems=(404,))
@auth.signed_in
def entries() -> Response:
    """What lies in a window, series expanded; of what one may not read only that somebody is busy."""
    return answer(backend.call("schedule", "entries", listed(*_WINDOW)))


@bp.route("/schedule/entries/<uuid:id>", methods=["GET"])
@operation(query=_OF_SERIES, answers={200: contract.CalendarEntryView}, problems=(404,), etag=True)
@auth.signed_in
def entry(id: Any) -> Response:  # noqa: A002
    """An entry, whole; with `rid` one of a series as it holds."""
    found = backend.call("schedule", "entry", query(id=str(id)))
    return answer(found, version=found["version"])


@bp.route("/schedule/entries/<uuid:id>", methods=["PATCH"])
@operation(
    body=without(contract.ChangeEntry, "id", "version"),
    answers={200: contract.EntryResult},
    problems=(404, 409),
    if_match=True,
    etag=True,
)
@auth.signed_in
def change_entry(id: Any) -> Response:  # noqa: A002
    """Changes what is given; of a series `scope` says whether `this`, `following` or `all`."""
    done = backend.call("schedule", "change", body(id=str(id), version=if_match()))
    return answer(done, version=done["version"])


@bp.route("/schedule/entries/<uuid:id>", methods=["DELETE"])
@operation(
    query=without(contract.RemoveEntry, "id", "version"),
    answers={200: contract.EntryResult},
    keyed=True,
    problems=(404, 409),
    if_match=True,
    etag=True,
)
@auth.signed_in
def remove_entry(id: Any) -> Response:  # noqa: A002
    """Takes an entry out, or of a series one, one and the following, or all."""
    done = backend.call("schedule", "remove", query(id=str(id), version=if_match()))
    return answer(done, version=done["version"])


@bp.route("/schedule/entries/<uuid:id>/diary", methods=["PUT"])
@operation(body=without(contract.WriteDiary, "id"), answers={200: contract.DiaryView}, problems=(404,))
@auth.signed_in
def write_diary(id: Any) -> Response:  # noqa: A002
    """What came of an entry (일지), once it has begun."""
    return answer(backend.call("schedule", "write_diary", body(id=str(id))))


# -- before one enters it ---------------------------------------------------------------------------


@bp.route("/schedule/preview", methods=["GET"])
@operation(query=contract.PreviewQuery, answers={200: contract.Preview}, problems=(404,))
@auth.signed_in
def preview_entry() -> Response:
    """What a rule comes to, who or what is taken then, and the holidays it meets."""
    return answer(backend.call("schedule", "preview", listed("people")))


@bp.route("/schedule/free", methods=["GET"])
@operation(query=contract.FreeQuery, answers={200: contract.FreeTimes}, problems=(404,))
@auth.signed_in
def free_times() -> Response:
    """Times within working hours at which everybody is free, best first."""
    return answer(backend.call("schedule", "free", listed("people")))


@bp.route("/schedule/busy", methods=["GET"])
@operation(query=contract.BusyQuery, answers={200: contract.BusyView}, problems=(404,))
@auth.signed_in
def busy_times() -> Response:
    """When people are taken, and nothing else of it."""
    return answer(backend.call("schedule", "busy", listed("people")))


files.routes(bp, service="schedule", owner="/schedule/entries/<uuid:id>/files", named="entry_file")
