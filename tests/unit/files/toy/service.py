"""The service of the wall: everybody reads a note's files, its writer adds and removes them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, select

from shared.bus import Service
from shared.context import Context
from shared.db import Tx
from shared.errors import Forbidden, NotFound
from shared.files.owners import Either, Owners
from shared.files.service import WithFiles
from tests.unit.files.toy.models import FILE, Note


class Notes(Owners):
    """Notes as the owners of files; those of a note that is quoted stay."""

    most = 3

    def has(self, tx: Tx, owner: str) -> bool:
        """Whether there is this note."""
        return tx.one(select(Note.id).where(Note.id == owner)) is not None

    def opened(self, tx: Tx, ctx: Context, owner: str) -> Any:
        """Anybody's."""
        note = tx.one(select(Note.id, Note.person).where(Note.id == owner).with_for_update())
        if note is None:
            raise NotFound("note")
        return note

    def held(self, tx: Tx, ctx: Context, owner: str) -> Any:
        """The caller's own."""
        note = self.opened(tx, ctx, owner)
        if note.person != ctx.person:
            raise Forbidden("writer")
        return note

    def referred(self, tx: Tx, files: Sequence[Row[Any]]) -> set[str]:
        """Those of quoted notes."""
        quoted = {note.id for note in tx.all(select(Note.id).where(Note.quoted > 0))}
        return {file.id for file in files if file.owner in quoted}


class Nothing(Owners):
    """A kind of objects of which there are none."""

    def has(self, tx: Tx, owner: str) -> bool:
        """Never."""
        return False


class WallService(WithFiles, Service):
    """A noun with files in four lines."""

    name = "wall"
    files = Either(Nothing("wall", FILE), Notes("wall", FILE))
