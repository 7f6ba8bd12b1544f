"""Notes for programs."""

from __future__ import annotations

from typing import Any

from flask import Response
from flask_smorest import Blueprint

from gateway.core import auth, backend
from gateway.core.describe import operation
from gateway.core.http import answer, body, query
from shared.contracts import notes as contract

bp = Blueprint("Notes", __name__, description="Notes of one's own")


@bp.route("/notes", methods=["GET"])
@operation(query=contract.NotesQuery, answers={200: contract.NotePage})
@auth.signed_in
def notes() -> Response:
    """The caller's notes."""
    return answer(backend.call("notes", "notes", query()))


@bp.route("/notes", methods=["POST"])
@operation(body=contract.WriteNote, answers={201: contract.Note})
@auth.signed_in
def write_note() -> Response:
    """Keeps a note."""
    made = backend.call("notes", "write_note", body())
    return answer(made, 201, location=f"/notes/{made['id']}")


@bp.route("/notes/<uuid:id>", methods=["GET"])
@operation(answers={200: contract.Note}, problems=(404,))
@auth.signed_in
def note(id: Any) -> Response:  # noqa: A002
    """One of the caller's notes."""
    return answer(backend.call("notes", "note", {"id": str(id)}))
