"""Documents: drafts, the card, versions, boxes, folders and forms."""

from __future__ import annotations

from typing import Any

from flask import Response
from flask_smorest import Blueprint
from marshmallow import Schema, fields, validate

from gateway.core import auth, backend, security
from gateway.core.describe import items_of, operation, without
from gateway.core.http import answer, body, if_match, nothing, query, require_if_match
from gateway.documents import cards
from shared.contracts import documents as contract
from shared.contracts.approval import ApprovalBoxQuery, ApprovalPage, Route

bp = Blueprint("Documents", __name__, description="From the first draft to the registered document")

# Their rows are the approval service's.
APPROVAL_BOXES = ("received", "progress", "decided")
DOCUMENT_BOXES = tuple(box for box in contract.BOXES if box not in APPROVAL_BOXES)
# A body of two million characters, each of up to four bytes or six as JSON escapes.
_DRAFT_LIMIT = 13 * 1024 * 1024


class Card(contract.DocumentView):
    """The document management card (문서관리카드) with its route; `may` is what the caller may do."""

    route = fields.Nested(Route, required=True, allow_none=True)


class BoxArguments(contract.BoxQuery):
    """A box (문서함). `received`, `progress` and `decided` answer rows of the caller's approvals, others documents."""

    box = fields.String(required=True, validate=validate.OneOf((*APPROVAL_BOXES, *DOCUMENT_BOXES)))
    sort = fields.String(
        metadata={"description": "`-updated`, `updated`, `title`, `number`, `-number`, or `-at`, `at`"}
    )
    role = ApprovalBoxQuery().fields["role"]


class ComparisonArguments(Schema):
    """The two versions to compare, `left` the older."""

    left = contract.CompareQuery().fields["left"]
    right = contract.CompareQuery().fields["right"]


@bp.route("/documents", methods=["POST"])
@operation(body=contract.CreateDraft, answers={201: contract.SaveResult}, etag=True)
@security.body_limit(_DRAFT_LIMIT)
@auth.signed_in
def create_draft() -> Response:
    """A new draft (기안); what is left out is proposed."""
    made = backend.call("documents", "create_draft", body())
    return answer(made, 201, version=made["version"], location=f"/documents/{made['id']}")


@bp.route("/documents", methods=["GET"])
@operation(
    query=BoxArguments,
    answers={200: {"anyOf": [contract.DocumentPage, ApprovalPage]}},
)
@auth.signed_in
def box() -> Response:
    """One page of a box, or of the department's register."""
    asked = query()
    service = "approval" if asked.get("box") in APPROVAL_BOXES else "documents"
    return answer(backend.call(service, "box", asked))


@bp.route("/documents/<uuid:id>", methods=["GET"])
@operation(answers={200: Card}, problems=(404,), etag=True)
@auth.signed_in
def card(id: Any) -> Response:  # noqa: A002
    """The card: content, route, history. That it was opened is on record."""
    found = cards.whole(str(id))
    return answer(found, version=found["version"])


@bp.route("/documents/<uuid:id>", methods=["PATCH"])
@operation(
    body=without(contract.SaveDraft, "id", "version"),
    answers={200: contract.SaveResult},
    problems=(404, 428),
    if_match=True,
    etag=True,
)
@security.body_limit(_DRAFT_LIMIT)
@auth.signed_in
def save_draft(id: Any) -> Response:  # noqa: A002
    """Changes the fields given; each change is a version."""
    changes = body(id=str(id), version=require_if_match())
    if changes["version"] is None:
        changes["version"] = backend.call("documents", "card", {"id": str(id)})["version"]
    saved = backend.call("documents", "save_draft", changes)
    return answer(saved, version=saved["version"])


@bp.route("/documents/<uuid:id>", methods=["DELETE"])
@operation(answers={204: None}, problems=(404,), if_match=True)
@auth.signed_in
def delete_draft(id: Any) -> Response:  # noqa: A002
    """Deletes a draft that was never submitted."""
    backend.call("documents", "delete_draft", {"id": str(id), "version": if_match()})
    return nothing()


@bp.route("/documents/<uuid:id>/submission", methods=["POST"])
@operation(
    body=without(contract.Submit, "id"),
    optional=True,
    answers={202: contract.SaveResult},
    problems=(404, 412),
)
@auth.signed_in
def submit(id: Any) -> Response:  # noqa: A002
    """Submits (상신) along `line`, or along the line saved in the draft."""
    sent = backend.call("documents", "submit", body(optional=True, id=str(id)))
    return answer(sent, 202, version=sent["version"])


@bp.route("/documents/<uuid:id>/submission/preview", methods=["GET"])
@operation(answers={200: contract.SubmissionPreview}, problems=(404, 409))
@auth.signed_in
def preview(id: Any) -> Response:  # noqa: A002
    """What a submission will bring about and what stands in its way, in codes."""
    return answer(backend.call("documents", "preview_submission", {"id": str(id)}))


# -- versions ---------------------------------------------------------------------------------------


@bp.route("/documents/<uuid:id>/versions", methods=["GET"])
@operation(answers={200: items_of(contract.VersionLine, "Versions")}, problems=(404,))
@auth.signed_in
def versions(id: Any) -> Response:  # noqa: A002
    """Every kept version, the newest first."""
    return answer(backend.call("documents", "versions", {"id": str(id)}))


@bp.route("/documents/<uuid:id>/versions/<int(max=2147483647):version>", methods=["GET"])
@operation(answers={200: contract.VersionView}, problems=(404,), etag=True)
@auth.signed_in
def version_of(id: Any, version: int) -> Response:  # noqa: A002
    """One kept version, whole."""
    found = backend.call("documents", "version", {"id": str(id), "version": version})
    return answer(found, version=version)


@bp.route("/documents/<uuid:id>/comparison", methods=["GET"])
@operation(query=ComparisonArguments, answers={200: contract.Comparison}, problems=(404,))
@auth.signed_in
def compare(id: Any) -> Response:  # noqa: A002
    """Two kept versions beside each other, and as a redline."""
    return answer(backend.call("documents", "compare", query(id=str(id))))


# -- folders and forms ------------------------------------------------------------------------------


@bp.route("/folders", methods=["GET"])
@operation(query=contract.FoldersQuery, answers={200: items_of(contract.Folder, "Folders")})
@auth.signed_in
def folders() -> Response:
    """Record folders (기록물철) of this year, the likely one for `title` first."""
    return answer(backend.call("documents", "folders", query()))


@bp.route("/folders", methods=["POST"])
@operation(body=without(contract.SaveFolder, "id"), answers={201: contract.Folder})
@auth.signed_in
def create_folder() -> Response:
    """Opens a record folder of the caller's department (document officer)."""
    made = backend.call("documents", "save_folder", body(id=None))
    return answer(made, 201, location=f"/folders/{made['id']}")


class FolderBody(Schema):
    """What may change of a folder."""

    title = contract.SaveFolder().fields["title"]
    unit_task = contract.SaveFolder().fields["unit_task"]
    retention = contract.SaveFolder().fields["retention"]


@bp.route("/folders/<uuid:id>", methods=["PUT"])
@operation(body=FolderBody, answers={200: contract.Folder}, problems=(404,))
@auth.signed_in
def save_folder(id: Any) -> Response:  # noqa: A002
    """Changes a record folder (document officer)."""
    return answer(backend.call("documents", "save_folder", body(id=str(id))))


@bp.route("/forms", methods=["GET"])
@operation(answers={200: items_of(contract.Form, "Forms")})
@auth.signed_in
def forms() -> Response:
    """Forms (서식): what a new draft may start with."""
    return answer(backend.call("documents", "forms", {}))


@bp.route("/forms/<id>", methods=["PUT"])
@operation(body=without(contract.SaveForm, "id"), answers={200: contract.Form})
@security.body_limit(_DRAFT_LIMIT)
@auth.signed_in
def save_form(id: str) -> Response:  # noqa: A002
    """Keeps a form of the organisation's own (document officer)."""
    return answer(backend.call("documents", "save_form", body(id=id)))
