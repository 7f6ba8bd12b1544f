"""The minutes of a meeting: written while it is held, read by those who may, and the code of attendance."""

from __future__ import annotations

import io
from typing import Any
from uuid import UUID

import segno
from flask import Blueprint, flash, redirect, request
from flask_babel import gettext
from markupsafe import Markup
from werkzeug.wrappers import Response

from gateway.core import backend, security
from gateway.core.auth import signed_in
from gateway.core.page import show
from shared.errors import Problem
from shared.ids import new_id

bp = Blueprint("meeting_minutes", __name__, url_prefix="/meetings")

Answer = str | tuple[str, int] | Response
_LIMIT = 13 * 1024 * 1024


@bp.get("/<uuid:id>/minutes")
@signed_in
def minutes(id: UUID) -> Answer:  # noqa: A002
    """The minutes, to be read; to be written by who leads while they may."""
    return _page(str(id))


def _page(id_: str, problem: Problem | None = None, typed: dict[str, str] | None = None) -> str:
    return show(
        "meetings/minutes.html",
        needs={"card": ("meetings", "card", {"id": id_}), "found": ("meetings", "minutes", {"id": id_})},
        problem=problem,
        typed=typed or {},
        key=new_id(),
    )


@bp.post("/<uuid:id>/minutes")
@security.body_limit(_LIMIT)
@signed_in
def write(id: UUID) -> Answer:  # noqa: A002
    """Keeps what was written; a refusal shows it as it was typed."""
    form = request.form
    items = [{"item": item, "body": form.get(f"gist_{item}", "")} for item in form.getlist("item")]
    data: dict[str, Any] = {"id": str(id), "version": form.get("version", 0, type=int), "items": items}
    data["body"] = form.get("body", "")
    try:
        backend.call("meetings", "write_minutes", data)
    except Problem as problem:
        if problem.status not in (403, 409, 412, 413, 422, 503):
            raise
        return _page(str(id), problem, form.to_dict()), problem.status
    flash(gettext("저장했습니다."))
    return redirect(f"/meetings/{id}/minutes", 303)


@bp.get("/<uuid:id>/qr")
@signed_in
def picture(id: UUID) -> str:  # noqa: A002
    """The code of attendance as a picture, for the screen of the room (who leads)."""
    found = backend.call("meetings", "code", {"id": str(id)})
    address = f"{request.host_url}meetings/{id}/attend?code={found['code']}"
    return show("meetings/qr.html", found=found, address=address, drawing=_drawn(address))


def _drawn(address: str) -> Markup:
    """The code as SVG."""
    kept = io.BytesIO()
    code = segno.make(address, error="m")
    code.save(kept, kind="svg", xmldecl=False, svgns=True, svgclass="qr", lineclass=None, omitsize=True)
    return Markup(kept.getvalue().decode())  # noqa: S704  # made here, of an address and a code of ours
