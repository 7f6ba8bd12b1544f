"""The organisation's rule of reminders of requests, for its administrators."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, request
from flask_babel import gettext
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from gateway.core import backend
from gateway.core.auth import administrators_only
from gateway.core.page import show
from gateway.requests.pages.writing import flat
from shared.errors import Problem

bp = Blueprint("request_admin", __name__, url_prefix="/admin/requests")
bp.before_request(administrators_only)

_HOURS = ("hour", "quiet_from", "quiet_to")


@bp.get("")
def reminders() -> str:
    """When who is reminded of a due date, and when it goes to the superior."""
    return _page(errors={})


@bp.post("")
def save() -> Response | tuple[str, int]:
    """Saves the form, on the version it was shown in."""
    rule = posted(request.form)
    try:
        backend.call("requests", "save_reminders", rule)
    except Problem as problem:
        if problem.status not in (412, 422):
            raise
        return _page(errors=flat(problem.fields), rule=rule, problem=problem), problem.status
    flash(gettext("저장했습니다. 다음 알림부터 적용합니다."))
    return redirect("/admin/requests", 303)


def posted(form: MultiDict[str, str]) -> dict[str, Any]:
    """The rule as the form says it. What is no number goes to the service, which names the field."""
    return {
        **{name: form.get(name, "").replace(",", " ").split() for name in ("before", "after")},
        **{name: form.get(name, "") for name in _HOURS},
        "on_day": "on_day" in form,
        "to": form.getlist("to"),
        "escalate_after": form.get("escalate_after", "").strip() or None,
        "version": form.get("version", 0, type=int),
    }


def _page(**values: Any) -> str:
    return show("requests/admin.html", also={"kept": ("requests", "reminders", {})}, **values)
