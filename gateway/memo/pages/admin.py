"""Settings of memo reports, for the organisation's administrators."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from gateway.core import backend
from gateway.core.auth import administrators_only
from gateway.core.page import Call, show
from shared.contracts.memo import ESCALATE_LEAST, ESCALATE_MOST
from shared.errors import Problem

bp = Blueprint("memo_admin", __name__, url_prefix="/admin/memos")
bp.before_request(administrators_only)


@bp.get("")
def settings() -> str:
    """After how many minutes an urgent memo goes on while it stays unread."""
    return _page(errors={})


@bp.post("")
def save() -> Response | tuple[str, int]:
    """Saves the form."""
    typed = request.form.get("escalate_after", "")
    try:
        backend.call("memo", "save_settings", {"escalate_after": typed})
    except Problem as problem:
        if problem.status != 422:
            raise
        return _page(errors=problem.fields, typed=typed, problem=problem), 422
    flash(gettext("저장했습니다. 앞으로 보내는 긴급 메모부터 적용합니다."))
    return redirect("/admin/memos", 303)


def _page(**values: Any) -> str:
    also: dict[str, Call] = {"kept": ("memo", "settings", {})}
    return show("memo/admin.html", also=also, least=ESCALATE_LEAST, most=ESCALATE_MOST, **values)
