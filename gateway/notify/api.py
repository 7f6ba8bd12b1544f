"""Notifications for programs."""

from __future__ import annotations

from typing import Any

from flask import Response
from flask_smorest import Blueprint
from marshmallow import Schema, fields

from gateway.core import auth, backend
from gateway.core.describe import operation, without
from gateway.core.http import answer, body, if_match, nothing, query
from gateway.notify import background
from gateway.notify.push import Push, may_reach
from shared.contracts import notify as contract
from shared.contracts.common import Id
from shared.errors import Invalid

bp = Blueprint("Notifications", __name__, description="What one is told of by e-mail and web push")


class Channels(Schema):
    """Whether mails are sent here, and the key to subscribe to push messages with; null where there are none."""

    mail = fields.Boolean(required=True)
    push = fields.String(required=True, allow_none=True, metadata={"description": "applicationServerKey (RFC 8292)"})


class Made(Schema):
    """The id of what was made."""

    id = Id(required=True)


@bp.route("/me/notifications", methods=["GET"])
@operation(answers={200: contract.Settings}, etag=True)
@auth.signed_in
def notification_settings() -> Response:
    """The caller's settings and browsers, and what the organisation has everybody told."""
    found = backend.call("notify", "settings", {})
    return answer(found, version=found["version"])


@bp.route("/me/notifications", methods=["PATCH"])
@operation(body=without(contract.SaveSettings, "version"), answers={200: contract.Settings}, if_match=True, etag=True)
@auth.signed_in
def save_notification_settings() -> Response:
    """Changes the caller's settings; what is not given stays."""
    saved = backend.call("notify", "save_settings", body(version=if_match()))
    return answer(saved, version=saved["version"])


@bp.route("/me/notifications/channels", methods=["GET"])
@operation(answers={200: Channels})
@auth.signed_in
def notification_channels() -> Response:
    """By what one can be told here."""
    return answer(channels())


def channels() -> dict[str, Any]:
    """The channels that are set up, as `Channels`."""
    settings = backend.backend().settings
    push = Push(settings).public_key if background.has_push(settings) else None
    return {"mail": background.has_mail(settings), "push": push}


@bp.route("/me/notifications/devices", methods=["POST"])
@operation(body=contract.Subscribe, answers={201: Made})
@auth.signed_in
def add_notification_device() -> Response:
    """The browser of this push subscription is told from now on; the same endpoint replaces."""
    given = body()
    if not may_reach(backend.backend().settings, str(given.get("endpoint", ""))):
        # The gateway sends there: it goes to no host that a caller makes up.
        raise Invalid({"endpoint": "not_a_push_service"})
    made = backend.call("notify", "subscribe", given)
    return answer(made, 201, location=f"/me/notifications/devices/{made['id']}")


@bp.route("/me/notifications/devices/<uuid:id>", methods=["DELETE"])
@operation(answers={204: None}, problems=(404,))
@auth.signed_in
def remove_notification_device(id: Any) -> Response:  # noqa: A002
    """The browser is told no more."""
    backend.call("notify", "remove_device", {"id": str(id)})
    return nothing()


@bp.route("/me/notifications/devices/<uuid:id>/test", methods=["POST"])
@operation(answers={204: None}, problems=(404,))
@auth.signed_in
def test_notification_device(id: Any) -> Response:  # noqa: A002
    """Sends a message to the browser, to see whether it comes."""
    backend.call("notify", "test_device", {"id": str(id)})
    return nothing()


@bp.route("/me/notifications/bounce", methods=["DELETE"])
@operation(answers={204: None})
@auth.signed_in
def clear_bounce() -> Response:
    """The caller's address, which a mail server refused, is tried again."""
    backend.call("notify", "clear_bounce", {})
    return nothing()


# -- for administrators -----------------------------------------------------------------------------


@bp.route("/notifications/minimum", methods=["GET"])
@operation(answers={200: contract.Minimum}, etag=True)
@auth.signed_in
def notification_minimum() -> Response:
    """What nobody of the organisation can switch off."""
    found = backend.call("notify", "minimum", {})
    return answer(found, version=found["version"])


@bp.route("/notifications/minimum", methods=["PUT"])
@operation(body=without(contract.SaveMinimum, "version"), answers={200: contract.Minimum}, if_match=True, etag=True)
@auth.signed_in
def save_notification_minimum() -> Response:
    """Changes what nobody of the organisation can switch off."""
    saved = backend.call("notify", "save_minimum", body(version=if_match()))
    return answer(saved, version=saved["version"])


@bp.route("/notifications/failures", methods=["GET"])
@operation(query=contract.FailuresQuery, answers={200: contract.FailurePage})
@auth.signed_in
def notification_failures() -> Response:
    """Messages that did not reach their person, the last one first."""
    return answer(backend.call("notify", "failures", query()))
