"""Weekly and monthly reports for programs."""

from __future__ import annotations

from typing import Any

from flask import Response
from flask_smorest import Blueprint

from gateway.core import auth, backend
from gateway.core.describe import operation, without
from gateway.core.http import answer, body, if_match, query
from shared.contracts import weekly as contract

bp = Blueprint("Weekly reports", __name__, description="Report by the week and the month, and join what each wrote")


@bp.route("/weekly-plans", methods=["GET"])
@operation(answers={200: contract.WeeklyPlans})
@auth.signed_in
def weekly_plans() -> Response:
    """The departments whose plans the caller may set, with those they have."""
    return answer(backend.call("memo", "weekly_plans", {}))


@bp.route("/weekly-plans", methods=["PUT"])
@operation(body=contract.SaveWeeklyPlan, answers={200: contract.WeeklyPlanView}, problems=(404, 412))
@auth.signed_in
def save_weekly_plan() -> Response:
    """How a department reports, in place of what held; for its head, the heads above and administrators."""
    return answer(backend.call("memo", "save_weekly_plan", body()))


@bp.route("/weekly-reports", methods=["GET"])
@operation(query=contract.WeeklyReportsQuery, answers={200: contract.WeeklyReportPage})
@auth.signed_in
def weekly_reports() -> Response:
    """Reports that the caller writes (`mine`), or those of the caller's department (`department`), the newest first."""
    return answer(backend.call("memo", "weekly_reports", query()))


@bp.route("/weekly-reports/<uuid:id>", methods=["GET"])
@operation(answers={200: contract.WeeklyReportView}, etag=True, problems=(404,))
@auth.signed_in
def weekly_report(id: Any) -> Response:  # noqa: A002
    """One report with its lines; for who joins it with what is below and what is new there."""
    found = backend.call("memo", "weekly_report", {"id": str(id)})
    return answer(found, version=found["version"])


@bp.route("/weekly-reports/<uuid:id>/lines", methods=["PUT"])
@operation(
    body=without(contract.SaveWeeklyLines, "id", "version"),
    answers={200: contract.WeeklyLines},
    if_match=True,
    etag=True,
    problems=(404,),
)
@auth.signed_in
def save_weekly_lines(id: Any) -> Response:  # noqa: A002
    """All lines in their order. What was carried over or came from below is left out where it is missing."""
    found = backend.call("memo", "save_weekly_lines", body(id=str(id), version=if_match()))
    return answer(found, version=found["version"])


@bp.route("/weekly-reports/<uuid:id>/submission", methods=["POST"])
@operation(answers={200: contract.WeeklyState}, keyed=True, if_match=True, etag=True, problems=(404, 409, 422))
@auth.signed_in
def submit_weekly(id: Any) -> Response:  # noqa: A002
    """Hands it in (제출); a joined report only when everything that came from below was taken."""
    return _act("submit_weekly", id)


@bp.route("/weekly-reports/<uuid:id>/submission", methods=["DELETE"])
@operation(answers={200: contract.WeeklyState}, keyed=True, if_match=True, etag=True, problems=(404, 409))
@auth.signed_in
def recall_weekly(id: Any) -> Response:  # noqa: A002
    """Takes it back (회수), as long as nobody has taken it up."""
    return _act("recall_weekly", id)


@bp.route("/weekly-reports/<uuid:id>/joining", methods=["POST"])
@operation(
    body=without(contract.TakeWeekly, "id", "version"),
    optional=True,
    answers={200: contract.WeeklyState},
    if_match=True,
    etag=True,
    problems=(404, 409),
)
@auth.signed_in
def take_weekly(id: Any) -> Response:  # noqa: A002
    """Takes up what is handed in below (취합); with `seen` only what was looked at."""
    found = backend.call("memo", "take_weekly", body(optional=True, id=str(id), version=if_match()))
    return answer(found, version=found["version"])


@bp.route("/weekly-reports/<uuid:id>/return", methods=["POST"])
@operation(body=without(contract.ReturnWeekly, "id"), answers={200: contract.WeeklyState}, problems=(404, 409))
@auth.signed_in
def return_weekly(id: Any) -> Response:  # noqa: A002
    """Sends one below back to its writer, with a reason (보완 요청)."""
    found = backend.call("memo", "return_weekly", body(id=str(id)))
    return answer(found, version=found["version"])


@bp.route("/weekly-reports/<uuid:id>/reminders", methods=["POST"])
@operation(answers={200: contract.WeeklyAsked}, keyed=True, problems=(404, 409))
@auth.signed_in
def ask_weekly(id: Any) -> Response:  # noqa: A002
    """Asks for the reports that are missing below this one, each once."""
    return answer(backend.call("memo", "ask_weekly", {"id": str(id)}))


def _act(method: str, id_: Any) -> Response:
    found = backend.call("memo", method, {"id": str(id_), "version": if_match()})
    return answer(found, version=found["version"])
