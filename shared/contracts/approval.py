"""Approval: the process of one document along its line, decisions, saved lines."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from shared.contracts.common import OPINION_LIMIT, Id, Number, PageQuery, PersonRef, Several, Strict, Text, page_of
from shared.contracts.desk import Told
from shared.contracts.documents import LINE_ROLES, LineStep

PROCESS_STATES = ("in_approval", "returned", "approved", "withdrawn")
STEP_STATES = ("waiting", "active", "approved", "returned", "skipped")
ACTIONS = ("approve", "return")


class Decide(Strict):
    """`decide`: the caller's active step. `version`, where given, must be the one under decision (409 otherwise)."""

    document = Id(required=True)
    action = fields.String(required=True, validate=validate.OneOf(ACTIONS))
    opinion = Text(OPINION_LIMIT, lines=True, load_default="")
    version = Number(1, load_default=None, allow_none=True)


class Withdraw(Strict):
    """`withdraw` (회수): by the drafter, before the first decision; the document is a draft again."""

    document = Id(required=True)
    reason = Text(OPINION_LIMIT, lines=True, load_default="")


class RouteQuery(Strict):
    """`route`: the process of one document with all its submissions; null where there is none (yet).

    With `opened`, the caller is opening the document: the reading time of the caller's active step is kept.
    """

    document = Id(required=True)
    opened = fields.Boolean(load_default=False)


class Step(Schema):
    """One step of a route. Times are UTC: `active_at` when its turn came, `read_at` when the card was first opened."""

    order = fields.Integer(required=True)
    role = fields.String(required=True, validate=validate.OneOf(("draft", *LINE_ROLES)))
    parallel = fields.Boolean(required=True)
    person = fields.Nested(PersonRef, required=True)
    state = fields.String(required=True, validate=validate.OneOf(STEP_STATES))
    opinion = fields.String(required=True)
    active_at = fields.DateTime(required=True, allow_none=True)
    read_at = fields.DateTime(required=True, allow_none=True)
    decided_at = fields.DateTime(required=True, allow_none=True)
    version = fields.Integer(required=True, allow_none=True, metadata={"description": "The version decided on"})
    content_hash = fields.String(required=True, allow_none=True)


class Submission(Schema):
    """One run along a line, from its submission to its end."""

    submission = fields.Integer(required=True)
    version = fields.Integer(required=True)
    content_hash = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(PROCESS_STATES))
    submitted_at = fields.DateTime(required=True)
    ended_at = fields.DateTime(required=True, allow_none=True)
    reason = fields.String(required=True)
    steps = fields.List(fields.Nested(Step), required=True)


class Route(Schema):
    """보고경로부 of a document: the run of now first, then the earlier ones."""

    document = Id(required=True)
    state = fields.String(required=True, validate=validate.OneOf(PROCESS_STATES))
    submissions = fields.List(fields.Nested(Submission), required=True)
    may = fields.List(
        fields.String(), required=True, metadata={"description": "What the caller may do: decide, withdraw"}
    )


class DecisionResult(Schema):
    """What `decide` and `withdraw` answer with: the state of the process after it."""

    document = Id(required=True)
    state = fields.String(required=True, validate=validate.OneOf(PROCESS_STATES))
    step = fields.Integer(required=True, allow_none=True, metadata={"description": "Order of the step decided"})
    decided_at = fields.DateTime(required=True)


class ApprovalBoxQuery(PageQuery):
    """`box`: `received` awaits the caller, `progress` runs with the caller on its line, `decided` by the caller."""

    box = fields.String(required=True, validate=validate.OneOf(("received", "progress", "decided")))
    q = Text(100, load_default="")
    sort = fields.String(load_default="-at", validate=validate.OneOf(("-at", "at", "title")))
    role = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(LINE_ROLES))
    mine = fields.Boolean(
        load_default=False, metadata={"description": "Only what the caller drafted and others are to decide"}
    )


class ApprovalLine(Schema):
    """A process as a row of a box; `at` is when the turn came, or when the caller decided."""

    document = Id(required=True)
    title = fields.String(required=True)
    state = fields.String(required=True)
    drafter = fields.Nested(PersonRef, required=True)
    role = fields.String(required=True)
    step_state = fields.String(required=True)
    at = fields.DateTime(required=True)
    waiting_for = fields.List(fields.Nested(PersonRef), required=True)


ApprovalPage = page_of(ApprovalLine, "ApprovalPage")


class SaveLine(Strict):
    """`save_line`: one of the caller's saved lines (개인 결재선); the same name replaces it."""

    name = Text(100, 1, required=True)
    steps = Several(fields.Nested(LineStep), 30, 1, required=True)


class SavedLineQuery(Strict):
    """`delete_line`."""

    id = Id(required=True)


class SavedLine(Schema):
    """A saved line with its people as they are now; `stale` names those who are gone."""

    id = Id(required=True)
    name = fields.String(required=True)
    steps = fields.List(fields.Dict(), required=True, metadata={"description": "{person: PersonRef, role, parallel}"})
    stale = fields.List(Id(), required=True)


# -- events -----------------------------------------------------------------------------------------


class Ended(Schema):
    """`approval.approved|returned|withdrawn`: a run has come to its end.

    `sequence` grows with everything that happens to a document's process, over all its submissions: a consumer that
    keeps the highest one is indifferent to order. `decision` is the one that ended it; of a withdrawal there is none.
    """

    document = Id(required=True)
    sequence = fields.Integer(required=True)
    submission = fields.Integer(required=True)
    version = fields.Integer(required=True)
    content_hash = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(PROCESS_STATES[1:]))
    decision = fields.Dict(
        required=True, allow_none=True, metadata={"description": "{person: PersonRef, role, action, opinion, at}"}
    )


EVENTS: dict[str, type[Schema]] = {
    "approval.approved": Ended,
    "approval.returned": Ended,
    "approval.withdrawn": Ended,
    "approval.desk": Told,
}
