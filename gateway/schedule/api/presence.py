"""Where people are now (재실), and whose day is on the executives' sheet."""

from __future__ import annotations

from typing import Any

from flask import Response
from flask_smorest import Blueprint

from gateway.core import auth, backend
from gateway.core.describe import operation, without
from gateway.core.http import answer, body, nothing
from gateway.schedule.api import listed
from shared.contracts import schedule as contract

bp = Blueprint("Presence", __name__, description="Where people are now, and the executives' day")


@bp.route("/schedule/presence", methods=["GET"])
@operation(query=contract.PresenceQuery, answers={200: contract.PresenceList})
@auth.signed_in
def presence() -> Response:
    """Where people are now; the executives where nobody is named."""
    return answer(backend.call("schedule", "presence", listed("people")))


@bp.route("/schedule/presence", methods=["PUT"])
@operation(body=contract.SetPresence, answers={200: contract.PresenceView}, problems=(404,))
@auth.signed_in
def set_presence() -> Response:
    """Says by hand where the caller is, or an executive by who enters for them; null goes by the calendar again."""
    return answer(backend.call("schedule", "set_presence", body()))


@bp.route("/schedule/executives", methods=["GET"])
@operation(answers={200: contract.ExecutiveList})
@auth.signed_in
def executives() -> Response:
    """The executives whose day the caller may see."""
    return answer(backend.call("schedule", "executives", {}))


@bp.route("/schedule/executives/<uuid:person>", methods=["PUT"])
@operation(body=without(contract.SaveExecutive, "person"), answers={204: None}, problems=(404,))
@auth.signed_in
def save_executive(person: Any) -> Response:
    """Who reads an executive's day and who enters for them (administrator)."""
    backend.call("schedule", "save_executive", body(person=str(person)))
    return nothing()
