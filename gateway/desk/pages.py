"""My Desk (나의 책상): what is to be done, what others are to do with mine, what happened."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from gateway.core import backend, nouns
from gateway.core.auth import principal, public, signed_in
from gateway.core.format import SEOUL
from gateway.core.page import Call, ask, given, is_fragment
from gateway.desk.rail import rail

bp = Blueprint("desk", __name__)

NOTICES = 8
WAITING = 8


@bp.get("/")
@public
def start() -> Response:
    """The desk is where everybody starts."""
    return redirect("/desk")


@bp.get("/desk")
@signed_in
def desk() -> str:
    """The desk; for htmx its inner part, which follows the live counts."""
    query = {**given("kind", "cursor"), "sort": "due"}
    parts: dict[str, Call] = {
        "todos": ("desk", "todos", query),
        "pressing": ("desk", "pressing", {}),
        "notices": ("desk", "notices", {"limit": NOTICES}),
        "mine": ("approval", "box", {"box": "progress", "sort": "at", "mine": True, "limit": WAITING}),
    }
    template = "desk/_desk.html" if is_fragment() else "desk/desk.html"
    found = ask(also={**parts, "counts": ("desk", "counts", {})}, spare=_spare())
    late = {each["kind"]: each["count"] for each in (found["pressing"] or {"items": ()})["items"]}
    given_ = {"kind": query.get("kind"), "kinds": nouns.kinds(), "due_counts": late}
    return render_template(template, **given_, **_day(found["schedule"]), **found)


def _spare() -> dict[str, Call]:
    """What is shown of the day: the desk waits for none of it."""
    day = datetime.now(UTC).astimezone(SEOUL).date()
    window = {"from": day.isoformat(), "to": (day + timedelta(days=1)).isoformat()}
    return {
        "schedule": ("schedule", "entries", window | {"principals": True}),
        "presence": ("schedule", "presence", {"people": [principal().person]}),
    }


def _day(schedule: dict[str, Any] | None) -> dict[str, Any]:
    now = datetime.now(UTC)
    return {"rail": rail(schedule["items"], now) if schedule else None, "now": now.astimezone(SEOUL)}


@bp.get("/desk/today")
@signed_in
def today() -> str:
    """Today's schedule as a rail."""
    found = ask(also={"schedule": _spare()["schedule"]})["schedule"]
    return render_template("desk/_today.html", **_day(found), waits=False)


@bp.get("/desk/todos")
@signed_in
def todos() -> str:
    """The next to-do items of the list."""
    query = {**given("kind", "cursor"), "sort": "due"}
    found = ask(needs={"todos": ("desk", "todos", query)})
    after = request.args.get("after", "")
    return render_template("desk/_todos.html", kind=query.get("kind"), after=after, **found)


@bp.get("/desk/badge")
@signed_in
def badge() -> str:
    """The counts in the header and the side column."""
    return render_template("desk/_news.html", **ask(also={"counts": ("desk", "counts", {})}))


@bp.post("/desk/todos/<uuid:id>/dismiss")
@signed_in
def dismiss(id: object) -> Response:  # noqa: A002
    """Takes what only tells off the desk; back to the list it was in."""
    backend.call("desk", "dismiss_todo", {"id": str(id)})
    kind = request.form.get("kind")
    return redirect(url_for("desk.desk", kind=kind) if kind else "/desk", 303)


@bp.post("/desk/notices/read")
@signed_in
def read_notices() -> Response:
    """All notices up to the one last seen are read."""
    backend.call("desk", "read_notices", {"until": request.form.get("until") or None})
    return redirect("/desk", 303)
