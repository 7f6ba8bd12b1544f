"""Files of what the service keeps: each kind of object says by itself who reads, adds and removes them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, select

from services.memo import rows
from services.memo.domain import lifecycle
from services.memo.journals.files import EntryFiles
from services.memo.models import FILE, Memo
from shared.context import Context
from shared.db import Tx
from shared.files.owners import Either, Owners


class MemoFiles(Owners):
    """Memos as the owners of files: added while they are drafts, read by whom they came to."""

    def has(self, tx: Tx, owner: str) -> bool:
        """Whether there is this memo."""
        return tx.one(select(Memo.id).where(Memo.id == owner)) is not None

    def opened(self, tx: Tx, ctx: Context, owner: str) -> Row[Any]:
        """A memo that the caller may read."""
        return rows.opened(tx, ctx, owner).row

    def held(self, tx: Tx, ctx: Context, owner: str) -> Row[Any]:
        """A draft of the caller's, locked. Raises `Conflict` for what is out, or waits to go out."""
        row = rows.own(tx, ctx, owner)
        lifecycle.require_draft(row.state)
        return row

    def added(self, tx: Tx, ctx: Context, found: Row[Any], view: dict[str, Any]) -> dict[str, Any]:
        """One more."""
        rows.change(tx, found.id, files=found.files + 1, updated_at=tx.now)
        return super().added(tx, ctx, found, view)

    def removed(self, tx: Tx, ctx: Context, found: Row[Any], file: str) -> dict[str, Any]:
        """One less."""
        rows.change(tx, found.id, files=found.files - 1, updated_at=tx.now)
        return super().removed(tx, ctx, found, file)


FILES = Either(MemoFiles("memo", FILE), EntryFiles("memo", FILE))
