"""Notes: one page, one command, one to-do."""

from __future__ import annotations

from typing import Any

from services.notes.models import Note
from sqlalchemy import select

from shared import desk, paging
from shared.bus import Service, command, query
from shared.context import Context
from shared.contracts import notes as contract
from shared.db import Tx

_ORDER = paging.Order("notes", (Note.id,), descending=False)


class NotesService(Service):
    """Keeps notes."""

    name = "notes"

    @query(contract.NotesQuery)
    def notes(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """The caller's notes, as `NotePage`."""
        statement = select(Note.id, Note.text).where(Note.person == ctx.person).order_by(*_ORDER.clauses())
        if data["cursor"]:
            statement = statement.where(_ORDER.after(data["cursor"]))
        rows, following = paging.page(tx.all(statement.limit(data["limit"] + 1)), data["limit"], _ORDER.key)
        return {"items": [{"id": row.id, "text": row.text} for row in rows], "next": following}

    @command(contract.WriteNote)
    def write_note(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """Keeps a note; as `Note`."""
        note = tx.new_id()
        tx.insert(Note, id=note, person=ctx.person, text=data["text"])
        todo = desk.Todo("read", tx.now, dismissible=True)
        desk.tell(tx, "notes", note, 1, title=data["text"], slots=[desk.Slot(ctx.person, "note", todo)])
        tx.audit("notes.written", subject=note, after={"text": data["text"]})
        return {"id": note, "text": data["text"]}
