"""Finding objects for programs."""

from __future__ import annotations

from flask import Response
from flask_smorest import Blueprint

from gateway.core import auth, backend
from gateway.core.describe import operation
from gateway.core.http import answer, query
from shared.contracts import search as contract

bp = Blueprint("Search", __name__, description="Everything there is, found by words")


@bp.route("/search", methods=["GET"])
@operation(query=contract.FindQuery, answers={200: contract.FoundPage})
@auth.signed_in
def find() -> Response:
    """What has every word of `q` and the caller may read, the best first; without `q` the newest first."""
    return answer(backend.call("search", "find", query()))
