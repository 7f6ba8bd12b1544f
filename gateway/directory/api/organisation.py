"""The organisation as everybody in it sees it: people, departments, the line proposed to a drafter."""

from __future__ import annotations

from typing import Any

from flask import Response
from flask_smorest import Blueprint

from gateway.core import auth, backend
from gateway.core.describe import items_of, operation
from gateway.core.http import answer, query
from shared.contracts import directory

bp = Blueprint("Organisation", __name__, description="People and departments")


@bp.route("/people", methods=["GET"])
@operation(query=directory.PeopleQuery, answers={200: directory.PeoplePage})
@auth.signed_in
def people() -> Response:
    """People by the beginning of a name, login or department: search while typing."""
    return answer(backend.call("directory", "people", query()))


@bp.route("/people/<uuid:id>", methods=["GET"])
@operation(answers={200: directory.PersonView}, problems=(404,), etag=True)
@auth.signed_in
def person(id: Any) -> Response:  # noqa: A002
    """One person."""
    found = backend.call("directory", "person", {"id": str(id)})
    return answer(found, version=found["version"])


@bp.route("/people/proposed-line", methods=["GET"])
@operation(answers={200: directory.ProposedLine})
@auth.signed_in
def proposed_line() -> Response:
    """The approval line a draft of the caller's begins with, and why."""
    return answer(backend.call("directory", "proposed_line", {}))


@bp.route("/departments", methods=["GET"])
@operation(answers={200: items_of(directory.DepartmentView, "Departments")})
@auth.signed_in
def departments() -> Response:
    """The tree of departments in reading order, the organisation first."""
    return answer(backend.call("directory", "departments", {}))
