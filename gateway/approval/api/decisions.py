"""Decisions on documents."""

from __future__ import annotations

from typing import Any

from flask import Response
from flask_smorest import Blueprint

from gateway.core import auth, backend
from gateway.core.describe import operation, without
from gateway.core.http import answer, body
from shared.contracts import approval as contract

bp = Blueprint("Approval", __name__, description="Decide on documents")


@bp.route("/documents/<uuid:id>/decisions", methods=["POST"])
@operation(
    body=without(contract.Decide, "document"),
    answers={200: contract.DecisionResult},
    problems=(404,),
)
@auth.signed_in
def decide(id: Any) -> Response:  # noqa: A002
    """Approves (승인) or returns (반려) at the caller's active step; `version` is the one that was looked at."""
    return answer(backend.call("approval", "decide", body(document=str(id))))


@bp.route("/documents/<uuid:id>/withdrawal", methods=["POST"])
@operation(
    body=without(contract.Withdraw, "document"),
    optional=True,
    answers={200: contract.DecisionResult},
    problems=(404,),
)
@auth.signed_in
def withdraw(id: Any) -> Response:  # noqa: A002
    """Takes back (회수) what the caller has submitted, before the first decision."""
    return answer(backend.call("approval", "withdraw", body(optional=True, document=str(id))))


@bp.route("/documents/<uuid:id>/submission", methods=["DELETE"])
@operation(answers={200: contract.DecisionResult}, keyed=True, problems=(404,))
@auth.signed_in
def take_back(id: Any) -> Response:  # noqa: A002
    """Takes back (회수) without a reason; `POST …/withdrawal` tells one."""
    return answer(backend.call("approval", "withdraw", {"document": str(id)}))


@bp.route("/documents/<uuid:id>/route", methods=["GET"])
@operation(answers={200: {"anyOf": [contract.Route, {"type": "null"}]}}, problems=(404,))
@auth.signed_in
def route(id: Any) -> Response:  # noqa: A002
    """The route (보고경로) alone: every submission with its steps; null before the first."""
    return answer(backend.call("approval", "route", {"document": str(id)}))
