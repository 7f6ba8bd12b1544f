"""My Desk (나의 책상): what is to be done, what others are to do with mine, what happened."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from gateway.core import backend, nouns
from gateway.core.auth import public, signed_in
from gateway.core.page import Call, ask, given, is_fragment

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
    found = ask(also={**parts, "counts": ("desk", "counts", {})})
    late = {each["kind"]: each["count"] for each in (found["pressing"] or {"items": ()})["items"]}
    return render_template(template, kind=query.get("kind"), kinds=nouns.kinds(), due_counts=late, **found)


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
