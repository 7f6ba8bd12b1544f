"""Kept versions (판) of a document: the list, one of them, and two beside each other (신구대조)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, request
from werkzeug.wrappers import Response

from gateway.core.auth import signed_in
from gateway.core.page import Call, ask, show

bp = Blueprint("document_versions", __name__, url_prefix="/documents/<uuid:id>")

VIEWS = ("redline", "side")


@bp.get("/versions")
@signed_in
def versions(id: UUID) -> str:  # noqa: A002
    """Every kept version, the newest first; any two can be compared."""
    return show("documents/versions.html", needs={"versions": _versions(id)}, id=str(id))


@bp.get("/versions/<int(max=2147483647):version>")
@signed_in
def version(id: UUID, version: int) -> str:  # noqa: A002
    """One kept version as the paper it was."""
    needs: dict[str, Call] = {
        "kept": ("documents", "version", {"id": str(id), "version": version}),
        "versions": _versions(id),
    }
    return show("documents/version.html", needs=needs, also=_named_things(), id=str(id), names=names)


@bp.get("/compare")
@signed_in
def compare(id: UUID) -> str | Response:  # noqa: A002
    """Two versions: what was changed in words, and the body as a redline or side by side."""
    kept = ask({"versions": _versions(id)})["versions"]["items"]
    newest = kept[0]["version"]
    right = request.args.get("right", newest, type=int)
    left = request.args.get("left", max(right - 1, 1), type=int)
    left, right = sorted((left, right))
    view = request.args.get("view", "redline")
    needs: dict[str, Call] = {"compared": ("documents", "compare", {"id": str(id), "left": left, "right": right})}
    return show(
        "documents/compare.html",
        needs=needs,
        also=_named_things(),
        id=str(id),
        versions=kept,
        left=left,
        right=right,
        view=view if view in VIEWS else VIEWS[0],
        names=names,
    )


def names(*lists: dict[str, Any] | None) -> dict[str, str]:
    """The names of record folders and forms by their ids; a list that could not be asked names nothing."""
    return {item["id"]: item.get("title") or item["name"] for found in lists if found for item in found["items"]}


def _versions(document: UUID) -> Call:
    return ("documents", "versions", {"id": str(document)})


def _named_things() -> dict[str, Call]:
    return {"folders": ("documents", "folders", {}), "forms": ("documents", "forms", {})}
