"""Official documents as people and programs meet them: cards, writing, boxes, versions, attachments."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from gateway.core.noun import Create, Kind, Noun, Place
from gateway.documents.words import codes

NOUN = Noun(
    "documents",
    order=20,
    icon="file-pen",
    url="/documents/{id}",
    places=(
        Place("drafts", "/boxes/drafts", "file-pen", _("기안 중인 문서"), 200, _("내 문서"), key="t"),
        Place("returned", "/boxes/returned", "undo-2", _("반려"), 220, _("내 문서"), count="returned"),
        Place("finished", "/boxes/finished", "circle-check-big", _("완료"), 230, _("내 문서"), key="f"),
        Place("register", "/boxes/register", "book-text", _("부서 등록대장"), 600, _("부서")),
    ),
    creates=(Create("d", "/write", "pen-line", _("기안하기"), _("새 기안"), _("기안"), 0, key="n"),),
    kinds={"returned": Kind(_("반려"), tone="danger")},
    notices={
        "registered": codes.registered,
        "approved": codes.approved,
        "returned": codes.returned,
        "withdrawn": codes.withdrawn,
    },
    problems=codes.problems,
    label=_("문서"),
    states=codes.states,
)
