"""My Desk: what services tell it to show (`<service>.desk`), to-do items, their counts and notices."""

from __future__ import annotations

from typing import Any

from marshmallow import EXCLUDE, INCLUDE, Schema, ValidationError, fields, validate, validates_schema

from shared.contracts.common import TITLE_LIMIT, Id, Number, PageQuery, Several, Strict, page_of

# So many slots, notices or watchers in one event: who has more to tell sends several (`shared.desk.tell`).
TOLD_LIMIT = 500
CODE_LENGTH = 30


class Code(fields.String):
    """A kind, code or noun: a word of the source's own, known to the desk by its form only."""

    def __init__(self, **kwargs: Any) -> None:
        form = validate.Regexp(rf"^[a-z][a-z0-9_]{{0,{CODE_LENGTH - 1}}}$", error="Not a code.")
        super().__init__(validate=form, **kwargs)


# -- what services tell -----------------------------------------------------------------------------


class _Heard(Schema):
    """What comes in an event: a field that is not known yet is passed over."""

    class Meta:
        """Readers go before writers (docs/dev/upgrades.md)."""

        unknown = EXCLUDE


class ToldTodo(_Heard):
    """What fills a slot. `since` tells one filling from another: a dismissal is of this one."""

    role = Code(required=True)
    since = fields.AwareDateTime(required=True)
    due = fields.AwareDateTime(required=True, allow_none=True)
    urgency = Number(0, 2, required=True)
    sender = fields.Dict(required=True, allow_none=True, metadata={"description": "PersonRef of who it came from"})
    dismissible = fields.Boolean(required=True)
    params = fields.Dict(required=True)


class ToldSlot(_Heard):
    """A place on one person's desk: what is in it as of this event; empty where `todo` is null."""

    person = Id(required=True)
    kind = Code(required=True)
    todo = fields.Nested(ToldTodo, required=True, allow_none=True)


class ToldNotice(_Heard):
    """Something that happened, told to one person once for each `occasion`."""

    person = Id(required=True)
    code = Code(required=True)
    occasion = Number(0, required=True)
    params = fields.Dict(required=True)
    at = fields.AwareDateTime(required=True)


class Told(_Heard):
    """`<service>.desk`: what one subject puts on people's desks; see docs/dev/ground.md."""

    subject = Id(required=True)
    noun = Code(required=True)
    sequence = Number(0, required=True, metadata={"description": "Grows for each source and subject"})
    title = fields.String(required=True, validate=validate.Length(max=TITLE_LIMIT))
    clear = Number(
        0, required=True, allow_none=True, metadata={"description": "Every slot of the subject below is empty"}
    )
    slots = Several(fields.Nested(ToldSlot), TOLD_LIMIT, required=True)
    notices = Several(fields.Nested(ToldNotice), TOLD_LIMIT, required=True)
    watchers = Several(
        Id(), TOLD_LIMIT, required=True, metadata={"description": "Whose open pages that show the subject ask anew"}
    )
    ended = fields.Boolean(required=True, metadata={"description": "The subject may be forgotten some time later"})

    @validates_schema
    def _clears_what_was_before(self, data: dict[str, Any], **_: Any) -> None:
        if data["clear"] is not None and data["clear"] > data["sequence"]:
            raise ValidationError("Above the sequence.", "clear")


# -- what a person asks -----------------------------------------------------------------------------


BANDS = ("urgent", "overdue", "today", "undated", "later")


class TodosQuery(PageQuery):
    """`todos`: what the caller is to do, of one `kind`, or of all.

    The longest waiting first (`age`), or by bands (`due`): urgent, late, due today, without a date, due later.
    """

    kind = Code(load_default=None, allow_none=True)
    sort = fields.String(load_default="age", validate=validate.OneOf(("age", "due")))


class Todo(Schema):
    """One thing to do. `subject` is the id of the document (memo, request …) it is about."""

    id = Id(required=True)
    noun = fields.String(required=True, metadata={"description": "What the subject is: documents, memo, …"})
    subject = Id(required=True)
    kind = fields.String(required=True, metadata={"description": "approval, returned, …"})
    role = fields.String(required=True, metadata={"description": "What is asked: review, cooperate, decide, …"})
    title = fields.String(required=True)
    since = fields.DateTime(required=True)
    due = fields.DateTime(required=True, allow_none=True)
    urgency = fields.Integer(required=True, metadata={"description": "0 to 2, the most urgent"})
    sender = fields.Dict(required=True, allow_none=True, metadata={"description": "PersonRef of who it came from"})
    dismissible = fields.Boolean(required=True, metadata={"description": "Whether the person may take it off"})
    params = fields.Dict(required=True)
    band = fields.String(
        required=True,
        validate=validate.OneOf(BANDS),
        metadata={"description": "As of the moment it is read: the days are Seoul's"},
    )


TodoPage = page_of(Todo, "TodoPage")


class Counts(Schema):
    """How many to-dos there are of each kind that is there, and in all."""

    class Meta:
        """Kinds are the sources' own."""

        unknown = INCLUDE

    total = fields.Integer(required=True)


class Pressing(Schema):
    """How many to-dos of a kind are late or due today; kinds without any are left out."""

    items = fields.List(
        fields.Nested(
            Schema.from_dict(
                {"kind": fields.String(required=True), "count": fields.Integer(required=True)}, name="PressingKind"
            )
        ),
        required=True,
    )


class Notice(Schema):
    """알림: something happened to what is yours; `code` is put into words by the page."""

    id = Id(required=True)
    noun = fields.String(required=True, metadata={"description": "What the subject is: documents, memo, …"})
    subject = Id(required=True)
    code = fields.String(required=True)
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


class Rebuild(Strict):
    """`begin_rebuild`, `end_rebuild`: of what one service has told."""

    source = Code(required=True)


EVENTS: dict[str, type[Schema]] = {}
