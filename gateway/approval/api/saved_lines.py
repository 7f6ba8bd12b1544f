"""Saved lines (개인 결재선): approval lines that the caller keeps under a name."""

from __future__ import annotations

from typing import Any

from flask import Response
from flask_smorest import Blueprint

from gateway.core import auth, backend
from gateway.core.describe import items_of, operation
from gateway.core.http import answer, body, nothing
from shared.contracts import approval

bp = Blueprint("Saved lines", __name__, description="Approval lines that the caller keeps")


@bp.route("/me/saved-lines", methods=["GET"])
@operation(answers={200: items_of(approval.SavedLine, "SavedLines")})
@auth.signed_in
def saved_lines() -> Response:
    """The caller's saved lines (개인 결재선) with their people as they are now."""
    return answer(backend.call("approval", "saved_lines", {}))


@bp.route("/me/saved-lines", methods=["PUT"])
@operation(body=approval.SaveLine, answers={200: approval.SavedLine})
@auth.signed_in
def save_line() -> Response:
    """Keeps a line under a name, in place of the one of this name."""
    return answer(backend.call("approval", "save_line", body()))


@bp.route("/me/saved-lines/<uuid:id>", methods=["DELETE"])
@operation(answers={204: None}, problems=(404,))
@auth.signed_in
def delete_line(id: Any) -> Response:  # noqa: A002
    """Deletes a saved line."""
    backend.call("approval", "delete_line", {"id": str(id)})
    return nothing()
