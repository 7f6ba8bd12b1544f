"""Notifications (알림) by e-mail and web push: who is told what, when and by which channel, and what came of it."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from shared.contracts.common import Id, Number, PageQuery, Several, Strict, Text, page_of

CHANNELS = ("mail", "push")
# From the weakest to the strongest; a push is told at once or never.
LEVELS = ("never", "digest", "now")
PUSH_LEVELS = ("never", "now")
# What an administrator sets for urgent things of every kind; people do not set it.
URGENT = "urgent"
# The live topic on which couriers hear that something is to be told, and whom it names: nobody's page listens.
TOPIC, COURIERS = "notify", ("courier",)
DEVICES_LIMIT = 20
# Things that one mail lists; of more it says how many.
LISTED = 50
_TOPICS_LIMIT = 200
_REASON = 200
OUTCOMES = ("sent", "again", "bounced", "refused", "gone", "nobody")


class Topic(fields.String):
    """What settings are about: a kind of to-do, or `news.<noun>` for the notices of a noun."""

    def __init__(self, **kwargs: Any) -> None:
        form = validate.Regexp(r"^(news\.)?[a-z][a-z0-9_]{0,29}$", error="Not a topic.")
        super().__init__(validate=form, **kwargs)


class Levels(Strict):
    """How one topic is told; what is left out is as before, or as the tenant has it."""

    mail = fields.String(validate=validate.OneOf(LEVELS))
    push = fields.String(validate=validate.OneOf(PUSH_LEVELS))


class ByTopic(fields.Dict):
    """Levels by topic."""

    def __init__(self, **kwargs: Any) -> None:
        most = validate.Length(max=_TOPICS_LIMIT)
        super().__init__(keys=Topic(), values=fields.Nested(Levels), validate=most, **kwargs)


# -- one's own settings -----------------------------------------------------------------------------


class SaveSettings(Strict):
    """`save_settings`: what the caller wishes; what is not given stays. Times are of Seoul: minutes of the day, hours.

    Quiet hours go over midnight where they end before they begin. Without a `digest_hour` no digest is sent, but for
    what the tenant has everybody told. `version` is the one that was changed; null for whichever it is.
    """

    levels = ByTopic(load_default=dict)
    quiet_from = Number(0, 1439, allow_none=True)
    quiet_until = Number(0, 1439, allow_none=True)
    digest_hour = Number(0, 23, allow_none=True)
    version = Number(0, load_default=None, allow_none=True)


class Device(Schema):
    """A browser that is told by push."""

    id = Id(required=True)
    name = fields.String(required=True)
    created_at = fields.DateTime(required=True)


class Bounce(Schema):
    """An address that a mail server refused for good."""

    address = fields.String(required=True)
    at = fields.DateTime(required=True)
    reason = fields.String(required=True)


class Settings(Schema):
    """The caller's settings, and what the tenant has everybody told at the least."""

    levels = ByTopic(required=True)
    quiet_from = fields.Integer(required=True, allow_none=True)
    quiet_until = fields.Integer(required=True, allow_none=True)
    digest_hour = fields.Integer(required=True, allow_none=True)
    version = fields.Integer(required=True)
    minimum = ByTopic(required=True)
    defaults = ByTopic(required=True, metadata={"description": "`todo` and `news`: where nothing is set"})
    devices = fields.List(fields.Nested(Device), required=True)
    bounced = fields.Nested(Bounce, required=True, allow_none=True)


class Unsubscribe(Strict):
    """`unsubscribe`: no mail of this topic any more, by the link in a mail; `digest` for no digest."""

    person = Id(required=True)
    topic = Topic(required=True)


# -- devices ----------------------------------------------------------------------------------------


class Subscribe(Strict):
    """`subscribe`: a push subscription of the caller's browser (RFC 8030, RFC 8291); the same endpoint replaces."""

    endpoint = fields.String(required=True, validate=validate.Regexp(r"^https?://[!-~]{1,900}$", error="Not a URL."))
    p256dh = fields.String(required=True, validate=validate.Regexp(r"^[A-Za-z0-9_-]{86,88}=?$", error="No key."))
    auth = fields.String(required=True, validate=validate.Regexp(r"^[A-Za-z0-9_-]{22,24}(==)?$", error="No key."))
    name = Text(100, load_default="")


class DeviceQuery(Strict):
    """`remove_device`, `test_device`: one of the caller's devices."""

    id = Id(required=True)


# -- what the tenant sets ---------------------------------------------------------------------------


class SaveMinimum(Strict):
    """`save_minimum`: what nobody can switch off, and whether `titles` may be in mails and push messages."""

    levels = ByTopic(required=True)
    titles = fields.Boolean(required=True)
    version = Number(0, load_default=None, allow_none=True)


class Minimum(Schema):
    """What the tenant has set."""

    levels = ByTopic(required=True)
    titles = fields.Boolean(required=True)
    version = fields.Integer(required=True)


class FailuresQuery(PageQuery):
    """`failures`: messages that did not reach their person, the last one first."""


class Failure(Schema):
    """A message that did not reach its person."""

    id = Id(required=True)
    channel = fields.String(required=True)
    person = Id(required=True)
    outcome = fields.String(required=True, metadata={"description": "bounced, refused, gone, nobody or failed"})
    reason = fields.String(required=True)
    tries = fields.Integer(required=True)
    at = fields.DateTime(required=True)


FailurePage = page_of(Failure, "FailurePage")


# -- the courier ------------------------------------------------------------------------------------


class Claim(Strict):
    """`claim`: messages that are due by a channel, for nobody else within `lease` seconds; see `Claimed`."""

    channel = fields.String(required=True, validate=validate.OneOf(CHANNELS))
    limit = Number(1, 100, load_default=20)
    lease = Number(10, 3600, load_default=300)


class Thing(Schema):
    """One thing that a message tells of. `title` and `params` are empty where the tenant does not let them out."""

    noun = fields.String(required=True)
    subject = Id(required=True)
    topic = Topic(required=True)
    code = fields.String(required=True, metadata={"description": "The kind of to-do, or the code of the notice"})
    title = fields.String(required=True)
    params = fields.Dict(required=True)
    sender = fields.Dict(required=True, allow_none=True)
    urgent = fields.Boolean(required=True)
    at = fields.DateTime(required=True)


class Claimed(Schema):
    """A message to be sent: what it tells of, or nothing where it is a test. `total` counts what is not listed too."""

    id = Id(required=True)
    lease = Id(required=True)
    channel = fields.String(required=True)
    person = Id(required=True)
    made_at = fields.DateTime(required=True)
    things = fields.List(fields.Nested(Thing), required=True)
    total = fields.Integer(required=True)
    bounced = fields.String(required=True, metadata={"description": "The address that is known to bounce, or empty"})
    device = fields.Dict(required=True, allow_none=True, metadata={"description": "endpoint, p256dh and auth"})


class Claims(Schema):
    """The messages of one claim, and when the next one is due; null where nothing waits."""

    items = fields.List(fields.Nested(Claimed), required=True)
    next = fields.DateTime(required=True, allow_none=True)


class Result(Strict):
    """What came of one message. `address` is the one that was tried, where it bounced."""

    id = Id(required=True)
    lease = Id(required=True)
    outcome = fields.String(required=True, validate=validate.OneOf(OUTCOMES))
    reason = Text(_REASON, load_default="")
    address = fields.String(load_default="", validate=validate.Length(max=200))


class Report(Strict):
    """`report`: what came of messages of a channel. A message that ended stays as it ended."""

    channel = fields.String(required=True, validate=validate.OneOf(CHANNELS))
    results = Several(fields.Nested(Result), 100, 1, required=True)


EVENTS: dict[str, type[Schema]] = {}
