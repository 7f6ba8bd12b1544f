"""Writing an official document (기안): the form with everything proposed, and what a submission would bring about.

The page's script saves through the API; the POST routes serve browsers without scripts.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, current_app, flash, redirect, render_template, request
from flask_babel import gettext
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from gateway.core import backend
from gateway.core.auth import principal, signed_in
from gateway.core.page import Call, ask, is_fragment, show
from shared.contracts.documents import DISCLOSURE_CLASSES, LINE_ROLES, READING_SCOPES, RETENTIONS
from shared.errors import Problem

bp = Blueprint("write", __name__, url_prefix="/write")

EDITABLE = frozenset(("draft", "returned"))
CLAUSES = range(1, 9)
Fields = dict[str, Any]
Answer = str | tuple[str, int] | Response


@bp.get("")
@signed_in
def new() -> str:
    """An empty form with everything proposed. Nothing is created until there is something to keep."""
    return _new()


@bp.post("")
@signed_in
def create() -> Answer:
    """A new draft from a browser without scripts."""
    given = posted(request.form)
    try:
        saved = backend.call("documents", "create_draft", {k: v for k, v in given.items() if v not in (None, "")})
    except Problem as problem:
        return _again(problem, _new(given, problem))
    return redirect(f"/write/{saved['id']}", 303)


@bp.get("/<uuid:id>")
@signed_in
def edit(id: UUID) -> Answer:  # noqa: A002
    """An own draft with everything in it; what cannot be changed is shown as a document."""
    return _edit(str(id))


@bp.post("/<uuid:id>")
@signed_in
def save(id: UUID) -> Answer:  # noqa: A002
    """The whole draft from a browser without scripts, on the version it was shown in."""
    given = posted(request.form)
    try:
        version = request.form.get("version", type=int)
        backend.call("documents", "save_draft", {"id": str(id), "version": version, **given})
    except Problem as problem:
        return _again(problem, _edit(str(id), given, problem))
    flash(gettext("저장했습니다."))
    return redirect(f"/write/{id}", 303)


@bp.get("/<uuid:id>/preview")
@signed_in
def preview(id: UUID) -> str:  # noqa: A002
    """What a submission would bring about, in words; a page of its own for browsers without scripts."""
    needs: dict[str, Call] = {"told": ("documents", "preview_submission", {"id": str(id)})}
    if is_fragment():
        return render_template("documents/write/_preview.html", **ask(needs))
    return show("documents/write/preview.html", needs=needs, id=str(id), version=request.args.get("version", ""))


@bp.post("/<uuid:id>/submission")
@signed_in
def submit(id: UUID) -> Response:  # noqa: A002
    """Submits the version that was previewed, from a browser without scripts."""
    backend.call("documents", "submit", {"id": str(id), "version": request.form.get("version", type=int)})
    flash(gettext("상신했습니다."))
    return redirect(f"/documents/{id}", 303)


@bp.post("/<uuid:id>/delete")
@signed_in
def delete(id: UUID) -> Response:  # noqa: A002
    """Deletes a draft that was never submitted."""
    backend.call("documents", "delete_draft", {"id": str(id)})
    flash(gettext("기안을 지웠습니다."))
    return redirect("/boxes/drafts", 303)


# -- the form ---------------------------------------------------------------------------------------


def _new(given: Fields | None = None, problem: Problem | None = None) -> str:
    answers = ask(
        also={
            "forms": ("documents", "forms", {}),
            "folders": ("documents", "folders", {}),
            "proposed": ("directory", "proposed_line", {}),
            "counts": ("desk", "counts", {}),
        }
    )
    fields = first_fields(_items(answers["forms"]), _items(answers["folders"]), _items(answers["proposed"]))
    return _form(answers, _as_typed(fields, given), problem=problem)


def _edit(document: str, given: Fields | None = None, problem: Problem | None = None) -> Answer:
    answers = ask(
        needs={"card": ("documents", "card", {"id": document})},
        also={
            "forms": ("documents", "forms", {}),
            "folders": ("documents", "folders", {}),
            "route": ("approval", "route", {"document": document}),
            "counts": ("desk", "counts", {}),
        },
    )
    card = answers["card"]
    if card["state"] not in EDITABLE or "edit" not in card["may"]:
        return redirect(f"/documents/{document}")
    fields = {name: card[name] for name in first_fields([], [], [])}
    fields["folder"] = card["folder"]["id"] if card["folder"] else None
    fields["line"] = _with_absences(card["line"])
    return _form(answers, _as_typed(fields, given), card, problem)


def _form(answers: dict[str, Any], fields: Fields, card: Mapping[str, Any] | None = None, problem: Any = None) -> str:
    """The form. What a service that is away would have offered is left out, and the page says so."""
    who, folders = principal(), _items(answers["folders"])
    kept_in = card["folder"] if card else None
    if kept_in and all(folder["id"] != kept_in["id"] for folder in folders):
        folders = [kept_in, *folders]
    person = {"id": who.person, "name": who.name, "position": who.position, "department": who.department}
    return render_template(
        "documents/write/write.html",
        **{**answers, "card": card, "folders": folders, "forms": _items(answers["forms"])},
        away=answers["forms"] is None,
        fields=fields,
        person=person,
        problem=problem,
        returned=_last_return(answers.get("route")),
        sender=gettext("%(department)s장", department=who.department),
        attachment_limit=backend.backend().settings.attachment_limit,
        classes=DISCLOSURE_CLASSES,
        clauses=CLAUSES,
        retentions=RETENTIONS,
        scopes=READING_SCOPES,
        roles=LINE_ROLES,
    )


def _as_typed(fields: Fields, given: Fields | None) -> Fields:
    """The fields as they were posted; the people of the line are known better from the services."""
    return {**fields, **{name: value for name, value in (given or {}).items() if name != "line"}}


def _again(problem: Problem, page: Answer) -> Answer:
    """The form once more where its fields were refused. Raises the problem where it is about something else."""
    if problem.status != 422 or not isinstance(page, str):
        raise problem
    return page, 422


def _items(answer: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    return list(answer["items"]) if answer else []


def first_fields(forms: list[Fields], folders: list[Fields], line: list[Fields]) -> Fields:
    """What a new draft begins with: the first form, the likely record folder, the proposed line."""
    form = forms[0] if forms else {}
    folder = next((folder for folder in folders if folder["likely"]), None)
    return {
        "title": "",
        "body": form.get("body", ""),
        "summary": "",
        "keywords": [],
        "form": form.get("id", ""),
        "retention": (folder or form).get("retention", "5"),
        "disclosure": form.get("disclosure") or {"class": "open", "clauses": [], "reason": ""},
        "reading_scope": "organisation",
        "folder": folder["id"] if folder else None,
        "recipients": [],
        "sender_name": "",
        "line": [{"parallel": False, **step} for step in line],
    }


def _with_absences(line: list[Fields]) -> list[Fields]:
    """The line with its people as the directory knows them now: whether they are away, whether they still work here."""
    calls: list[tuple[str, str, Any]] = [("directory", "person", {"id": step["person"]["id"]}) for step in line]
    people = backend.call_many(calls) if calls else []
    return [
        step if isinstance(now, Problem) else {**step, "person": {**step["person"], **_presence(now)}}
        for step, now in zip(line, people, strict=True)
    ]


def _presence(person: Mapping[str, Any]) -> dict[str, Any]:
    return {"active": person["active"], "absent": person["absent"]}


def _last_return(route: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    """The step that sent the document back, where the last submission ended so."""
    if not route or route["state"] != "returned":
        return None
    return next((step for step in route["submissions"][0]["steps"] if step["state"] == "returned"), None)


# -- without scripts --------------------------------------------------------------------------------


def posted(form: MultiDict[str, str]) -> Fields:
    """The draft's fields from a posted form; a body without any markup is taken as one paragraph a line."""
    class_ = form.get("disclosure", "open")
    clauses = [int(clause) for clause in form.getlist("clauses") if clause.isdigit()] if class_ != "open" else []
    line = zip(form.getlist("line-person"), form.getlist("line-role"), form.getlist("line-parallel"), strict=False)
    return {
        **{name: form.get(name, "").strip() for name in ("title", "summary", "form", "retention", "reading_scope")},
        "sender_name": form.get("sender_name", "").strip(),
        "body": _markup(form.get("body", "")),
        "keywords": [word.strip() for word in form.get("keywords", "").split(",") if word.strip()],
        "folder": form.get("folder") or None,
        "disclosure": {"class": class_, "clauses": clauses, "reason": form.get("disclosure_reason", "")},
        "recipients": [{"name": name.strip()} for name in form.get("recipients", "").splitlines() if name.strip()],
        "line": [{"person": person, "role": role, "parallel": parallel == "yes"} for person, role, parallel in line],
    }


def _markup(body: str) -> str:
    if "<" in body:
        return body
    escape = current_app.jinja_env.filters["escape"]
    return "".join(f"<p>{escape(line)}</p>" for line in body.splitlines())
