"""Receivers: found by name over people, departments and groups; the groups themselves."""

from __future__ import annotations

from typing import Any

from flask import Response
from flask_smorest import Blueprint

from gateway.core import auth, backend
from gateway.core.describe import items_of, operation, without
from gateway.core.http import answer, body, if_match, nothing, query
from shared.contracts import directory

# Seconds: ten thousand lines take longer than most calls may.
_PATIENCE = 20.0

bp = Blueprint("Receivers", __name__, description="People, departments and groups to send to")


@bp.route("/receivers", methods=["GET"])
@operation(query=directory.ReceiverQuery, answers={200: items_of(directory.ReceiverLine, "Receivers")})
@auth.signed_in
def receivers() -> Response:
    """People, departments and groups by parts of their names and initials (초성): search while typing."""
    return answer(backend.call("directory", "receivers", query()))


@bp.route("/receivers/file", methods=["POST"])
@operation(body=directory.ReceiversOfFile, answers={200: directory.FoundOfFile})
@auth.signed_in
def receivers_of_file() -> Response:
    """Whom a CSV file names by login or e-mail, and each line that adds nobody, with why. Nothing is kept."""
    return answer(backend.call("directory", "receivers_of_file", body(), timeout=_PATIENCE))


@bp.route("/receiver-groups", methods=["GET"])
@operation(answers={200: directory.GroupList})
@auth.signed_in
def groups() -> Response:
    """The caller's groups and those of the caller's department, by name."""
    return answer(backend.call("directory", "groups", {}))


@bp.route("/receiver-groups", methods=["POST"])
@operation(body=without(directory.SaveGroup, "id", "version"), answers={201: directory.WholeGroup})
@auth.signed_in
def create_group() -> Response:
    """A new group of the caller's, or of the caller's `department`: by its document officers and its head."""
    made = backend.call("directory", "save_group", body(id=None, version=None))
    return answer(made, 201, version=made["version"], location=f"/receiver-groups/{made['id']}")


@bp.route("/receiver-groups/<uuid:id>", methods=["GET"])
@operation(answers={200: directory.WholeGroup}, problems=(404,), etag=True)
@auth.signed_in
def group(id: Any) -> Response:  # noqa: A002
    """One group with its members; who left and what was abolished is marked."""
    found = backend.call("directory", "group", {"id": str(id)})
    return answer(found, version=found["version"])


@bp.route("/receiver-groups/<uuid:id>", methods=["PUT"])
@operation(
    body=without(directory.SaveGroup, "id", "version"),
    answers={200: directory.WholeGroup},
    problems=(404,),
    if_match=True,
    etag=True,
)
@auth.signed_in
def save_group(id: Any) -> Response:  # noqa: A002
    """Changes a group's name and members; whose it is stays."""
    saved = backend.call("directory", "save_group", body(id=str(id), version=if_match()))
    return answer(saved, version=saved["version"])


@bp.route("/receiver-groups/<uuid:id>", methods=["DELETE"])
@operation(answers={204: None}, problems=(404,), if_match=True)
@auth.signed_in
def delete_group(id: Any) -> Response:  # noqa: A002
    """Deletes a group; what was sent to it stays with who received it."""
    backend.call("directory", "delete_group", {"id": str(id), "version": if_match()})
    return nothing()
