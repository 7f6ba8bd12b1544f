"""Entries as what has files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from services.schedule import acting
from shared.context import Context
from shared.db import Tx
from shared.files.owners import Owners


@dataclass(frozen=True)
class _Opened:
    """What files ask of an entry: its id."""

    id: str


class EntryFiles(Owners):
    """Files of an entry: who may write it adds and removes them."""

    def opened(self, tx: Tx, ctx: Context, owner: str) -> Any:
        """An entry the caller may read."""
        row, _, _ = acting.opened(tx, ctx, owner, "read")
        return _Opened(row.id)

    def held(self, tx: Tx, ctx: Context, owner: str) -> Any:
        """An entry the caller may write, locked."""
        row, _, _ = acting.opened(tx, ctx, owner, "write", lock=True)
        return _Opened(row.id)
