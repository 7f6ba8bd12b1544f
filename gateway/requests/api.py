"""Requests (업무요청) and instructions (지시사항) for programs."""

from __future__ import annotations

from typing import Any

from flask import Response
from flask_smorest import Blueprint

from gateway.core import auth, backend, files, security, threads
from gateway.core.describe import operation, without
from gateway.core.http import answer, body, if_match, query, require_if_match
from shared.contracts import requests as contract

bp = Blueprint("Requests", __name__, description="What people and departments ask each other, to its end")

# A body of two million characters, each of up to four bytes or six as JSON escapes.
_LIMIT = 13 * 1024 * 1024


@bp.route("/requests", methods=["POST"])
@operation(body=contract.CreateRequest, answers={201: contract.RequestResult}, problems=(404, 422), etag=True)
@security.body_limit(_LIMIT)
@auth.signed_in
def create_request() -> Response:
    """Asks people or departments; a title, somebody and mostly a date suffice."""
    made = backend.call("requests", "create", body())
    return answer(made, 201, version=made["version"], location=f"/requests/{made['id']}")


@bp.route("/requests", methods=["GET"])
@operation(query=contract.BoxQuery, answers={200: contract.RequestPage})
@auth.signed_in
def requests() -> Response:
    """One page of a list: asked of the caller, by the caller, of the caller's department."""
    return answer(backend.call("requests", "box", query()))


@bp.route("/requests/reckoning", methods=["GET"])
@operation(query=contract.ReckonQuery, answers={200: contract.Reckoning})
@auth.signed_in
def reckon_due() -> Response:
    """A due day in working days of the organisation's calendar, with the days that are skipped and why."""
    return answer(backend.call("requests", "reckon", query()))


@bp.route("/requests/statistics", methods=["GET"])
@operation(query=contract.StatisticsQuery, answers={200: contract.StatisticList})
@auth.signed_in
def request_statistics() -> Response:
    """Lead time and lateness of what was done, by department and month."""
    return answer(backend.call("requests", "statistics", query()))


@bp.route("/requests/<uuid:id>", methods=["GET"])
@operation(answers={200: contract.RequestView}, problems=(404,), etag=True)
@auth.signed_in
def request_card(id: Any) -> Response:  # noqa: A002
    """A request, whole, with its history and what the caller may do."""
    found = backend.call("requests", "card", {"id": str(id)})
    return answer(found, version=found["version"])


@bp.route("/requests/<uuid:id>", methods=["PATCH"])
@operation(
    body=without(contract.ChangeRequest, "id", "version"),
    answers={200: contract.RequestResult},
    problems=(404, 409, 428),
    if_match=True,
    etag=True,
)
@security.body_limit(_LIMIT)
@auth.signed_in
def change_request(id: Any) -> Response:  # noqa: A002
    """Changes what is asked, by who has asked; of a spoken instruction it confirms it as corrected."""
    done = backend.call("requests", "change", body(id=str(id), version=require_if_match()))
    return answer(done, version=done["version"])


@bp.route("/requests/<uuid:id>/acts", methods=["POST"])
@operation(
    body=without(contract.RequestAct, "id", "version"),
    answers={200: contract.RequestResult},
    problems=(404, 409),
    if_match=True,
    etag=True,
)
@auth.signed_in
def act_on_request(id: Any) -> Response:  # noqa: A002
    """Moves a request: `accept`, `decline`, `progress`, `hand_in`, `close`, `send_back`, `extend`, …"""
    done = backend.call("requests", "act", body(id=str(id), version=if_match()))
    return answer(done, version=done["version"])


@bp.route("/requests/<uuid:id>/parent", methods=["PUT"])
@operation(
    body=without(contract.MoveRequest, "id", "version"),
    answers={200: contract.RequestResult},
    problems=(404, 409),
    if_match=True,
    etag=True,
)
@auth.signed_in
def move_request(id: Any) -> Response:  # noqa: A002
    """Puts a request below another, or on top; 409 `circle` where it would lie within itself."""
    done = backend.call("requests", "move", body(id=str(id), version=if_match()))
    return answer(done, version=done["version"])


@bp.route("/requests/<uuid:id>/tree", methods=["GET"])
@operation(answers={200: contract.TreeView}, problems=(404,))
@auth.signed_in
def request_tree(id: Any) -> Response:  # noqa: A002
    """What lies below a request, with progress rolled up."""
    return answer(backend.call("requests", "tree", {"id": str(id)}))


@bp.route("/request-series/<uuid:id>", methods=["DELETE"])
@operation(answers={200: contract.SeriesResult}, keyed=True, problems=(404,))
@auth.signed_in
def stop_request_series(id: Any) -> Response:  # noqa: A002
    """Ends a recurring instruction; what was made of it goes on."""
    return answer(backend.call("requests", "stop_series", {"id": str(id)}))


@bp.route("/request-reminders", methods=["GET"])
@operation(answers={200: contract.RemindersView}, etag=True)
@auth.signed_in
def request_reminders() -> Response:
    """The organisation's rule of reminders."""
    found = backend.call("requests", "reminders", {})
    return answer(found, version=found["version"])


@bp.route("/request-reminders", methods=["PUT"])
@operation(
    body=without(contract.SaveReminders, "version"), answers={200: contract.RemindersView}, if_match=True, etag=True
)
@auth.signed_in
def save_request_reminders() -> Response:
    """Keeps another rule (administrator); it holds for what is reminded from then on."""
    saved = backend.call("requests", "save_reminders", body(version=if_match()))
    return answer(saved, version=saved["version"])


files.routes(bp, service="requests", owner="/requests/<uuid:id>/files", named="request_file")
threads.routes(bp, service="requests", owner="/requests/<uuid:id>", named="request")
