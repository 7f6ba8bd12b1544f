"""Comments under any object of a service: `id` is the object's."""

from __future__ import annotations

from marshmallow import Schema, fields

from shared.contracts.common import OPINION_LIMIT, Id, Number, PageQuery, PersonRef, Several, Strict, Text, page_of

MENTIONS_LIMIT = 50


class WriteComment(Strict):
    """A comment, or an answer to one (`reply_to`); those mentioned may read the object, and are told."""

    id = Id(required=True)
    text = Text(OPINION_LIMIT, 1, lines=True, required=True)
    mentions = Several(Id(), MENTIONS_LIMIT, load_default=list)
    reply_to = Id(load_default=None, allow_none=True)


class EditComment(Strict):
    """Another text in the place of one's own; `version` is the one that was seen."""

    id = Id(required=True)
    comment = Id(required=True)
    version = Number(1, required=True)
    text = Text(OPINION_LIMIT, 1, lines=True, required=True)
    mentions = Several(Id(), MENTIONS_LIMIT, load_default=list)


class WithdrawComment(Strict):
    """Takes one's own comment out of view."""

    id = Id(required=True)
    comment = Id(required=True)
    version = Number(1, required=True)


class MarkRead(Strict):
    """Everything up to the comment of this `sequence` has been read."""

    id = Id(required=True)
    sequence = Number(0, required=True)


class ThreadQuery(PageQuery):
    """A page of an object's comments, the newest first."""

    id = Id(required=True)


class CommentQuery(Strict):
    """One comment."""

    id = Id(required=True)
    comment = Id(required=True)


class CommentView(Schema):
    """A comment. One that was withdrawn has no text and mentions nobody."""

    id = Id(required=True)
    sequence = Number(required=True, metadata={"description": "Its place in the thread, from 1 on"})
    reply_to = Id(required=True, allow_none=True)
    person = fields.Nested(PersonRef, required=True)
    text = fields.String(required=True)
    mentions = fields.List(fields.Nested(PersonRef), required=True)
    version = Number(required=True)
    at = fields.AwareDateTime(required=True)
    edited_at = fields.AwareDateTime(required=True, allow_none=True)
    withdrawn_at = fields.AwareDateTime(required=True, allow_none=True)


class ReadMark(Schema):
    """How far the caller has read, and how many comments of others have come since."""

    read = Number(required=True)
    unread = Number(required=True)


_Page: type[Schema] = page_of(CommentView, "CommentPage")


class Thread(_Page, ReadMark):  # type: ignore[valid-type,misc]
    """A page of comments with the caller's mark."""


class EarlierText(Schema):
    """One text a comment has had, the present one too."""

    version = Number(required=True)
    text = fields.String(required=True)
    mentions = fields.List(fields.Nested(PersonRef), required=True)
    at = fields.AwareDateTime(required=True)


class EarlierTexts(Schema):
    """Every text of a comment, the newest first."""

    items = fields.List(fields.Nested(EarlierText), required=True)
