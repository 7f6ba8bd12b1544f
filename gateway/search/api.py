"""Finding objects for programs."""

from __future__ import annotations

from typing import Any

from flask import Response
from flask_smorest import Blueprint

from gateway.core import auth, backend
from gateway.core.describe import operation
from gateway.core.http import answer, query
from shared.contracts import search as contract
from shared.contracts.common import PageQuery

bp = Blueprint("Search", __name__, description="Everything there is, found by words")


@bp.route("/search", methods=["GET"])
@operation(query=contract.FindQuery, answers={200: contract.FoundPage})
@auth.signed_in
def find() -> Response:
    """What has every word of `q` and the caller may read, the best first; without `q` the newest first."""
    return answer(backend.call("search", "find", query()))


@bp.route("/search/<uuid:id>/related", methods=["GET"])
@operation(answers={200: contract.RelatedList}, problems=(404,))
@auth.signed_in
def related(id: Any) -> Response:  # noqa: A002
    """What an object refers to and what refers to it, as far as the caller may read it."""
    return answer(backend.call("search", "related", {"subject": str(id)}))


@bp.route("/cards/<uuid:id>/timeline", methods=["GET"])
@operation(query=PageQuery, answers={200: contract.TimelinePage})
@auth.signed_in
def timeline(id: Any) -> Response:  # noqa: A002
    """What happened to the objects of a task card, the newest first, as far as the caller may read them."""
    return answer(backend.call("search", "timeline", {"card": str(id), **query()}))
