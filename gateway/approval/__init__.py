"""Approval lines as people and programs meet them: boxes, routes and decisions."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from gateway.approval.words import decisions
from gateway.core.noun import Key, Kind, Noun, Place

NOUN = Noun(
    "approval",
    order=10,
    icon="stamp",
    places=(
        Place(
            "received",
            "/boxes/received",
            "inbox",
            _("받은 결재"),
            100,
            _("결재"),
            key="r",
            count="approval",
            short=_("결재"),
        ),
        Place("decided", "/boxes/decided", "stamp", _("결재한 문서"), 110, _("결재")),
        Place("progress", "/boxes/progress", "send", _("진행"), 210, _("내 문서"), key="p"),
    ),
    keys=(
        Key("a", _("문서에서: 승인 (한 번 더 묻습니다)")),
        Key("o", _("문서에서: 의견 쓰기")),
        Key("j", _("결정한 뒤: 다음 결재")),
    ),
    kinds={"approval": Kind(_("결재"), asks=decisions.asked)},
    refusals=decisions.refusals,
)
