"""Weekly and monthly reports as people and programs meet them."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from gateway.core.noun import Create, Key, Kind, Noun, Place
from gateway.weekly import words

NOUN = Noun(
    "weekly",
    order=36,
    icon="list-todo",
    url="/weekly/{id}",
    places=(Place("weekly", "/weekly", "list-todo", _("주간·월간보고"), 350, _("메모보고"), count="weekly"),),
    creates=(Create("w", "/weekly/now", "list-todo", _("주간보고 작성"), _("주간·월간보고"), _("주간보고"), 50),),
    keys=(
        Key("Enter", _("주간보고에서: 다음 줄 추가")),
        Key("Alt ↑ ↓", _("주간보고에서: 줄 옮기기")),
    ),
    kinds={"weekly": Kind(_("주간보고"), asks=words.asked)},
    notices={
        "reminded": words.reminded,
        "asked": words.asked_for,
        "missing": words.missing,
        "late_news": words.late_news,
        "weekly_returned": words.returned,
    },
    problems=words.problems,
    refusals=words.refusals,
    label=_("주간·월간보고"),
    states=words.states,
    quote="memo.quote_weekly",
)
