"""People of the organisation: search while typing, by department, one by one."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Blueprint, render_template
from werkzeug.wrappers import Response

from gateway.core.auth import signed_in
from gateway.core.page import Call, ask, given, is_fragment, show

bp = Blueprint("people", __name__)

PAGE = 50


@bp.get("/people")
@signed_in
def people() -> str:
    """The list of people; for htmx the list alone, or the following rows where a cursor is given."""
    query = given("q", "department", "cursor")
    call: Call = ("directory", "people", {**query, "limit": PAGE})
    if is_fragment():
        page = ask(needs={"page": call})["page"]
        template = "directory/people/_rows.html" if "cursor" in query else "directory/people/_list.html"
        return render_template(template, page=page, query=query, more=more("/people", query, page["next"]))
    answers = ask(
        also={"page": call, "departments": ("directory", "departments", {}), "counts": ("desk", "counts", {})}
    )
    following = answers["page"]["next"] if answers["page"] else None
    return render_template(
        "directory/people/people.html", query=query, more=more("/people", query, following), **answers
    )


@bp.get("/people/<uuid:id>")
@signed_in
def person(id: object) -> str | Response:  # noqa: A002
    """One person: how to reach them, where they work, whether they are away."""
    return show("directory/people/person.html", needs={"person": ("directory", "person", {"id": str(id)})})


def more(path: str, query: dict[str, str], cursor: str | None) -> str:
    """The address of the page after this one; empty on the last."""
    return f"{path}?{urlencode({**query, 'cursor': cursor})}" if cursor else ""
