"""Attachments (붙임): the files of a document, which are part of its versions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Row, select

from services.documents import cards, drafts
from services.documents.domain import lifecycle
from services.documents.drafts import Draft
from services.documents.models import Version
from shared.context import Context
from shared.db import Tx
from shared.files.owners import Owners


class Attachments(Owners):
    """Documents as the owners of files: each file that comes or goes makes a version."""

    field = "attachments"

    def opened(self, tx: Tx, ctx: Context, owner: str) -> Draft:
        """A document the caller may read."""
        return cards.opened(tx, ctx, owner)

    def held(self, tx: Tx, ctx: Context, owner: str) -> Draft:
        """A draft of the caller's. Raises `Conflict` for what was submitted."""
        draft = drafts.own(tx, ctx, owner)
        lifecycle.require_editable(draft.row.state)
        return draft

    def listed(self, tx: Tx, owner: str, found: Draft) -> list[str]:
        """Those of the present version."""
        return [file["id"] for file in found.content.attachments]

    def earlier(self, ctx: Context, found: Draft) -> bool:
        """Earlier versions are for who took part."""
        return ctx.person in found.row.participants

    def added(self, tx: Tx, ctx: Context, found: Draft, view: dict[str, Any]) -> dict[str, Any]:
        """A version with the file; its number."""
        content = replace(found.content, attachments=[*found.content.attachments, view])
        return {"version": drafts.save(tx, ctx, found, content, "attached")["version"]}

    def removed(self, tx: Tx, ctx: Context, found: Draft, file: str) -> dict[str, Any]:
        """A version without the file, as `SaveResult`."""
        kept = [each for each in found.content.attachments if each["id"] != file]
        return drafts.save(tx, ctx, found, replace(found.content, attachments=kept), "detached")

    def standing(self, found: Draft) -> dict[str, Any]:
        """Its version."""
        return {"version": found.row.version}

    def referred(self, tx: Tx, files: Sequence[Row[Any]]) -> set[str]:
        """Those that a kept version has."""
        versions = select(Version.rest).where(Version.document.in_({file.owner for file in files}))
        kept = {each["id"] for row in tx.all(versions) for each in row.rest["attachments"]}
        return kept & {file.id for file in files}
