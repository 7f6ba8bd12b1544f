"""Administration of the organisation: departments, people, CSV import and export."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from gateway.core import backend
from gateway.core.auth import administrators_only
from gateway.core.page import Call, ask, given, is_fragment, show
from gateway.directory.pages.people import more
from shared.contracts.directory import ROLES
from shared.errors import Invalid, Problem

bp = Blueprint("admin", __name__, url_prefix="/admin")
bp.before_request(administrators_only)

KINDS = ("departments", "people")
GRANTED = tuple(role for role in ROLES if role != "platform_operator")
"""Roles an organisation grants itself; the platform's operator is not one of them."""
IMPORT_LIMIT = 20 * 1024 * 1024
IMPORT_SECONDS = 120.0


@bp.get("")
def start() -> str:
    """What there is to administer."""
    return show("directory/admin/admin.html", also={"departments": ("directory", "departments", {})})


# -- departments --------------------------------------------------------------------------------------


@bp.get("/departments")
def departments() -> str:
    """The tree of departments, the abolished ones too."""
    return show("directory/admin/departments.html", needs={"departments": ("directory", "departments", {})})


@bp.get("/departments/new")
@bp.get("/departments/<uuid:id>")
def department(id: object = None) -> str:  # noqa: A002
    """The form of one department."""
    tree = ask(needs={"departments": ("directory", "departments", {})})["departments"]["items"]
    found: dict[str, Any] = next((item for item in tree if item["id"] == str(id)), {})
    return show("directory/admin/department.html", department=found, departments=tree, errors={})


@bp.post("/departments/new")
@bp.post("/departments/<uuid:id>")
def save_department(id: object = None) -> Response | tuple[str, int]:  # noqa: A002
    """Saves a department; a name that changes is kept in its history."""
    form = request.form
    data: dict[str, Any] = {
        "name": form.get("name", ""),
        "code": form.get("code", "").strip().upper(),
        "parent": form.get("parent") or None,
        "order": _number(form.get("order")) or 0,
        "abolished": "abolished" in form,
    }
    if id:
        data |= {"id": str(id), "version": _number(form.get("version"))}
    try:
        backend.call("directory", "save_department", data)
    except Problem as problem:
        tree = ask(needs={"departments": ("directory", "departments", {})})["departments"]["items"]
        return _refused(problem, "directory/admin/department.html", department=data, departments=tree)
    flash(gettext("부서를 저장했습니다."))
    return redirect("/admin/departments", 303)


# -- people -------------------------------------------------------------------------------------------


@bp.get("/people")
def people() -> str:
    """All people, also those who left; search while typing."""
    query = given("q", "cursor", "inactive")
    call: Call = ("directory", "people", {**query, "limit": 50})
    if is_fragment():
        page = ask(needs={"page": call})["page"]
        template = "directory/admin/_people_rows.html" if "cursor" in query else "directory/admin/_people_list.html"
        return render_template(template, page=page, query=query, more=more("/admin/people", query, page["next"]))
    answers = ask(needs={"page": call}, also={"counts": ("desk", "counts", {})})
    following = more("/admin/people", query, answers["page"]["next"])
    return render_template("directory/admin/people.html", query=query, more=following, **answers)


@bp.get("/people/new")
@bp.get("/people/<uuid:id>")
def person(id: object = None) -> str:  # noqa: A002
    """The form of one person."""
    needs: dict[str, Call] = {"departments": ("directory", "departments", {})}
    if id:
        needs["person"] = ("directory", "person", {"id": str(id)})
    return show("directory/admin/person.html", needs=needs, person={}, roles=GRANTED, errors={})


@bp.post("/people/new")
@bp.post("/people/<uuid:id>")
def save_person(id: object = None) -> Response | tuple[str, int]:  # noqa: A002
    """Saves a person with their main post; further posts stay as they are."""
    data = _person_form()
    if id:
        kept = backend.call("directory", "person", {"id": str(id)})
        data["posts"] += [_post(post) for post in kept["posts"][1:]]
        data |= {"id": str(id), "version": _number(request.form.get("version"))}
    try:
        saved = backend.call("directory", "save_person", data)
    except Problem as problem:
        tree = ask(needs={"departments": ("directory", "departments", {})})["departments"]
        return _refused(problem, "directory/admin/person.html", person=data, departments=tree, roles=GRANTED)
    flash(gettext("%(name)s 님을 저장했습니다.", name=data["name"]))
    return redirect(f"/admin/people/{saved['id']}", 303)


@bp.post("/people/<uuid:id>/unlock")
def unlock(id: object) -> Response:  # noqa: A002
    """Lets a person locked out after wrong passwords try again."""
    backend.call("directory", "unlock", {"id": str(id)})
    flash(gettext("잠금을 풀었습니다."))
    return redirect(f"/admin/people/{id}", 303)


@bp.post("/people/<uuid:id>/second-factor-removal")
def reset_second_factor(id: object) -> Response:  # noqa: A002
    """Takes the second factor from a person who has lost the device."""
    backend.call("directory", "reset_totp", {"id": str(id)})
    flash(gettext("2단계 인증을 지웠습니다. 이 사람의 로그인은 모두 끝났습니다."))
    return redirect(f"/admin/people/{id}", 303)


def _person_form() -> dict[str, Any]:
    form = request.form
    return {
        "login": form.get("login", ""),
        "name": form.get("name", ""),
        "email": form.get("email", ""),
        "phone": form.get("phone", ""),
        "posts": [
            {
                "department": form.get("department", ""),
                "position": form.get("position", ""),
                "rank": form.get("rank", ""),
            }
        ],
        "roles": form.getlist("roles"),
        "clearance": _number(form.get("clearance")) or 0,
        "active": "active" in form,
        "password": form.get("password", ""),
    }


def _post(post: dict[str, Any]) -> dict[str, Any]:
    return {name: post[name] for name in ("department", "position", "rank")}


# -- CSV ----------------------------------------------------------------------------------------------


@bp.get("/import")
def import_form() -> str:
    """The form for a CSV file."""
    return show("directory/admin/import.html", kind=request.args.get("kind", "people"), kinds=KINDS, errors={})


@bp.post("/import")
def import_csv() -> str | tuple[str, int]:
    """First what the file would do, with every bad line; then, on a second press, the import itself."""
    kind = request.form.get("kind", "people")
    apply = request.form.get("apply") == "yes"
    values: dict[str, Any] = {"kind": kind, "kinds": KINDS}
    try:
        content = _uploaded()
        result = backend.call(
            "directory",
            "import_csv",
            {"kind": kind, "content": content, "dry_run": not apply},
            timeout=IMPORT_SECONDS,
        )
    except Problem as problem:
        return _refused(problem, "directory/admin/import.html", **values)
    return show("directory/admin/import.html", errors={}, result=result, content=content, **values)


def _uploaded() -> str:
    """The chosen file in base64, or the one already checked. Raises Invalid."""
    file = request.files.get("file")
    if file and file.filename:
        content = file.read(IMPORT_LIMIT + 1)
        if len(content) > IMPORT_LIMIT:
            raise Invalid({"file": "too_long"})
        return base64.b64encode(content).decode()
    content64 = request.form.get("content", "")
    try:
        if base64.b64decode(content64, validate=True):
            return content64
    except binascii.Error:
        pass
    raise Invalid({"file": "no_file"})


@bp.get("/export/<any(departments, people):kind>.csv")
def export_csv(kind: str) -> Response:
    """Everything as CSV, in UTF-8 or in the code page of Korean spreadsheets."""
    encoding = "cp949" if request.args.get("encoding") == "cp949" else "utf-8"
    made = backend.call("directory", "export_csv", {"kind": kind, "encoding": encoding}, timeout=IMPORT_SECONDS)
    response = Response(base64.b64decode(made["content"]), mimetype="text/csv")
    response.headers.set("Content-Disposition", "attachment", filename=made["name"])
    return response


def _refused(problem: Problem, template: str, **values: Any) -> tuple[str, int]:
    """The form again with what is wrong with it; anything the administrator cannot mend is raised."""
    if problem.status not in (409, 412, 413, 422):
        raise problem
    return show(template, errors=problem.fields, problem=problem, **values), 422


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() else None
