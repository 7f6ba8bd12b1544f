"""Calendars, what comes into them from a file, and what leaves them."""

from __future__ import annotations

import base64
from typing import Any

from flask import Response, request
from flask_smorest import Blueprint
from marshmallow import fields, validate

from gateway.core import auth, backend, files, security
from gateway.core.describe import operation, without
from gateway.core.http import answer, body, if_match, nothing
from shared.contracts import schedule as contract
from shared.contracts.common import Id, Strict
from shared.errors import TooLarge

bp = Blueprint("Calendars", __name__, description="Calendars, iCalendar files and addresses for other programs")

# A file in base64, within JSON.
_LIMIT = contract.ICS_LIMIT * 4 // 3 + 4096


class ImportArguments(Strict):
    """What is told beside a body that is the file itself."""

    calendar = Id()
    dry_run = fields.Boolean(load_default=False)
    zone = fields.String(validate=validate.Length(1, 64))


@bp.route("/schedule/calendars", methods=["GET"])
@operation(answers={200: contract.CalendarList})
@auth.signed_in
def calendars() -> Response:
    """Every calendar the caller may see, their own first."""
    return answer(backend.call("schedule", "calendars", {}))


@bp.route("/schedule/calendars", methods=["POST"])
@operation(body=without(contract.SaveCalendar, "id", "version"), answers={201: contract.CalendarResult}, etag=True)
@auth.signed_in
def create_calendar() -> Response:
    """A further calendar of the caller's."""
    made = backend.call("schedule", "save_calendar", body())
    return answer(made, 201, version=made["version"], location=f"/schedule/calendars/{made['id']}")


@bp.route("/schedule/calendars/<uuid:id>", methods=["PATCH"])
@operation(
    body=without(contract.SaveCalendar, "id", "version"),
    answers={200: contract.CalendarResult},
    problems=(404,),
    if_match=True,
    etag=True,
)
@auth.signed_in
def change_calendar(id: Any) -> Response:  # noqa: A002
    """Its name, colour, and who sees it; `shares` replaces what there was."""
    saved = backend.call("schedule", "save_calendar", body(id=str(id), version=if_match()))
    return answer(saved, version=saved["version"])


@bp.route("/schedule/calendars/<uuid:id>", methods=["DELETE"])
@operation(answers={204: None}, problems=(404, 409))
@auth.signed_in
def remove_calendar(id: Any) -> Response:  # noqa: A002
    """Removes a calendar with what is in it; never the one that meetings come into."""
    backend.call("schedule", "remove_calendar", {"id": str(id)})
    return nothing()


@bp.route("/schedule/calendars/<uuid:id>.ics", methods=["GET"])
@operation(answers={200: None}, problems=(404,), files={"answer": "text/calendar"})
@auth.signed_in
def export_calendar(id: Any) -> Response:  # noqa: A002
    """The calendar as a file of iCalendar."""
    return ics(str(id))


def ics(calendar: str) -> Response:
    """A calendar as a file to be saved."""
    found = backend.call("schedule", "export", {"id": calendar})
    response = Response(found["content"], mimetype="text/calendar")
    response.set_etag(found["tag"])
    return files.saved_as(response, found["name"])


@bp.route("/schedule/import", methods=["POST"])
@operation(body=contract.ImportIcs, query=ImportArguments, answers={200: contract.ImportView}, problems=(404, 409, 413))
@security.body_limit(_LIMIT)
@auth.signed_in
def import_calendar() -> Response:
    """Takes a file in: as JSON, or `text/calendar` with the rest in the query; `dry_run` says what would be."""
    return answer(backend.call("schedule", "import_ics", _file()))


def _file() -> dict[str, Any]:
    if request.mimetype != "text/calendar":
        return body()
    content = request.get_data(cache=False)
    if len(content) > contract.ICS_LIMIT:
        raise TooLarge(contract.ICS_LIMIT)
    return {**request.args.to_dict(), "content": base64.b64encode(content).decode()}


# -- addresses for other programs -------------------------------------------------------------------


@bp.route("/schedule/feeds", methods=["GET"])
@operation(answers={200: contract.FeedList})
@auth.signed_in
def feeds() -> Response:
    """The caller's secret addresses, without their secrets, and when each was last read."""
    return answer(backend.call("schedule", "feeds", {}))


@bp.route("/schedule/feeds", methods=["POST"])
@operation(body=contract.CreateFeed, answers={201: contract.NewFeed}, problems=(404,), keyed=False)
@auth.signed_in
def create_feed() -> Response:
    """An address (`/calendars/<secret>.ics`) at which a calendar can be read; its `secret` is told once."""
    made = backend.call("schedule", "create_feed", body(), idempotent=False)
    return answer(made, 201)


@bp.route("/schedule/feeds/<uuid:id>", methods=["DELETE"])
@operation(answers={204: None}, problems=(404,))
@auth.signed_in
def revoke_feed(id: Any) -> Response:  # noqa: A002
    """Nobody reads at this address any more."""
    backend.call("schedule", "revoke_feed", {"id": str(id)})
    return nothing()
