"""What a service says of the objects that its files belong to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, Table, select

from shared.context import Context
from shared.db import Tx
from shared.errors import NotFound
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

    def of(self, tx: Tx, owner: str) -> Owners:
        """Those that this object is one of: the same ones, unless a service has several kinds of objects (`Either`)."""
        return self

    def has(self, tx: Tx, owner: str) -> bool:
        """Whether there is such an object among these; asked where a service has several kinds."""
        raise NotImplementedError

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


class Either(Owners):
    """The objects of a service that has several kinds of them: each id is asked of the kinds in turn."""

    def __init__(self, *kinds: Owners) -> None:
        super().__init__(kinds[0].noun, kinds[0].table)
        self._kinds = kinds

    def of(self, tx: Tx, owner: str) -> Owners:
        """The kind that the object is of. Raises `NotFound`."""
        for kind in self._kinds:
            if kind.has(tx, owner):
                return kind
        raise NotFound("owner")

    def referred(self, tx: Tx, files: Sequence[Row[Any]]) -> set[str]:
        """Those that an object of any kind refers to."""
        return {file for kind in self._kinds for file in kind.referred(tx, files)}
