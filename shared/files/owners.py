"""What a service says of the objects that its files belong to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, Table, select

from shared.context import Context
from shared.db import Tx
from shared.files.tables import STORED


class Owners:
    """The objects of one service. A subclass gives `opened` and `held`; where the rows of files are the whole truth
    of what an object has, the rest may stay as it is.

    `field` is what a list with too many files is called in a refusal, `most` how many are not too many.
    """

    field = "files"
    most = 30

    def __init__(self, noun: str, table: Table) -> None:
        self.noun = noun
        self.table = table

    def opened(self, tx: Tx, ctx: Context, owner: str) -> Any:
        """The object, for somebody who may read its files. Raises `NotFound` or `Forbidden`."""
        raise NotImplementedError

    def held(self, tx: Tx, ctx: Context, owner: str) -> Any:
        """The object, locked, for somebody who may add and remove files. Raises what stands in the way."""
        raise NotImplementedError

    def listed(self, tx: Tx, owner: str, found: Any) -> list[str]:
        """The ids of the files that the object has now; `found` is what `opened` or `held` answered."""
        of_owner = select(self.table.c.id).where(self.table.c.owner == owner, self.table.c.state == STORED)
        return [row.id for row in tx.all(of_owner)]

    def earlier(self, ctx: Context, found: Any) -> bool:
        """Whether the caller may read files as well that only an earlier version of the object has."""
        return False

    def added(self, tx: Tx, ctx: Context, found: Any, view: dict[str, Any]) -> dict[str, Any]:
        """Enters a file into the object; what is answered beside the `FileView` (a version)."""
        tx.audit(f"{self.noun}.file.added", subject=found.id, after=view)
        return {}

    def removed(self, tx: Tx, ctx: Context, found: Any, file: str) -> dict[str, Any]:
        """Takes a file off the object; what is answered."""
        tx.audit(f"{self.noun}.file.removed", subject=found.id, before={"id": file})
        return {"id": file, "removed": True}

    def standing(self, found: Any) -> dict[str, Any]:
        """What `added` would answer with of the object as it is (its version)."""
        return {}

    def referred(self, tx: Tx, files: Sequence[Row[Any]]) -> set[str]:
        """Of these files (`id`, `owner`), which no object lists now, those that an earlier version still has."""
        return set()
