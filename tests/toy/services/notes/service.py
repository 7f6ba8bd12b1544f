"""Notes: what is found of them, what there is to do, and what happened."""

from __future__ import annotations

from typing import Any

from services.notes.models import Note
from sqlalchemy import select

from shared import audience, catalogue, desk, paging
from shared.bus import Service, command, query
from shared.context import Context
from shared.contracts import notes as contract
from shared.db import Tx
from shared.errors import NotFound

_ORDER = paging.Order("notes", (Note.id,), descending=False)


class NotesService(Service):
    """Keeps notes, each for who wrote it."""

    name = "notes"

    @query(contract.NotesQuery)
    def notes(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """The caller's notes, as `NotePage`."""
        statement = select(Note.id, Note.text).where(Note.person == ctx.person).order_by(*_ORDER.clauses())
        if data["cursor"]:
            statement = statement.where(_ORDER.after(data["cursor"]))
        rows, following = paging.page(tx.all(statement.limit(data["limit"] + 1)), data["limit"], _ORDER.key)
        return {"items": [{"id": row.id, "text": row.text} for row in rows], "next": following}

    @query(contract.NoteQuery)
    def note(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """One of the caller's notes, as `Note`."""
        found = tx.one(select(Note.id, Note.text).where(Note.id == data["id"], Note.person == ctx.person))
        if found is None:
            raise NotFound("note")
        return {"id": found.id, "text": found.text}

    @command(contract.WriteNote)
    def write_note(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """Keeps a note; as `Note`."""
        note = tx.new_id()
        tx.insert(Note, id=note, person=ctx.person, text=data["text"])
        todo = desk.Todo("read", tx.now, dismissible=True)
        kept = desk.Notice(ctx.person, "kept", 1, tx.now, {"text": data["text"]})
        slots = [desk.Slot(ctx.person, "note", todo)]
        desk.tell(tx, "notes", note, 1, title=data["text"], slots=slots, notices=[kept])
        catalogue.tell(tx, _item(tx, ctx, note, data["text"]))
        tx.audit("notes.written", subject=note, after={"text": data["text"]})
        return {"id": note, "text": data["text"]}


def _item(tx: Tx, ctx: Context, note: str, text: str) -> catalogue.Item:
    return catalogue.Item(
        noun="notes",
        subject=note,
        sequence=1,
        title=text,
        state="kept",
        at=tx.now,
        owner=ctx.person_ref,
        department_id=ctx.department_id or None,
        department=ctx.department,
        audience={audience.person(ctx.person)},
        people=[ctx.person],
        text=text,
    )
