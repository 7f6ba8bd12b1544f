"""Pages of weekly and monthly reports: lists, one whole, its sheet, how departments report."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response

from gateway.core import backend, xlsx
from gateway.core.auth import signed_in
from gateway.core.page import Call, ask, given, is_fragment, local_path, show
from gateway.weekly import forms
from gateway.weekly.sheets import said, sheets
from shared.contracts.weekly import BOXES, CADENCES, SECTIONS
from shared.errors import Problem
from shared.ids import new_id

bp = Blueprint("weekly", __name__, url_prefix="/weekly")

Doc = dict[str, Any]
Answer = str | tuple[str, int] | Response
_MENDED_BY_READER = (403, 409, 412, 422, 503)


@bp.get("")
@signed_in
def reports() -> str:
    """The reader's reports, or those of the reader's department, by their periods."""
    box = request.args.get("box", "mine")
    query = {"box": box if box in BOXES else "mine", **given("cursor")}
    page: dict[str, Call] = {"page": ("memo", "weekly_reports", query)}
    values: Doc = {"box": query["box"], "boxes": BOXES}
    if is_fragment() and "cursor" in query:
        return render_template("weekly/_rows.html", **values, **ask(needs=page))
    return show("weekly/reports.html", also=page, **values)


@bp.get("/now")
@signed_in
def now() -> Response:
    """Leads to the report that is to be written; to the list where there is none."""
    items = backend.call("memo", "weekly_reports", {"box": "mine"})["items"]
    writing = sorted((each for each in items if each["state"] in ("open", "returned")), key=lambda each: each["due_at"])
    return redirect(f"/weekly/{writing[-1]['id']}" if writing else "/weekly", 303)


@bp.get("/<uuid:id>")
@signed_in
def report(id: UUID) -> str:  # noqa: A002
    """One report: to write for its writer, with what is below for who joins it."""
    return _card(str(id))


@bp.get("/<uuid:id>/sheet")
@signed_in
def sheet(id: UUID) -> str:  # noqa: A002
    """The report on a sheet of paper."""
    needs: dict[str, Call] = {"report": ("memo", "weekly_report", {"id": str(id)})}
    return show("weekly/sheet.html", needs=needs, sections=SECTIONS, said=said)


@bp.get("/<uuid:id>.xlsx")
@signed_in
def table(id: UUID) -> Response:  # noqa: A002
    """The report as XLSX."""
    found = backend.call("memo", "weekly_report", {"id": str(id)})
    return xlsx.answer(f"{found['title'][:80]}.xlsx", *sheets(found))


@bp.post("/<uuid:id>")
@signed_in
def write(id: UUID) -> Answer:  # noqa: A002
    """Keeps the lines of the form, and hands the report in where that button was pressed."""
    id_, form = str(id), request.form
    typed: list[Doc] | None = None
    try:
        typed = forms.lines(form)
        data = {"id": id_, "version": forms.number(form.get("version")), "lines": typed}
        saved = backend.call("memo", "save_weekly_lines", data)
        if form.get("act") == "submit":
            backend.call("memo", "submit_weekly", {"id": id_, "version": saved["version"]})
            flash(gettext("제출했습니다."))
        else:
            flash(gettext("저장했습니다."))
    except Problem as problem:
        return _refused(id_, problem, typed)
    return redirect(f"/weekly/{id_}", 303)


@bp.post("/<uuid:id>/recall")
@signed_in
def recall(id: UUID) -> Answer:  # noqa: A002
    """Takes it back."""
    data = {"id": str(id), "version": forms.number(request.form.get("version"))}
    return _act(str(id), "recall_weekly", data, gettext("회수했습니다. 수정해서 다시 제출할 수 있습니다."))


@bp.post("/<uuid:id>/joining")
@signed_in
def join(id: UUID) -> Answer:  # noqa: A002
    """Takes up the news that were shown."""
    version = forms.number(request.form.get("version"))
    data = {"id": str(id), "version": version, "seen": forms.seen(request.form)}
    return _act(str(id), "take_weekly", data, gettext("제출된 보고를 반영했습니다."))


@bp.post("/<uuid:id>/return")
@signed_in
def send_back(id: UUID) -> Answer:  # noqa: A002
    """Sends it back to its writer."""
    data = {"id": str(id), "reason": request.form.get("reason", "")}
    try:
        backend.call("memo", "return_weekly", data)
    except Problem as problem:
        return _refused(str(id), problem)
    flash(gettext("보완을 요청했습니다."))
    return redirect(local_path(request.form.get("next"), "/weekly"), 303)


@bp.post("/<uuid:id>/reminders")
@signed_in
def remind(id: UUID) -> Answer:  # noqa: A002
    """Asks for what is missing."""
    try:
        asked = backend.call("memo", "ask_weekly", {"id": str(id)})["asked"]
    except Problem as problem:
        return _refused(str(id), problem)
    flash(ngettext("%(num)d명에게 제출을 요청했습니다.", "%(num)d명에게 제출을 요청했습니다.", len(asked)))
    return redirect(f"/weekly/{id}", 303)


@bp.get("/plans")
@signed_in
def plans() -> str:
    """How the departments of the reader report."""
    return _plans()


@bp.post("/plans")
@signed_in
def save_plan() -> Answer:
    """Sets how one reports."""
    data = forms.plan(request.form)
    try:
        backend.call("memo", "save_weekly_plan", data)
    except Problem as problem:
        if problem.status not in _MENDED_BY_READER:
            raise
        return _plans(problem, data), problem.status
    flash(gettext("보고 방식을 저장했습니다."))
    return redirect("/weekly/plans", 303)


def _act(id_: str, method: str, data: Doc, done: str) -> Answer:
    try:
        backend.call("memo", method, data)
    except Problem as problem:
        return _refused(id_, problem)
    flash(done)
    return redirect(f"/weekly/{id_}", 303)


def _refused(id_: str, problem: Problem, typed: list[Doc] | None = None) -> Answer:
    if problem.status not in _MENDED_BY_READER:
        raise problem
    return _card(id_, problem, typed), problem.status


def _card(id_: str, problem: Problem | None = None, typed: list[Doc] | None = None) -> str:
    """The page of a report; `typed` is what its writer has just sent and was refused."""
    found = ask(needs={"report": ("memo", "weekly_report", {"id": id_})})["report"]
    if typed is not None and "write" in found["may"]:
        kept = {each["id"]: each for each in found["lines"]}
        found["lines"] = [{**kept.get(each["id"], _NEW), **each} for each in typed]
    return show(
        "weekly/report.html",
        report=found,
        id=id_,
        sections=SECTIONS,
        said=said,
        writes="write" in found["may"],
        problem=problem,
        key=new_id(),
    )


# A line that the server does not have yet.
_NEW: Doc = {
    "writers": [],
    "origin": None,
    "origin_report": None,
    "source": None,
    "editor": None,
    "carried": False,
    "withdrawn": False,
}


def _plans(problem: Problem | None = None, typed: Doc | None = None) -> str:
    needs: dict[str, Call] = {"plans": ("memo", "weekly_plans", {})}
    errors = problem.fields if problem else {}
    return show("weekly/plans.html", needs=needs, cadences=CADENCES, problem=problem, errors=errors, typed=typed)
