"""Minutes written together: who leads opens them to others, and closes them to all but those who lead."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from gateway.core import backend
from gateway.core.auth import signed_in
from gateway.meetings import words
from shared.errors import Problem

bp = Blueprint("meeting_together", __name__, url_prefix="/meetings")


@bp.post("/<uuid:id>/minutes/sharing")
@signed_in
def share(id: UUID) -> Response:  # noqa: A002
    """Begins it, or says who may write: `everyone` who is present, or who leads."""
    everyone = request.form.get("everyone") == "yes"
    try:
        backend.call("meetings", "begin_minutes", {"id": str(id), "everyone": everyone})
    except Problem as problem:
        if problem.status != 409:
            raise
        flash(words.refusal_words(problem), "error")
    else:
        done = gettext("참석자도 함께 쓸 수 있습니다."), gettext("진행하는 사람만 쓸 수 있습니다.")
        flash(done[0] if everyone else done[1])
    return redirect(f"/meetings/{id}/minutes", 303)
