"""Opinion rounds for programs."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flask import Response
from flask_smorest import Blueprint
from marshmallow import Schema, fields

from gateway.core import auth, backend
from gateway.core.describe import operation, without
from gateway.core.http import answer, body, query
from shared.contracts import rounds as contract
from shared.contracts.common import Id

bp = Blueprint("Opinion rounds", __name__, description="Ask people for their opinion until a time, and count it")


class Answered(Schema):
    """What an answer is answered with. `changed`: whether it stands; of an anonymous round the first one does."""

    id = Id(required=True)
    answered = fields.Boolean(required=True)
    changed = fields.Boolean(required=True)


@bp.route("/rounds", methods=["POST"])
@operation(body=contract.StartRound, answers={201: contract.RoundAsked})
@auth.signed_in
def start_round() -> Response:
    """Asks people, departments and groups until a time (의견수렴); anonymously, five at the least."""
    made = backend.call("memo", "start_round", body())
    return answer(made, 201, location=f"/rounds/{made['id']}")


@bp.route("/rounds", methods=["GET"])
@operation(query=contract.RoundsQuery, answers={200: contract.RoundPage})
@auth.signed_in
def rounds() -> Response:
    """Rounds that wait for the caller (`asked`), that the caller has begun (`mine`), that ended (`ended`)."""
    return answer(backend.call("memo", "rounds", query()))


@bp.route("/rounds/<uuid:id>", methods=["GET"])
@operation(answers={200: contract.RoundView}, problems=(404,))
@auth.signed_in
def opinion_round(id: Any) -> Response:  # noqa: A002
    """What is asked, with the caller's own answers."""
    return answer(backend.call("memo", "opinion_round", {"id": str(id)}))


@bp.route("/rounds/<uuid:id>/answers", methods=["POST"])
@operation(body=without(contract.AnswerRound, "id", "received_at"), answers={200: Answered}, problems=(404,))
@auth.signed_in
def answer_round(id: Any) -> Response:  # noqa: A002
    """The caller's answers, in place of earlier ones until the round is closed; of an anonymous one the first stand."""
    return answer(answered(str(id), body(id=str(id), received_at=None)["answers"]))


def answered(id_: str, answers: Any) -> Any:
    """Gives the caller's answers. They count by the time at which they came here, and no answer of them is kept."""
    told = {"id": id_, "answers": answers, "received_at": datetime.now(UTC).isoformat()}
    return backend.call("memo", "answer_round", told, idempotent=False)


@bp.route("/rounds/<uuid:id>/answers", methods=["GET"])
@operation(query=without(contract.AnswersQuery, "id"), answers={200: contract.AnswersPage}, problems=(404,))
@auth.signed_in
def round_answers(id: Any) -> Response:  # noqa: A002
    """Who was asked and what they answered; never of an anonymous round."""
    return answer(backend.call("memo", "round_answers", query(id=str(id))))


@bp.route("/rounds/<uuid:id>/results", methods=["GET"])
@operation(answers={200: contract.RoundResults}, problems=(404,))
@auth.signed_in
def round_results(id: Any) -> Response:  # noqa: A002
    """The answers counted; `hidden` says why nothing is shown: `still_open`, `too_few`, `withdrawn`."""
    return answer(backend.call("memo", "round_results", {"id": str(id)}))


@bp.route("/rounds/<uuid:id>/extension", methods=["POST"])
@operation(body=without(contract.ExtendRound, "id"), answers={200: contract.RoundState}, problems=(404,))
@auth.signed_in
def extend_round(id: Any) -> Response:  # noqa: A002
    """Another time for it, also once it is closed."""
    return answer(backend.call("memo", "extend_round", body(id=str(id))))


@bp.route("/rounds/<uuid:id>/closing", methods=["POST"])
@operation(answers={200: contract.RoundState}, keyed=True, problems=(404,))
@auth.signed_in
def close_round(id: Any) -> Response:  # noqa: A002
    """Closes it before its time."""
    return answer(backend.call("memo", "close_round_early", {"id": str(id)}))


@bp.route("/rounds/<uuid:id>/withdrawal", methods=["POST"])
@operation(body=without(contract.WithdrawRound, "id"), answers={200: contract.RoundState}, problems=(404,))
@auth.signed_in
def withdraw_round(id: Any) -> Response:  # noqa: A002
    """Takes it back: nobody is asked any more, and nothing is shown."""
    return answer(backend.call("memo", "withdraw_round", body(id=str(id))))
