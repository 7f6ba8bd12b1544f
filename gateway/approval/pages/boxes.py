"""Boxes of who decides: what waits for the reader, what is on its way, what they have decided."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, redirect
from flask_babel import gettext
from werkzeug.wrappers import Response

from gateway.approval.words.decisions import role_name
from gateway.core.auth import public, signed_in
from gateway.core.boxes import Box, Filter, Options, empty, show
from shared.contracts.documents import LINE_ROLES

bp = Blueprint("approval_boxes", __name__)


def _roles(_: Mapping[str, Any]) -> tuple[str, Options]:
    return gettext("역할"), [("", gettext("모든 역할")), *((role, role_name(role)) for role in LINE_ROLES)]


ROLE = Filter("role", _roles)
BOXES: dict[str, Box] = {
    "received": Box(
        ("title", "role", "drafter", "waited"),
        ("at", "-at", "title"),
        (ROLE,),
        lambda: gettext("내 차례가 되어 결정을 기다리는 문서입니다."),
        lambda: empty(
            "inbox",
            gettext("기다리는 결재가 없습니다"),
            gettext("문서가 내 차례가 되면 새로 고치지 않아도 여기에 나타납니다."),
            "/boxes/decided",
            gettext("결재한 문서 보기"),
        ),
        live="documents",
    ),
    "progress": Box(
        ("title", "state", "drafter", "waiting_for", "at"),
        ("-at", "at", "title"),
        (ROLE,),
        lambda: gettext("내가 기안했거나 결재선에 있는 문서 가운데 결재가 끝나지 않은 것입니다."),
        lambda: empty(
            "send",
            gettext("진행 중인 문서가 없습니다"),
            gettext("상신한 문서가 누구에게 있는지 여기에서 볼 수 있습니다."),
            "/write",
            gettext("기안하기"),
        ),
        live="documents",
    ),
    "decided": Box(
        ("title", "state", "role", "decision", "drafter", "at"),
        ("-at", "at", "title"),
        (ROLE,),
        lambda: gettext("내가 검토, 협조, 결재한 문서입니다."),
        lambda: empty(
            "stamp",
            gettext("아직 결재한 문서가 없습니다"),
            gettext("결재하거나 반려한 문서가 여기에 모입니다."),
            "/boxes/received",
            gettext("받은 결재 보기"),
        ),
    ),
}


@bp.get("/boxes/")
@public
def boxes() -> Response:
    """Where to begin: what waits for the reader."""
    return redirect("/boxes/received")


@bp.get("/boxes/<any(received, progress, decided):name>")
@signed_in
def box(name: str) -> str:
    """One of these boxes."""
    return show("approval", name, BOXES[name])
