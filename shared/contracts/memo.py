"""Memo reports (메모보고): drafts, sending, receipts, answers, forwarding, boxes."""

from __future__ import annotations

import re
from typing import Any

from marshmallow import Schema, fields, validate

from shared.contracts.common import (
    BODY_LIMIT,
    OPINION_LIMIT,
    SOURCES_LIMIT,
    TITLE_LIMIT,
    Id,
    Markup,
    Number,
    PageQuery,
    Several,
    Source,
    Strict,
    Text,
)
from shared.contracts.desk import Told
from shared.contracts.search import ItemTold

KINDS = ("brief", "urgent", "occasional", "opinions")
ROLES = ("to", "cc")
ANSWERS = ("noted", "agreed", "opinion", "instructed")
WAYS = ("up", "down", "side")
CHANNELS = ("web", "mobile", "api")
BOXES = ("inbox", "sent", "drafts", "scheduled", "pinned", "snoozed", "archived")
STATES = ("draft", "scheduled", "held", "sent", "recalled")
RECEIVERS_LIMIT = 10_000
MARKED_AT_ONCE = 100
# Minutes.
ESCALATE_LEAST, ESCALATE_MOST = 1, 24 * 60
# Seconds in which a memo can be taken back before it goes out.
HOLD_MOST = 60

_RECEIVER = re.compile(r"(?:(person|department|group):)?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})")


class Receiver(fields.String):
    """Whom a memo goes to: `person:<id>`, `department:<id>` or `group:<id>`; an id alone is a person's."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        found = _RECEIVER.fullmatch(super()._deserialize(value, attr, data, **kwargs))
        if found is None:
            raise self.make_error("invalid")
        return f"{found[1] or 'person'}:{found[2]}"


# -- writing ----------------------------------------------------------------------------------------

_TO = {"description": "`person:<id>` (or the id alone), `department:<id>`, `group:<id>`"}
_ESCALATE = {"description": "Minutes unread after which an urgent memo goes on; null for the organisation's own"}


def _receivers(**more: Any) -> Several:
    return Several(Receiver(), RECEIVERS_LIMIT, metadata=_TO, **more)


def _kind(**more: Any) -> fields.String:
    return fields.String(validate=validate.OneOf(KINDS), **more)


def _escalate(**more: Any) -> Number:
    return Number(ESCALATE_LEAST, ESCALATE_MOST, allow_none=True, metadata=_ESCALATE, **more)


class _New(Strict):
    """The content of a new memo."""

    kind = _kind(load_default="brief")
    to = _receivers(load_default=list)
    cc = _receivers(load_default=list)
    body = Markup(BODY_LIMIT, load_default="")
    urgent = fields.Boolean(load_default=False)
    asks = fields.Boolean(load_default=False, metadata={"description": "An answer is asked for"})
    no_forward = fields.Boolean(load_default=False, metadata={"description": "Nobody but the sender may pass it on"})
    escalate_after = _escalate(load_default=None)
    send_at = fields.AwareDateTime(load_default=None, allow_none=True)
    sources = Several(fields.Nested(Source), SOURCES_LIMIT, load_default=list)


class _Hold(Strict):
    hold = Number(
        0, HOLD_MOST, load_default=0, metadata={"description": "Seconds in which it can be taken back; 0 sends at once"}
    )


class SendMemo(_New, _Hold):
    """`send_memo`: a memo written and sent in one."""

    title = Text(TITLE_LIMIT, 1, required=True)


class CreateMemoDraft(_New):
    """`create_draft`; what is left out of one that is a `copy` of a memo or made from a `template` is theirs."""

    title = Text(TITLE_LIMIT, load_default="")
    copy = Id(load_default=None, allow_none=True, metadata={"description": "A memo of the caller's"})
    template = Id(load_default=None, allow_none=True)


class SaveMemoDraft(Strict):
    """`save_draft`: changes the fields given. `version` is the one that was seen; null for whatever there is."""

    id = Id(required=True)
    version = Number(1, load_default=None, allow_none=True)
    kind = _kind()
    to = _receivers()
    cc = _receivers()
    title = Text(TITLE_LIMIT)
    body = Markup(BODY_LIMIT)
    urgent = fields.Boolean()
    asks = fields.Boolean()
    no_forward = fields.Boolean()
    escalate_after = _escalate()
    send_at = fields.AwareDateTime(allow_none=True)
    sources = Several(fields.Nested(Source), SOURCES_LIMIT)


class DeleteMemoDraft(Strict):
    """`delete_draft`: one that was never sent."""

    id = Id(required=True)
    version = Number(1, load_default=None, allow_none=True)


class SendMemoDraft(_Hold):
    """`send_draft`: now, or at the draft's `send_at` where that is to come."""

    id = Id(required=True)
    version = Number(1, load_default=None, allow_none=True)


class MemoCommand(Strict):
    """`take_back`: one that is held or scheduled is a draft again."""

    id = Id(required=True)


class CheckReceivers(Strict):
    """`check_receivers`: whom a memo to these would reach, before it is sent."""

    to = _receivers(load_default=list)
    cc = _receivers(load_default=list)


# -- after sending ----------------------------------------------------------------------------------


class Recall(Strict):
    """`recall`: takes the memo back from everybody who has not read it."""

    id = Id(required=True)
    reason = Text(OPINION_LIMIT, lines=True, load_default="")


class ReadMemo(Strict):
    """`read`: the caller has the whole memo before them."""

    id = Id(required=True)
    channel = fields.String(validate=validate.OneOf(CHANNELS), load_default="api")


class AnswerMemo(Strict):
    """`answer`: 확인, 동의, 의견, 지시; the last two in words. The latest one counts, earlier ones stay on record."""

    id = Id(required=True)
    answer = fields.String(required=True, validate=validate.OneOf(ANSWERS))
    text = Text(OPINION_LIMIT, lines=True, load_default="")
    channel = fields.String(validate=validate.OneOf(CHANNELS), load_default="api")


class Forward(Strict):
    """`forward`: to further people with a note; by the sender it adds them. `replies`: they see earlier answers too."""

    id = Id(required=True)
    to = Several(Receiver(), RECEIVERS_LIMIT, 1, required=True, metadata=_TO)
    note = Text(OPINION_LIMIT, lines=True, load_default="")
    way = fields.String(validate=validate.OneOf(WAYS), load_default="side")
    replies = fields.Boolean(load_default=False)


class _Marks(Strict):
    pinned = fields.Boolean()
    unread = fields.Boolean()
    archived = fields.Boolean()
    snooze_till = fields.AwareDateTime(allow_none=True)


class Mark(_Marks):
    """`mark`: how the memo lies in the caller's own list. `snooze_till` null takes it out of the snoozed ones."""

    id = Id(required=True)


class MarkSeveral(_Marks):
    """`mark_several`: the same of several at once; what is not in the caller's lists is passed over."""

    ids = Several(Id(), MARKED_AT_ONCE, 1, required=True)


# -- reading ----------------------------------------------------------------------------------------


class MemoQuery(Strict):
    """`memo`: one memo, whole. Nothing is recorded for a receiver: that is `read`."""

    id = Id(required=True)


class Quote(Strict):
    """`quote`: what another object takes over from this one. Refused, on the record, where it may not be passed on."""

    id = Id(required=True)


class BoxQuery(PageQuery):
    """`box`: a list of the caller's memos, the newest first."""

    box = fields.String(validate=validate.OneOf(BOXES), load_default="inbox")
    q = Text(100, load_default="", metadata={"description": "Words of the title"})
    kind = _kind(load_default=None, allow_none=True)
    unread = fields.Boolean(load_default=False, metadata={"description": "Of received ones, those marked as unread"})
    urgent = fields.Boolean(load_default=False)


class ReceiptsQuery(PageQuery):
    """`receipts`: the receivers in the order in which they were named, and what became of it with each."""

    id = Id(required=True)
    which = fields.String(validate=validate.OneOf(("all", "read", "unread", "answered")), load_default="all")


class Nothing(Strict):
    """A query without arguments."""


# -- templates and settings -------------------------------------------------------------------------


class SaveTemplate(Strict):
    """`save_template`: of the caller's department; the same name replaces."""

    name = Text(100, 1, required=True)
    kind = _kind(load_default="brief")
    title = Text(TITLE_LIMIT, load_default="")
    body = Markup(BODY_LIMIT, load_default="")


class TemplateQuery(Strict):
    """`delete_template`."""

    id = Id(required=True)


class SaveMemoSettings(Strict):
    """`save_settings`: of the organisation."""

    escalate_after = Number(ESCALATE_LEAST, ESCALATE_MOST, required=True)


EVENTS: dict[str, type[Schema]] = {"memo.desk": Told, "memo.item": ItemTold}
