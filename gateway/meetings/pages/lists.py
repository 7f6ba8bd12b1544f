"""Lists of meetings: what is to come, what was, what the department hosts."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, render_template

from gateway.core.auth import signed_in
from gateway.core.page import Call, ask, given, is_fragment
from shared.contracts.meetings import STATES

bp = Blueprint("meeting_lists", __name__, url_prefix="/meetings")

_ASKED: dict[str, dict[str, Any]] = {
    "ahead": {"box": "mine", "ahead": True},
    "past": {"box": "mine", "ahead": False},
    "department": {"box": "department", "ahead": True},
    "department-past": {"box": "department", "ahead": False},
}


@bp.get("")
@signed_in
def ahead() -> str:
    """The reader's meetings that are to come."""
    return _list("ahead")


@bp.get("/<any(past, department, 'department-past'):name>")
@signed_in
def named(name: str) -> str:
    """Another list."""
    return _list(name)


def _list(name: str) -> str:
    query = given("q", "state", "cursor")
    call: Call = ("meetings", "box", {**_ASKED[name], **query, "limit": 50})
    path = "/meetings" if name == "ahead" else f"/meetings/{name}"
    coming = _ASKED[name]["ahead"]
    values: dict[str, Any] = {
        "box": name,
        "path": path,
        "query": query,
        "states": [state for state in STATES if (state in ("called", "held")) == coming],
        "narrowed": any(query.get(each) for each in ("q", "state")),
    }
    if is_fragment() and "cursor" in query:
        page = ask(needs={"page": call})["page"]
        return render_template("meetings/_rows.html", page=page, more=_more(path, query, page), **values)
    found = ask(also={"page": call} | ({} if is_fragment() else {"counts": ("desk", "counts", {})}))
    values["more"] = _more(path, query, found["page"])
    return render_template("meetings/_list.html" if is_fragment() else "meetings/list.html", **values, **found)


def _more(path: str, query: dict[str, str], page: dict[str, Any] | None) -> str:
    return f"{path}?{urlencode({**query, 'cursor': page['next']})}" if page and page["next"] else ""
