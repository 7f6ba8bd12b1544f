"""Photos: the files of an entry."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, select

from services.memo.journals import books, entries
from services.memo.journals.domain import answers
from services.memo.journals.models import JournalEntry, JournalForm, JournalVersion
from services.memo.models import FILE
from shared.context import Context
from shared.db import Tx
from shared.errors import Forbidden, NotFound
from shared.files import keeping
from shared.files.owners import Owners

MOST = 60


class EntryFiles(Owners):
    """Entries as the owners of photos. An earlier version keeps those it has."""

    most = MOST

    def has(self, tx: Tx, owner: str) -> bool:
        """Whether there is such an entry."""
        return tx.one(select(JournalEntry.id).where(JournalEntry.id == owner)) is not None

    def opened(self, tx: Tx, ctx: Context, owner: str) -> Row[Any]:
        """An entry of a journal that the caller may read; one that is only begun is its writer's."""
        row = entries.found(tx, owner)
        if row is None:
            raise NotFound("entry")
        if row.writer_id != ctx.person:
            if not row.version:
                raise NotFound("entry")
            books.opened(tx, ctx, row.journal)
        return row

    def held(self, tx: Tx, ctx: Context, owner: str) -> Row[Any]:
        """An entry of the caller's own. Raises `Forbidden` for somebody else's."""
        self.opened(tx, ctx, owner)
        row = entries.found(tx, owner, locked=True)
        assert row is not None
        if row.writer_id != ctx.person:
            raise Forbidden("another's entry")
        return row

    def referred(self, tx: Tx, files: Sequence[Row[Any]]) -> set[str]:
        """Those that a version of an entry shows."""
        owners = {file.owner for file in files}
        columns = (JournalVersion.values, JournalForm.fields)
        kept = (
            select(*columns)
            .join(JournalEntry, JournalEntry.id == JournalVersion.entry)
            .join(
                JournalForm,
                (JournalForm.journal == JournalEntry.journal) & (JournalForm.version == JournalVersion.form_version),
            )
            .where(JournalVersion.entry.in_(owners))
        )
        named = {photo for row in tx.all(kept) for photo in answers.photos(row.fields, row.values)}
        return named & {file.id for file in files}


FILES = EntryFiles("memo", FILE)


def views(tx: Tx, entry: str) -> list[dict[str, Any]]:
    """The photos of an entry, as `FileView`."""
    return keeping.views(tx, FILES, entry)
