"""Notes: a line of text that somebody keeps."""

from __future__ import annotations

from marshmallow import Schema, fields

from shared.contracts.common import Id, PageQuery, Strict, Text, page_of


class NotesQuery(PageQuery):
    """`notes`: the caller's own, the oldest first."""


class NoteQuery(Strict):
    """`note`: one of the caller's own."""

    id = Id(required=True)


class WriteNote(Strict):
    """`write_note`."""

    text = Text(200, 1, required=True)


class Note(Schema):
    """A note."""

    id = Id(required=True)
    text = fields.String(required=True)


NotePage = page_of(Note, "NotePage")

EVENTS: dict[str, type[Schema]] = {}
