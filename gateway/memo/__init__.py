"""Memo reports (메모보고) as people and programs meet them: written from anywhere, read, answered, passed on."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from gateway.core.noun import Banner, Create, Key, Kind, Noun, Place
from gateway.memo import words

NOUN = Noun(
    "memo",
    order=30,
    icon="mail",
    url="/memos/{id}",
    places=(
        Place("memos", "/memos", "mail", _("받은 메모보고"), 300, _("메모보고"), key="m", count="memo"),
        Place("sent-memos", "/memos/sent", "send", _("보낸 메모보고"), 310, _("메모보고")),
    ),
    creates=(Create("m", "/memos/new", "mail", _("메모보고 작성"), _("새 메모보고"), _("메모"), 10, beside=True),),
    keys=(Key("1~4", _("메모보고에서: 확인, 동의, 의견, 지시")),),
    kinds={"memo": Kind(_("메모보고"), asks=words.asked)},
    notices=words.NOTICES,
    problems=words.problems,
    refusals=words.refusals,
    label=_("메모보고"),
    states=words.states,
    banner=Banner("/memos/banner", "memo/_banner.html", ("memo", "alerts", {})),
    quote="memo.quote",
)
