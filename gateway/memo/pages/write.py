"""Writing a memo: on a page of its own, or beside another (the side panel)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from gateway.core import backend
from gateway.core.auth import signed_in
from gateway.core.page import show
from gateway.memo import writing
from gateway.memo.words import memo_kind
from shared.contracts.memo import KINDS

bp = Blueprint("memo_writing", __name__, url_prefix="/memos")


@bp.get("/new")
@signed_in
def new() -> str:
    """A new memo. `from`, `copy`, `template` and `to` say what it begins with; it is kept once something is typed."""
    args = request.args
    begun = writing.new(args.get("from", ""), args.get("copy", ""), args.get("template", ""), args.getlist("to"))
    return _page(begun, None)


@bp.get("/<uuid:id>/edit")
@signed_in
def edit(id: UUID) -> str | Response:  # noqa: A002
    """Goes on with a draft; one that is out is shown."""
    found = backend.call("memo", "memo", {"id": str(id)})
    if "edit" not in found["may"]:
        return redirect(f"/memos/{id}")
    return _page({**found, **writing.named(found)}, found)


def _page(begun: dict[str, Any], draft: dict[str, Any] | None) -> str:
    kinds = [(kind, memo_kind(kind)) for kind in KINDS]
    limit = backend.backend().settings.attachment_limit
    return show("memo/write.html", begun=begun, draft=draft, kinds=kinds, limit=limit, **writing.parts(begun))
