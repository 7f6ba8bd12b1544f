"""The route (보고경로) as it is now, for a page that shows it."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from gateway.approval.words import route as routes
from gateway.core.auth import signed_in
from gateway.core.page import ask

bp = Blueprint("route", __name__)


@bp.get("/documents/<uuid:id>/route")
@signed_in
def route(id: UUID) -> str | Response:  # noqa: A002
    """The route's part of the card as it is now.

    `seen` is the mark of what the page shows. Where more than the steps changed the rest of the page follows, unless
    the reader is about to decide (`deciding`): nothing is taken from under their hands, they are told.
    """
    found = ask(also={"route": ("approval", "route", {"document": str(id)})})["route"]
    if found is None:
        # Not heard of yet, or away: the page keeps what it shows.
        return Response(status=204)
    steps = list(found["submissions"][0]["steps"])
    return render_template(
        "approval/_route.html",
        id=str(id),
        route=found,
        steps=steps,
        active=routes.active(steps),
        changed=routes.mark(found) != request.args.get("seen"),
        deciding="deciding" in request.args,
    )
