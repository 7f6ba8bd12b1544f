"""Templates (서식) that memos of a department begin with: looked through, begun from, deleted."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect
from flask_babel import gettext
from werkzeug.wrappers import Response

from gateway.core import backend
from gateway.core.auth import signed_in
from gateway.core.page import show

bp = Blueprint("memo_templates", __name__, url_prefix="/memos/templates")


@bp.get("")
@signed_in
def templates() -> str:
    """Those of the reader's department. They are made where memos are written."""
    return show("memo/templates.html", also={"templates": ("memo", "templates", {})})


@bp.post("/<uuid:id>/delete")
@signed_in
def delete(id: UUID) -> Response:  # noqa: A002
    """Deletes one of the reader's department."""
    backend.call("memo", "delete_template", {"id": str(id)})
    flash(gettext("서식을 삭제했습니다."))
    return redirect("/memos/templates", 303)
