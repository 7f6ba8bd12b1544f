"""The pages of notes."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint

from gateway.core.auth import signed_in
from gateway.core.page import given, show

bp = Blueprint("notes", __name__, url_prefix="/notes")


@bp.get("")
@signed_in
def notes() -> str:
    """The caller's notes."""
    return show("notes/notes.html", needs={"notes": ("notes", "notes", given("cursor"))})


@bp.get("/<uuid:id>")
@signed_in
def note(id: UUID) -> str:  # noqa: A002
    """One note."""
    return show("notes/note.html", needs={"note": ("notes", "note", {"id": str(id)})})
