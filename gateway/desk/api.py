"""My Desk for programs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response, current_app
from flask_smorest import Blueprint
from marshmallow import fields

from gateway.core import auth, backend, live, nouns
from gateway.core.describe import operation
from gateway.core.http import answer, body, nothing, query
from gateway.core.waiting import when_changed
from shared.contracts import desk as contract
from shared.contracts.common import PageQuery

bp = Blueprint("Desk", __name__, description="What there is to do")

TOPIC = "desk"
Counts = contract.Counts.from_dict({kind: fields.Integer(required=True) for kind in nouns.kinds()}, name="Counts")


@bp.route("/desk/counts", methods=["GET"])
@operation(answers={200: Counts}, waits=True)
@auth.signed_in
def counts() -> Response:
    """How many to-dos the caller has of each kind, zeros too, and in all; at once, or when it has changed."""
    return _when_changed(lambda: answer(dict.fromkeys(nouns.kinds(), 0) | backend.call("desk", "counts", {})))


@bp.route("/desk/todos", methods=["GET"])
@operation(query=contract.TodosQuery, answers={200: contract.TodoPage}, waits=True)
@auth.signed_in
def todos() -> Response:
    """The caller's to-dos, the longest waiting first or by bands; at once, or when the list has changed."""
    asked = query()
    return _when_changed(lambda: answer(backend.call("desk", "todos", asked)))


@bp.route("/desk/pressing", methods=["GET"])
@operation(answers={200: contract.Pressing})
@auth.signed_in
def pressing() -> Response:
    """How many of the caller's to-dos are late or due today, by kind."""
    return answer(backend.call("desk", "pressing", {}))


def _when_changed(ask: Callable[[], Response]) -> Response:
    return when_changed(live.hub(current_app).waiters, TOPIC, ask)


@bp.route("/desk/todos/<uuid:id>", methods=["DELETE"])
@operation(answers={204: None}, problems=(404,))
@auth.signed_in
def dismiss(id: Any) -> Response:  # noqa: A002
    """Takes an item off the desk that only tells; others end with the act they ask for."""
    backend.call("desk", "dismiss_todo", {"id": str(id)})
    return nothing()


@bp.route("/desk/notices", methods=["GET"])
@operation(query=PageQuery, answers={200: contract.NoticePage})
@auth.signed_in
def notices() -> Response:
    """What happened to what is the caller's, the newest first."""
    return answer(backend.call("desk", "notices", query()))


@bp.route("/desk/notices/read", methods=["POST"])
@operation(body=contract.ReadNotices, optional=True, answers={204: None})
@auth.signed_in
def read_notices() -> Response:
    """The caller has seen the notices up to and with `until`, or all."""
    backend.call("desk", "read_notices", body(optional=True))
    return nothing()
