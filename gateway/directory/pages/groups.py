"""Groups of receivers: the reader's own and those of the reader's department."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from gateway.core import backend, receivers
from gateway.core.auth import principal, signed_in
from gateway.core.page import Call, show
from shared.errors import Problem

bp = Blueprint("groups", __name__, url_prefix="/settings/groups")

_GROUPS: Call = ("directory", "groups", {})


@bp.get("")
@signed_in
def groups() -> str:
    """The groups the reader may send to."""
    return show("directory/settings/groups.html", also={"groups": _GROUPS})


@bp.get("/new")
@signed_in
def new_group() -> str:
    """The form of a new group, of the reader or of the reader's department."""
    owner = "department" if request.args.get("of") == "department" else "person"
    return _form({"owner_kind": owner, "name": "", "editable": True}, [])


@bp.get("/<uuid:id>")
@signed_in
def group(id: object) -> str:  # noqa: A002
    """The form of one group; to look at where the reader does not keep it."""
    found = backend.call("directory", "group", {"id": str(id)})
    return _form(found, receivers.chosen([f"{member['kind']}:{member['id']}" for member in found["members"]]))


@bp.post("/new")
@bp.post("/<uuid:id>")
@signed_in
def save_group(id: object = None) -> Response | tuple[str, int]:  # noqa: A002
    """Saves a group."""
    form = request.form
    values = form.getlist("members")
    members = [dict(zip(("kind", "id"), value.partition(":")[::2], strict=True)) for value in values]
    data: dict[str, Any] = {"name": form.get("name", ""), "members": members}
    if id:
        data |= {"id": str(id), "version": _number(form.get("version"))}
    elif form.get("of") == "department":
        data["department"] = principal().department_id
    try:
        backend.call("directory", "save_group", data)
    except Problem as problem:
        return _refused(problem, data, values)
    flash(gettext("그룹을 저장했습니다."))
    return redirect("/settings/groups", 303)


@bp.post("/<uuid:id>/delete")
@signed_in
def delete_group(id: object) -> Response:  # noqa: A002
    """Deletes a group."""
    backend.call("directory", "delete_group", {"id": str(id), "version": _number(request.form.get("version"))})
    flash(gettext("그룹을 삭제했습니다."))
    return redirect("/settings/groups", 303)


def _form(shown: dict[str, Any], chosen: list[dict[str, Any]], **values: Any) -> str:
    return show("directory/settings/group.html", group=shown, chosen=chosen, **{"errors": {}, **values})


def _refused(problem: Problem, data: dict[str, Any], values: list[str]) -> tuple[str, int]:
    """The form again with what is wrong with it; anything the reader cannot mend is raised."""
    if problem.status not in (412, 422):
        raise problem
    # What is wrong with one of the members is said below all of them.
    errors = {name.partition(".")[0]: code for name, code in reversed(problem.fields.items())}
    shown = {**data, "owner_kind": request.form.get("of", "person"), "editable": True}
    return _form(shown, receivers.chosen(values), errors=errors, problem=problem), 422


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() else None
