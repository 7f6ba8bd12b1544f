"""The organisation's calendar, for its administrators: public holidays, own days off, days of work."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from flask import Blueprint, flash, redirect, request
from flask_babel import get_locale, gettext
from werkzeug.wrappers import Response

from gateway.core import backend
from gateway.core.auth import administrators_only
from gateway.core.page import show
from gateway.directory import days
from shared.calendar import seoul_year
from shared.errors import Problem

bp = Blueprint("calendar", __name__, url_prefix="/admin/calendar")
bp.before_request(administrators_only)

FIRST, LAST = 1948, 2100


@bp.get("")
def calendar() -> str:
    """One year, this one unless told otherwise."""
    return _year(errors={})


@bp.post("")
def save_day() -> Response | tuple[str, int]:
    """Enters a day off, or a day of work."""
    form = request.form
    data = {name: form.get(name, "") for name in ("day", "kind", "name")}
    try:
        saved = backend.call("directory", "save_holiday", data)
    except Problem as problem:
        if problem.status != 422:
            raise
        return _year(errors=problem.fields, form=form, problem=problem), 422
    flash(gettext("달력에 반영했습니다."))
    return redirect(f"/admin/calendar?year={saved['day'][:4]}", 303)


@bp.post("/<day>/delete")
def delete_day(day: str) -> Response:
    """The public calendar holds for a day again."""
    backend.call("directory", "delete_holiday", {"day": day})
    flash(gettext("삭제했습니다. 이날은 다시 공휴일 달력을 따릅니다."))
    return redirect(f"/admin/calendar?year={day[:4]}", 303)


def _year(**values: Any) -> str:
    year = _asked()
    shown = days.listed(date(year, 1, 1), date(year, 12, 31), str(get_locale() or "ko"), days.exceptions())
    earlier, later = year - 1 if year > FIRST else None, year + 1 if year < LAST else None
    return show("directory/admin/calendar.html", year=year, days=shown, earlier=earlier, later=later, **values)


def _asked() -> int:
    given = request.args.get("year", "")
    year = int(given) if given.isdecimal() and len(given) <= 4 else seoul_year(datetime.now(UTC))
    return min(max(year, FIRST), LAST)
