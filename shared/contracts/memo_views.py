"""Memo reports as they are shown."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from shared.contracts.common import Id, Number, PersonRef, Source, page_of
from shared.contracts.files import FileView
from shared.contracts.memo import KINDS, ROLES, STATES, SaveTemplate


class Named(Schema):
    """Whom a memo is addressed to, as they were called then."""

    kind = fields.String(required=True, validate=validate.OneOf(("person", "department", "group")))
    id = Id(required=True)
    name = fields.String(required=True)


class MemoCounts(Schema):
    """People, each once; the sender is not among them."""

    receivers = Number(required=True)
    read = Number(required=True)
    answered = Number(required=True)


class DraftResult(Schema):
    """A draft as it was kept."""

    id = Id(required=True)
    state = fields.String(required=True)
    version = Number(1, required=True)
    updated_at = fields.DateTime(required=True)


class Dissolved(Schema):
    """A department there is no longer."""

    id = Id(required=True)
    name = fields.String(required=True)


class Absent(Schema):
    """A receiver who is away."""

    person = fields.Nested(PersonRef, required=True)
    reason = fields.String(required=True)
    until = fields.String(required=True, allow_none=True)
    deputy = fields.Nested(PersonRef, required=True, allow_none=True)


class Reach(Schema):
    """Whom a memo reaches: everybody once, in the strongest role; who left is named, as is who is away."""

    receivers = Number(required=True)
    left = fields.List(fields.Nested(PersonRef), required=True)
    dissolved = fields.List(fields.Nested(Dissolved), required=True)
    absent = fields.List(fields.Nested(Absent), required=True)
    myself = fields.Boolean(required=True, metadata={"description": "The caller was named and is left out"})


class SendResult(DraftResult):
    """What was sent, or is to go out at `sends_at`."""

    sends_at = fields.DateTime(required=True, allow_none=True)
    reach = fields.Nested(Reach, required=True)


class AnswerView(Schema):
    """The answer of one receiver."""

    person = fields.Nested(PersonRef, required=True)
    answer = fields.String(required=True)
    text = fields.String(required=True)
    at = fields.DateTime(required=True)


class DeliveryView(Schema):
    """The memo with one receiver. `via`: `sent`, `forwarded`, `escalated`, `added`; `by` is who passed it on."""

    person = fields.Nested(PersonRef, required=True)
    role = fields.String(required=True, validate=validate.OneOf(ROLES))
    via = fields.String(required=True)
    by = fields.Nested(PersonRef, required=True, allow_none=True)
    note = fields.String(required=True)
    at = fields.DateTime(required=True)
    state = fields.String(required=True, validate=validate.OneOf(("waiting", "read", "answered", "recalled")))
    read_at = fields.DateTime(required=True, allow_none=True)
    channel = fields.String(required=True, allow_none=True)
    answer = fields.String(required=True, allow_none=True)
    text = fields.String(required=True)
    answered_at = fields.DateTime(required=True, allow_none=True)


class OwnDelivery(DeliveryView):
    """The caller's own, with how it lies in their list."""

    unread = fields.Boolean(required=True)
    pinned = fields.Boolean(required=True)
    archived = fields.Boolean(required=True)
    snoozed_till = fields.DateTime(required=True, allow_none=True)


class StepView(Schema):
    """Something that happened to a memo."""

    sequence = Number(required=True)
    code = fields.String(required=True)
    person = fields.Nested(PersonRef, required=True, allow_none=True)
    at = fields.DateTime(required=True)
    params = fields.Dict(required=True)


class MemoView(Schema):
    """A memo, whole. `mine` is the caller's delivery, null for the sender; `may` what the caller may do."""

    id = Id(required=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    version = Number(1, required=True)
    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    title = fields.String(required=True)
    body = fields.String(required=True, metadata={"description": "HTML, cleaned"})
    urgent = fields.Boolean(required=True)
    asks = fields.Boolean(required=True)
    no_forward = fields.Boolean(required=True)
    escalate_after = Number(required=True, allow_none=True)
    send_at = fields.DateTime(required=True, allow_none=True)
    sender = fields.Nested(PersonRef, required=True)
    created_at = fields.DateTime(required=True)
    updated_at = fields.DateTime(required=True)
    sent_at = fields.DateTime(required=True, allow_none=True)
    to = fields.List(fields.Nested(Named), required=True)
    cc = fields.List(fields.Nested(Named), required=True)
    sources = fields.List(fields.Nested(Source), required=True)
    files = fields.List(fields.Nested(FileView), required=True)
    counts = fields.Nested(MemoCounts, required=True)
    mine = fields.Nested(OwnDelivery, required=True, allow_none=True)
    answers = fields.List(fields.Nested(AnswerView), required=True)
    history = fields.List(fields.Nested(StepView), required=True)
    may = fields.List(fields.String(), required=True)


class MemoLine(Schema):
    """A memo as a row of a box; what is about a receiver's own copy is null in the sender's boxes."""

    id = Id(required=True)
    state = fields.String(required=True)
    kind = fields.String(required=True)
    title = fields.String(required=True)
    urgent = fields.Boolean(required=True)
    asks = fields.Boolean(required=True)
    sender = fields.Nested(PersonRef, required=True)
    to = fields.List(fields.Nested(Named), required=True, metadata={"description": "The first three"})
    named = Number(required=True, metadata={"description": "How many were named"})
    files = Number(required=True)
    at = fields.DateTime(required=True)
    counts = fields.Nested(MemoCounts, required=True)
    role = fields.String(required=True, allow_none=True)
    via = fields.String(required=True, allow_none=True)
    unread = fields.Boolean(required=True)
    read_at = fields.DateTime(required=True, allow_none=True)
    answer = fields.String(required=True, allow_none=True)
    pinned = fields.Boolean(required=True)
    snoozed_till = fields.DateTime(required=True, allow_none=True)


MemoPage = page_of(MemoLine, "MemoPage")


class ReadResult(Schema):
    """The caller's receipt; `first` where it was made by this."""

    id = Id(required=True)
    read_at = fields.DateTime(required=True, allow_none=True)
    first = fields.Boolean(required=True)


class AnswerResult(Schema):
    """The answer as it was kept."""

    id = Id(required=True)
    answer = fields.String(required=True)
    answered_at = fields.DateTime(required=True)


class ForwardResult(Schema):
    """Whom it reached; `already` had it."""

    id = Id(required=True)
    reached = fields.List(fields.Nested(PersonRef), required=True)
    already = fields.List(fields.Nested(PersonRef), required=True)
    left = fields.List(fields.Nested(PersonRef), required=True)


class RecallResult(Schema):
    """How many it was taken back from, and how many keep it because they have read it."""

    id = Id(required=True)
    recalled = Number(required=True)
    kept = Number(required=True)


class MarkResult(Schema):
    """How it lies in the caller's list now."""

    id = Id(required=True)
    unread = fields.Boolean(required=True)
    pinned = fields.Boolean(required=True)
    archived = fields.Boolean(required=True)
    snoozed_till = fields.DateTime(required=True, allow_none=True)


class MarksResult(Schema):
    """Which of them lie so now, and which were `missed`: those are not in the caller's lists."""

    marked = fields.List(Id(), required=True)
    missed = fields.List(Id(), required=True)


_Receipts: type[Schema] = page_of(DeliveryView, "ReceiptPage")


class Receipts(_Receipts):  # type: ignore[valid-type,misc]
    """A page of receipts with the counts of the memo."""

    counts = fields.Nested(MemoCounts, required=True)


class TemplateView(SaveTemplate):
    """A template of the department (서식)."""

    id = Id(required=True)
    person = fields.Nested(PersonRef, required=True)
    at = fields.DateTime(required=True)


class Proposal(Schema):
    """Whom a new memo may go to: those it went to last."""

    recent = fields.List(fields.Nested(Named), required=True)


class AlertLine(Schema):
    """An urgent memo that was not read."""

    id = Id(required=True)
    title = fields.String(required=True)
    kind = fields.String(required=True)
    sender = fields.Nested(PersonRef, required=True)
    at = fields.DateTime(required=True)


class Alerts(Schema):
    """`{items: [AlertLine]}`, the newest first."""

    items = fields.List(fields.Nested(AlertLine), required=True)
