"""The builder of forms: for who manages a journal, and who may make one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from gateway.core import backend, error_page
from gateway.core.auth import principal, signed_in
from gateway.core.page import ask, show
from gateway.core.problems import problem_name
from gateway.journals.words import codes
from shared.errors import Forbidden, Problem

bp = Blueprint("journal_forms", __name__)
SERVICE = "memo"
_CODES = (
    *(
        "required",
        "not_a_choice",
        "taken",
        "out_of_range",
        "not_valid",
        "too_many",
        "too_long",
        "wrong_type",
        "unknown",
    ),
    *("not_a_number", "unknown_field", "dissolved_department", "left", "nobody", "unknown_person"),
)


@bp.get("/journals/new")
@signed_in
def create() -> str:
    """A new journal."""
    return _page(None)


@bp.get("/journals/<uuid:id>/form")
@signed_in
def edit(id: UUID) -> str:  # noqa: A002
    """A journal's settings and the draft of its form. Raises `Forbidden` for who does not manage it."""
    found = backend.call(SERVICE, "journal", {"id": str(id)})
    if found["draft"] is None:
        raise Forbidden("managers of the journal")
    return _page(found)


@bp.get("/journals/<uuid:id>/form/preview")
@signed_in
def preview(id: UUID) -> str:  # noqa: A002
    """The draft as it would be filled in. Raises `Forbidden` for who does not manage it."""
    found = ask(needs={"journal": (SERVICE, "journal", {"id": str(id)})}, also={"counts": ("desk", "counts", {})})
    if found["journal"]["draft"] is None:
        raise Forbidden("managers of the journal")
    form = {"fields": found["journal"]["draft"]}
    return render_template("journals/fill.html", **found, form=form, entry=None, place=None, day="", preview=True)


def _page(journal: dict[str, Any] | None) -> str:
    first = {"key": "f1", "type": "check", "label": "", "hint": "", "required": True}
    data = {"id": journal and journal["id"], "fields": journal["draft"] if journal else [first]}
    data |= {"schedule": journal["schedule"] if journal else None, "types": codes.field_types()}
    data["problems"] = {code: problem_name(code) for code in _CODES}
    people = [principal_ref()] if journal is None else []
    return show("journals/form.html", journal=journal, data=data, people=people, weekdays=codes.weekdays())


def principal_ref() -> dict[str, str]:
    """The person signed in, as a chip shows them."""
    who = principal()
    return {"id": who.person, "name": who.name, "position": who.position}


@bp.post("/journals/<uuid:id>/form")
@signed_in
def publish(id: UUID) -> Response:  # noqa: A002
    """Makes the draft the form that is filled in from now on."""
    try:
        done = backend.call(SERVICE, "publish_journal", {"id": str(id), "note": request.form.get("note", "")})
    except Problem as problem:
        if problem.status not in (409, 422, 503):
            raise
        flash(error_page.form_words(problem), "error")
        return redirect(f"/journals/{id}/form", 303)
    flash(gettext("%(n)d차 서식을 게시했습니다. 지금부터 이 서식으로 작성합니다.", n=done["form_version"]))
    return redirect(f"/journals/{id}", 303)
