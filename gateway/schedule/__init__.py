"""Schedules (일정) and rooms (회의실) as people and programs meet them: entered, shared, booked."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from gateway.core.noun import Create, Key, Noun, Place
from gateway.schedule.words import notices, refused

NOUN = Noun(
    "schedule",
    order=55,
    icon="calendar",
    url="/schedule/{id}",
    places=(Place("schedule", "/schedule", "calendar", _("일정"), 500, _("일정"), key="c", short=_("일정")),),
    creates=(Create("s", "/schedule/new", "calendar", _("일정 등록"), _("새 일정"), _("일정"), 30, beside=True),),
    keys=(
        Key("n", _("일정에서: 새 일정")),
        Key("t", _("일정에서: 오늘")),
        Key("1 – 4", _("일정에서: 일·주·월·목록")),
        Key("↑ ↓ ← →", _("일정에서: 일정 사이 이동 (Enter 열기)")),
        Key("Alt + ↑ ↓", _("일정에서: 15분 앞당기기·늦추기")),
        Key("Alt + ← →", _("일정에서: 하루 앞당기기·늦추기")),
        Key("Alt + Shift + ↑ ↓", _("일정에서: 15분 줄이기·늘이기")),
    ),
    notices=notices.NOTICES,
    problems=refused.problems,
    refusals=refused.refusals,
    label=_("일정"),
    quote="schedule.quote",
)
