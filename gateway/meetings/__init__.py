"""Meetings (회의) as people and programs meet them: called, answered, held, minuted, confirmed; committees."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from gateway.core.noun import Create, Kind, Noun, Place
from gateway.meetings import words

NOUN = Noun(
    "meetings",
    order=45,
    icon="users",
    url="/meetings/{id}",
    places=(
        Place("meetings", "/meetings", "users", _("예정된 회의"), 450, _("회의"), key="e", count="meeting"),
        Place("past-meetings", "/meetings/past", "history", _("지난 회의"), 460, _("회의")),
        Place("committees", "/committees", "building-2", _("위원회"), 470, _("회의")),
    ),
    creates=(Create("e", "/meetings/new", "users", _("회의 작성"), _("새 회의"), _("회의"), 25),),
    kinds={"meeting": Kind(_("회의"), asks=words.asked)},
    notices=words.NOTICES,
    problems=words.problems,
    refusals=words.refusals,
    label=_("회의"),
    states=words.states,
    quote="meetings.quote",
)
