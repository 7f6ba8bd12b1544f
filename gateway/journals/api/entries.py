"""Entries of journals: written, read, verified, and their photos."""

from __future__ import annotations

from typing import Any

from flask import Response
from flask_smorest import Blueprint

from gateway.core import auth, backend, files
from gateway.core.describe import operation, without
from gateway.core.http import answer, body, if_match, query
from shared.contracts import journals as contract

bp = Blueprint("Journal entries", __name__, description="What is written into journals, and verified")
SERVICE = "memo"


@bp.route("/journals/<uuid:id>/entries", methods=["GET"])
@operation(query=without(contract.EntriesQuery, "journal"), answers={200: contract.EntryPage}, problems=(404,))
@auth.signed_in
def journal_entries(id: Any) -> Response:  # noqa: A002
    """One page of a journal's entries, of a day or a month."""
    return answer(backend.call(SERVICE, "journal_entries", query(journal=str(id))))


@bp.route("/journals/entries/<uuid:id>", methods=["PUT"])
@operation(
    body=without(contract.SaveEntry, "id", "version"),
    answers={200: contract.SavedEntry},
    problems=(404, 409),
    if_match=True,
    etag=True,
)
@auth.signed_in
def save_entry(id: Any) -> Response:  # noqa: A002
    """Sends an entry under the id that the client made: sent again it is the same one, and `repeated` says so.

    A change tells by `If-Match` which version was changed; 409 `other-version` where there is a later one.
    """
    saved = backend.call(SERVICE, "save_entry", body(id=str(id), version=if_match()))
    return answer(saved, version=saved["version"] or None)


@bp.route("/journals/entries/<uuid:id>", methods=["GET"])
@operation(answers={200: contract.EntryView}, problems=(404,), etag=True)
@auth.signed_in
def journal_entry(id: Any) -> Response:  # noqa: A002
    """One entry, whole: its form, values, photos, and every version with what was decided on it."""
    found = backend.call(SERVICE, "journal_entry", {"id": str(id)})
    return answer(found, version=found["version"])


@bp.route("/journals/entries/<uuid:id>/decisions", methods=["POST"])
@operation(body=without(contract.DecideEntry, "id"), answers={200: contract.SavedEntry}, problems=(404, 409))
@auth.signed_in
def decide_entry(id: Any) -> Response:  # noqa: A002
    """Verifies the `version` that was seen, sends it back, or admits it into a month that was signed off.

    409 `other-version` where there is a later version, with `changes`; 403 `own-entry` for what one wrote oneself.
    """
    return answer(backend.call(SERVICE, "decide_entry", body(id=str(id))))


files.routes(bp, service=SERVICE, owner="/journals/entries/<uuid:id>/files", named="journal_photo")
