"""My Desk: to-do items, their counts and notices, projected from events."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from shared.contracts.common import Id, PageQuery, Strict, page_of

TODO_KINDS = ("approval", "returned", "memo", "request", "meeting")


class TodosQuery(PageQuery):
    """`todos`: what the caller is to do, the longest waiting first; of one `kind`, or of all."""

    kind = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(TODO_KINDS))


class Todo(Schema):
    """One thing to do. `subject` is the id of the document (memo, request …) it is about."""

    id = Id(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(TODO_KINDS))
    subject = Id(required=True)
    title = fields.String(required=True)
    role = fields.String(required=True, metadata={"description": "What is asked: review, cooperate, decide, …"})
    sender = fields.Dict(required=True, allow_none=True, metadata={"description": "PersonRef of who it came from"})
    since = fields.DateTime(required=True)


TodoPage = page_of(Todo, "TodoPage")

Counts = Schema.from_dict(
    {**{kind: fields.Integer(required=True) for kind in TODO_KINDS}, "total": fields.Integer(required=True)},
    name="Counts",
)


class Notice(Schema):
    """알림: something happened to what is yours; `code` is put into words by the page."""

    id = Id(required=True)
    code = fields.String(required=True)
    subject = Id(required=True)
    params = fields.Dict(required=True)
    at = fields.DateTime(required=True)
    read = fields.Boolean(required=True)


NoticePage = page_of(Notice, "NoticePage")


class ReadNotices(Strict):
    """`read_notices`: all up to and with `until` (an id), or all."""

    until = Id(load_default=None, allow_none=True)


class DismissTodo(Strict):
    """`dismiss_todo`: an item that only tells (a returned document already dealt with)."""

    id = Id(required=True)


EVENTS: dict[str, type[Schema]] = {}
