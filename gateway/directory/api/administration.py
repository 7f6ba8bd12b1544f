"""Administration of the organisation: people, departments, files."""

from __future__ import annotations

import base64
from typing import Any

from flask import Response
from flask_smorest import Blueprint
from marshmallow import Schema

from gateway.core import auth, backend, security
from gateway.core.describe import operation, without
from gateway.core.files import saved_as
from gateway.core.http import answer, body, if_match, nothing, query
from shared.contracts import directory

bp = Blueprint("Administration", __name__, description="For administrators of an organisation")

_IMPORT_LIMIT = 28 * 1024 * 1024
_IMPORT_SECONDS = 120.0


class ExportArguments(Schema):
    """In which encoding a file is wanted."""

    encoding = directory.ExportCsv().fields["encoding"]


@bp.route("/people", methods=["POST"])
@operation(body=without(directory.SavePerson, "id", "version"), answers={201: directory.PersonView})
@auth.signed_in
def create_person() -> Response:
    """Enters a person. With a password the key is of no effect."""
    made = _save_person(body(id=None, version=None))
    return answer(made, 201, version=made["version"], location=f"/people/{made['id']}")


@bp.route("/people/<uuid:id>", methods=["PUT"])
@operation(
    body=without(directory.SavePerson, "id", "version"),
    answers={200: directory.PersonView},
    problems=(404,),
    if_match=True,
    etag=True,
)
@auth.signed_in
def save_person(id: Any) -> Response:  # noqa: A002
    """Changes a person. With a password the key is of no effect."""
    saved = _save_person(body(id=str(id), version=if_match()))
    return answer(saved, version=saved["version"])


def _save_person(given: dict[str, Any]) -> dict[str, Any]:
    # What is kept under a key would be a hash of the password.
    saved: dict[str, Any] = backend.call("directory", "save_person", given, idempotent=not given.get("password"))
    return saved


@bp.route("/people/<uuid:id>/unlock", methods=["POST"])
@operation(answers={204: None}, problems=(404,))
@auth.signed_in
def unlock(id: Any) -> Response:  # noqa: A002
    """Lets somebody who is locked out try again."""
    backend.call("directory", "unlock", {"id": str(id)})
    return nothing()


@bp.route("/people/<uuid:id>/second-factor", methods=["DELETE"])
@operation(answers={204: None}, problems=(404, 409))
@auth.signed_in
def reset_second_factor(id: Any) -> Response:  # noqa: A002
    """Takes the second factor from somebody who has lost the device, and ends all of their sessions."""
    backend.call("directory", "reset_totp", {"id": str(id)})
    return nothing()


@bp.route("/departments", methods=["POST"])
@operation(
    body=without(directory.SaveDepartment, "id", "version"),
    answers={201: directory.DepartmentView},
)
@auth.signed_in
def create_department() -> Response:
    """Enters a department."""
    made = backend.call("directory", "save_department", body(id=None, version=None))
    return answer(made, 201, version=made["version"], location=f"/departments/{made['id']}")


@bp.route("/departments/<uuid:id>", methods=["PUT"])
@operation(
    body=without(directory.SaveDepartment, "id", "version"),
    answers={200: directory.DepartmentView},
    problems=(404,),
    if_match=True,
    etag=True,
)
@auth.signed_in
def save_department(id: Any) -> Response:  # noqa: A002
    """Changes a department; an earlier name is kept."""
    saved = backend.call("directory", "save_department", body(id=str(id), version=if_match()))
    return answer(saved, version=saved["version"])


@bp.route("/imports", methods=["POST"])
@operation(body=directory.ImportCsv, answers={200: directory.ImportResult})
@security.body_limit(_IMPORT_LIMIT)
@auth.signed_in
def import_csv() -> Response:
    """Tries a CSV file out (`dry_run`), naming every bad line, or takes it over whole."""
    return answer(backend.call("directory", "import_csv", body(), timeout=_IMPORT_SECONDS))


@bp.route("/exports/<any(departments, people):kind>", methods=["GET"])
@operation(query=ExportArguments, answers={200: None}, files={"answer": "text/csv"})
@auth.signed_in
def export_csv(kind: str) -> Response:
    """Departments or people as a CSV file."""
    made = backend.call("directory", "export_csv", query(kind=kind), timeout=_IMPORT_SECONDS)
    return saved_as(Response(base64.b64decode(made["content"]), mimetype="text/csv"), made["name"])
