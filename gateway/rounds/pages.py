"""Pages of opinion rounds: lists, asking, answering, results."""

from __future__ import annotations

import re
from html import escape
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext, ngettext
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from gateway.core import backend, receivers, threads, xlsx
from gateway.core.auth import principal, signed_in
from gateway.core.page import Call, ask, given, is_fragment, show
from gateway.core.typed import seoul_time
from gateway.rounds.api import answered
from gateway.rounds.sheets import sheets
from shared.contracts.rounds import BOXES, LATE, LEAST_ANONYMOUS, QUESTION_KINDS, QUESTIONS_LIMIT
from shared.errors import Conflict, Problem
from shared.ids import new_id

bp = Blueprint("rounds", __name__, url_prefix="/rounds")

Doc = dict[str, Any]
Answer = str | tuple[str, int] | Response
_QUESTION = re.compile(r"question-(\d{1,3})-words")
_MENDED_BY_READER = (409, 422, 503)


@bp.get("")
@signed_in
def rounds() -> str:
    """The reader's rounds: those to answer, their own, those that ended."""
    box = request.args.get("box", "asked")
    query = {"box": box if box in BOXES else "asked", **given("cursor")}
    page: dict[str, Call] = {"page": ("memo", "rounds", query)}
    values: Doc = {"box": query["box"], "boxes": BOXES}
    if is_fragment() and "cursor" in query:
        return render_template("rounds/_rows.html", **values, **ask(needs=page))
    return show("rounds/rounds.html", also=page, **values)


@bp.get("/new")
@signed_in
def new_round() -> str:
    """Where a round is written."""
    return _form([{"kind": "choice", "words": "", "options": [], "required": True}], {})


@bp.post("/new")
@signed_in
def start_round() -> Answer:
    """Asks. A refusal shows the form again with all that was typed."""
    form = request.form
    questions = asked_questions(form)
    try:
        made = backend.call("memo", "start_round", _asked(form, questions))
    except Problem as problem:
        if problem.status not in _MENDED_BY_READER:
            raise
        return _form(questions, form, problem), problem.status
    flash(ngettext("%(num)d명에게 의견을 요청했습니다.", "%(num)d명에게 의견을 요청했습니다.", made["asked"]))
    if made["left"]:
        names = ", ".join(person["name"] for person in made["left"])
        flash(gettext("퇴직·전출자는 대상에서 제외했습니다: %(names)s", names=names))
    return redirect(f"/rounds/{made['id']}", 303)


@bp.get("/<uuid:id>")
@signed_in
def opinion_round(id: UUID) -> str:  # noqa: A002
    """One round: to answer for who is asked, with its results for who asks."""
    return _card(str(id))


@bp.get("/<uuid:id>/results.xlsx")
@signed_in
def results_sheet(id: UUID) -> Response:  # noqa: A002
    """The results as XLSX."""
    asked = {"id": str(id)}
    found = ask(needs={"round": ("memo", "opinion_round", asked), "results": ("memo", "round_results", asked)})
    if found["results"]["hidden"]:
        raise Conflict(found["results"]["hidden"].replace("_", "-"))
    name = gettext("의견수렴 %(title)s.xlsx", title=found["round"]["title"][:80])
    return xlsx.answer(name, *sheets(found["round"], found["results"]))


@bp.post("/<uuid:id>/answers")
@signed_in
def answer_round(id: UUID) -> Answer:  # noqa: A002
    """The reader's answers. What was written stays on the page where it comes too late."""
    given_ = _answers(request.form)
    try:
        done = answered(str(id), given_)
    except Problem as problem:
        if problem.status not in _MENDED_BY_READER:
            raise
        return _card(str(id), problem, given_), problem.status
    already = gettext("이미 응답했습니다. 먼저 제출한 응답이 그대로 남아 있습니다.")
    flash(gettext("응답을 제출했습니다.") if done["changed"] else already)
    return redirect(f"/rounds/{id}", 303)


@bp.post("/<uuid:id>/extension")
@signed_in
def extend_round(id: UUID) -> Answer:  # noqa: A002
    """Another time for it."""
    return _act(
        str(id), "extend_round", gettext("기한을 변경했습니다."), closes_at=seoul_time(request.form, "closes_at")
    )


@bp.post("/<uuid:id>/closing")
@signed_in
def close_round(id: UUID) -> Answer:  # noqa: A002
    """Closes it now."""
    return _act(str(id), "close_round_early", gettext("마감했습니다. 1분 안에 결과가 확정됩니다."))


@bp.post("/<uuid:id>/withdrawal")
@signed_in
def withdraw_round(id: UUID) -> Answer:  # noqa: A002
    """Takes it back."""
    reason = request.form.get("reason", "")
    return _act(str(id), "withdraw_round", gettext("의견수렴을 철회했습니다."), reason=reason)


@bp.post("/<uuid:id>/comments")
@signed_in
def comment(id: UUID) -> Answer:  # noqa: A002
    """Says something under it; what came too late as an answer may be said so."""
    return _act(str(id), "comment", gettext("의견을 등록했습니다."), **threads.posted(request.form))


threads.pages(bp, service="memo", noun="rounds")


def _act(id_: str, method: str, done: str, **data: Any) -> Answer:
    try:
        backend.call("memo", method, {"id": id_, **data})
    except Problem as problem:
        if problem.status not in _MENDED_BY_READER:
            raise
        return _card(id_, problem), problem.status
    flash(done)
    return redirect(f"/rounds/{id_}", 303)


def _card(id_: str, problem: Problem | None = None, written: list[Doc] | None = None) -> str:
    """The page of a round; `written` is what the reader has just answered and was refused."""
    found = ask(needs={"round": ("memo", "opinion_round", {"id": id_})})["round"]
    mine = found["asker"]["id"] == principal().person
    also: dict[str, Call] = {} if found["anonymous"] else {"thread": ("memo", "thread", {"id": id_})}
    if mine:
        also["results"] = ("memo", "round_results", {"id": id_})
        if not found["anonymous"]:
            also["table"] = ("memo", "round_answers", {"id": id_, "limit": 100, **given("cursor")})
    own = written if written is not None else found["own"] or []
    return show(
        "rounds/round.html",
        also=also,
        round=found,
        id=id_,
        mine=mine,
        said_before={each["question"]: each["value"] for each in own},
        too_late=problem is not None and problem.slug == "round-closed" and found["late"] == "comment",
        problem=problem,
        errors=problem.fields if problem else {},
        key=new_id(),
    )


def _form(questions: list[Doc], form: MultiDict[str, str] | Doc, problem: Problem | None = None) -> str:
    return show(
        "rounds/new.html",
        questions=questions,
        form=form,
        problem=problem,
        errors=problem.fields if problem else {},
        kinds=QUESTION_KINDS,
        lates=LATE,
        least=LEAST_ANONYMOUS,
        chosen=receivers.chosen(form.getlist("to")) if isinstance(form, MultiDict) else [],
        key=form.get("idempotency_key") if problem and problem.status == 503 else new_id(),
    )


def asked_questions(form: MultiDict[str, str]) -> list[Doc]:
    """The questions of a form, in the order in which they stand in it; those without a word are left out."""
    numbers = [match[1] for name in form if (match := _QUESTION.fullmatch(name))][:QUESTIONS_LIMIT]
    found = []
    for number in numbers:
        kind = form.get(f"question-{number}-kind", "text")
        lines = form.get(f"question-{number}-options", "").splitlines()
        question = {
            "kind": kind,
            "words": form.get(f"question-{number}-words", ""),
            "options": [line.strip() for line in lines if line.strip()] if kind != "text" else [],
            "required": f"question-{number}-required" in form,
        }
        if str(question["words"]).strip() or question["options"]:
            found.append(question)
    return found or [{"kind": "choice", "words": "", "options": [], "required": True}]


def _asked(form: MultiDict[str, str], questions: list[Doc]) -> Doc:
    """The form as `StartRound`. Raises `Invalid`."""
    asked: Doc = {
        "title": form.get("title", ""),
        "body": "".join(f"<p>{escape(line)}</p>" for line in form.get("body", "").splitlines() if line.strip()),
        "questions": questions,
        "anonymous": "anonymous" in form,
        "late": form.get("late", "refused"),
        "closes_at": seoul_time(form, "closes_at"),
    }
    return asked | receivers.split(form.getlist("to"), "people")


def _answers(form: MultiDict[str, str]) -> list[Doc]:
    """The answers of a form, by question."""
    found = []
    for number in range(QUESTIONS_LIMIT):
        value = [each for each in form.getlist(f"answer-{number}") if each.strip()]
        if value:
            found.append({"question": number, "value": value})
    return found
