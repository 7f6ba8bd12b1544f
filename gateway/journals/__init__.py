"""Verification journals as people and programs meet them: writing on a phone, verifying, months, forms."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from gateway.core.noun import Create, Key, Kind, Noun, Place
from gateway.journals.words import codes

NOUN = Noun(
    "journals",
    order=35,
    icon="clipboard-check",
    url="/journals/at/{id}",
    places=(
        Place("journals", "/journals", "clipboard-check", _("검증일지"), 320, _("메모보고"), key="j", count="journal"),
    ),
    creates=(Create("j", "/journals?write=1", "clipboard-check", _("일지 작성"), _("일지"), _("일지"), 15),),
    keys=(Key("v", _("일지 확인에서: 확인하고 다음으로")),),
    kinds={
        "journal": Kind(_("검증일지"), asks=codes.asked),
        "verify": Kind(_("일지 확인"), asks=codes.to_verify),
    },
    notices={"missing": codes.missing, "sent_back": codes.sent_back, "admitted": codes.admitted},
    problems=codes.problems,
    refusals=codes.refusals,
    label=_("검증일지"),
)
