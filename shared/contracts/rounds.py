"""Opinion rounds (의견수렴): asked of people until a time, answered openly or anonymously, counted."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from shared.contracts.common import (
    BODY_LIMIT,
    SOURCES_LIMIT,
    TITLE_LIMIT,
    Id,
    Markup,
    Number,
    PageQuery,
    PersonRef,
    Several,
    Source,
    Strict,
    Text,
    page_of,
)

QUESTION_KINDS = ("choice", "several", "text")
LATE = ("refused", "comment")
BOXES = ("asked", "mine", "ended")
STATES = ("open", "closed", "withdrawn")
QUESTIONS_LIMIT = 30
OPTIONS_LIMIT = 30
ANSWER_LIMIT = 4_000
ASKED_LIMIT = 10_000
# Fewer than that may be told from each other however their answers are shown.
LEAST_ANONYMOUS = 5


class Question(Strict):
    """One question: one of `options`, several of them, or a text of one's own."""

    kind = fields.String(required=True, validate=validate.OneOf(QUESTION_KINDS))
    words = Text(500, 1, required=True)
    options = Several(Text(200, 1), OPTIONS_LIMIT, load_default=list)
    required = fields.Boolean(load_default=True)

    @validates_schema
    def _has_options(self, data: dict[str, Any], **_: Any) -> None:
        options = data.get("options", [])
        if data["kind"] == "text":
            if options:
                raise ValidationError("A text has no options.", "options")
        elif len(options) < 2 or len(set(options)) < len(options):
            raise ValidationError("Two different options at the least.", "options")


class StartRound(Strict):
    """`start_round`: asks people, departments and groups until `closes_at`.

    `late`: whether an answer that comes too late is refused only, or offered to its writer as a comment.
    """

    title = Text(TITLE_LIMIT, 1, required=True)
    body = Markup(BODY_LIMIT, load_default="")
    questions = Several(fields.Nested(Question), QUESTIONS_LIMIT, 1, required=True)
    people = Several(Id(), ASKED_LIMIT, load_default=list)
    departments = Several(Id(), 500, load_default=list)
    groups = Several(Id(), 100, load_default=list)
    anonymous = fields.Boolean(load_default=False)
    closes_at = fields.AwareDateTime(required=True)
    late = fields.String(load_default="refused", validate=validate.OneOf(LATE))
    sources = Several(fields.Nested(Source), SOURCES_LIMIT, load_default=list)


class RoundQuery(Strict):
    """`opinion_round`, `round_results`, `quote_round`."""

    id = Id(required=True)


class RoundsQuery(PageQuery):
    """`rounds`: those I am asked in and that are open, those I ask, those that ended and I was in."""

    box = fields.String(load_default="asked", validate=validate.OneOf(BOXES))


class Answer(Strict):
    """An answer to the question of this number, from 0: an option, options, or a text."""

    question = Number(0, QUESTIONS_LIMIT - 1, required=True)
    value = Several(Text(ANSWER_LIMIT, 1, lines=True), OPTIONS_LIMIT, required=True)


class AnswerRound(Strict):
    """`answer_round`: the caller's answers, in place of earlier ones while the round is open and not anonymous.

    `received_at`: when the request reached the gateway, by which it is in time or late.
    """

    id = Id(required=True)
    answers = Several(fields.Nested(Answer), QUESTIONS_LIMIT, required=True)
    received_at = fields.AwareDateTime(load_default=None, allow_none=True)


class ExtendRound(Strict):
    """`extend_round`: until another time, also once it is closed."""

    id = Id(required=True)
    closes_at = fields.AwareDateTime(required=True)


class WithdrawRound(Strict):
    """`withdraw_round`: taken back; what was answered stays on record and is shown to nobody."""

    id = Id(required=True)
    reason = Text(1_000, 1, required=True, lines=True)


class AnswersQuery(PageQuery):
    """`round_answers`: who was asked and what they answered, of a round that is not anonymous; for who asks."""

    id = Id(required=True)


# -- views ------------------------------------------------------------------------------------------


class QuestionView(Schema):
    """A question as it is asked."""

    kind = fields.String(required=True)
    words = fields.String(required=True)
    options = fields.List(fields.String(), required=True)
    required = fields.Boolean(required=True)


class RoundAsked(Schema):
    """What starting a round answers with."""

    id = Id(required=True)
    state = fields.String(required=True)
    asked = fields.Integer(required=True)
    left = fields.List(fields.Nested(PersonRef), required=True, metadata={"description": "Named, but here no more"})


class RoundState(Schema):
    """What a change of a round answers with."""

    id = Id(required=True)
    state = fields.String(required=True)
    closes_at = fields.DateTime(required=True)


class RoundLine(Schema):
    """A round as a row of a list."""

    id = Id(required=True)
    title = fields.String(required=True)
    state = fields.String(required=True)
    asker = fields.Nested(PersonRef, required=True)
    anonymous = fields.Boolean(required=True)
    closes_at = fields.DateTime(required=True)
    at = fields.DateTime(required=True)
    asked = fields.Integer(required=True)
    mine = fields.String(required=True, metadata={"description": "asker, waiting, answered, or missed"})


RoundPage = page_of(RoundLine, "RoundPage")


class RoundView(RoundLine):
    """A round as it is opened: `own` are the caller's answers, which are not known again of an anonymous round."""

    body = fields.String(required=True)
    questions = fields.List(fields.Nested(QuestionView), required=True)
    late = fields.String(required=True)
    own = fields.List(fields.Nested(Answer), required=True, allow_none=True)
    answered = fields.Integer(required=True, allow_none=True, metadata={"description": "Null where that would tell"})
    may = fields.List(fields.String(), required=True, metadata={"description": "answer, extend, close, withdraw, …"})


class Counted(Schema):
    """How often an option was chosen."""

    option = fields.String(required=True)
    count = fields.Integer(required=True)


class QuestionResult(QuestionView):
    """A question with what was answered."""

    answered = fields.Integer(required=True)
    counts = fields.List(fields.Nested(Counted), required=True)
    texts = fields.List(fields.String(), required=True)


class RoundResults(Schema):
    """The results. `hidden` says why there are none to see: `still_open`, `too_few`, `withdrawn`; else empty."""

    id = Id(required=True)
    hidden = fields.String(required=True)
    asked = fields.Integer(required=True)
    answered = fields.Integer(required=True, allow_none=True)
    questions = fields.List(fields.Nested(QuestionResult), required=True)


class AnswersLine(Schema):
    """Somebody who was asked, and the answers by question; null where there is none."""

    person = fields.Nested(PersonRef, required=True)
    at = fields.DateTime(required=True, allow_none=True)
    answers = fields.List(fields.Nested(Answer), required=True)


AnswersPage = page_of(AnswersLine, "AnswersPage")
EVENTS: dict[str, type[Schema]] = {}
