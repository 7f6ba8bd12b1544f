"""The organisation's calendar: public holidays, its own days off, and days on which it works all the same."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Response
from flask_babel import get_locale
from flask_smorest import Blueprint
from marshmallow import Schema, fields, validate

from gateway.core import auth, backend
from gateway.core.describe import operation, without
from gateway.core.http import answer, body, nothing, query
from gateway.directory import days
from shared.calendar import is_working_day
from shared.contracts import directory
from shared.contracts.common import Strict
from shared.errors import Invalid
from shared.validation import load

bp = Blueprint("Calendar", __name__, description="Days on which the organisation works, or does not")

LONGEST = timedelta(days=1100)


class CalendarQuery(Strict):
    """Both days are of it; three years at the most."""

    first = fields.Date(required=True, data_key="from")
    last = fields.Date(required=True, data_key="to")


class CalendarDay(Schema):
    """A day that is more than a plain weekday or weekend."""

    day = fields.Date(required=True)
    kind = fields.String(
        required=True,
        validate=validate.OneOf(("public", "off", "working")),
        metadata={"description": "A public holiday, a day off of the organisation's own, or one on which it works"},
    )
    name = fields.String(required=True)


class CalendarDays(Schema):
    """The days in order, and how many working days there are in all."""

    items = fields.List(fields.Nested(CalendarDay), required=True)
    working_days = fields.Integer(required=True)


@bp.route("/calendar", methods=["GET"])
@operation(query=CalendarQuery, answers={200: CalendarDays})
@auth.signed_in
def calendar() -> Response:
    """Public holidays, the organisation's own days off and its days of work, from one day to another."""
    asked = load(CalendarQuery(), query())
    first, last = asked["first"], asked["last"]
    if last < first:
        raise Invalid({"to": "not_after_start"})
    if last - first > LONGEST:
        raise Invalid({"to": "too_long"})
    own = days.exceptions()
    working = sum(is_working_day(first + timedelta(days=n), own) for n in range((last - first).days + 1))
    return answer({"items": days.listed(first, last, str(get_locale() or "ko"), own), "working_days": working})


@bp.route("/calendar/<day>", methods=["PUT"])
@operation(body=without(directory.SaveHoliday, "day"), answers={200: directory.HolidayView})
@auth.signed_in
def save_holiday(day: Any) -> Response:
    """A day (`YYYY-MM-DD`) `off` with its name, or one on which the organisation is `working`: for administrators."""
    return answer(backend.call("directory", "save_holiday", body(day=day)))


@bp.route("/calendar/<day>", methods=["DELETE"])
@operation(answers={204: None}, problems=(404,))
@auth.signed_in
def delete_holiday(day: Any) -> Response:
    """The public calendar holds for a day again: for administrators."""
    backend.call("directory", "delete_holiday", {"day": day})
    return nothing()
