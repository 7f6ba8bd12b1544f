"""Requests (업무요청) and instructions (지시사항) as people and programs meet them: asked, followed, handed in."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from gateway.core.noun import Create, Kind, Noun, Place
from gateway.requests import words

NOUN = Noun(
    "requests",
    order=40,
    icon="list-todo",
    url="/requests/{id}",
    places=(
        Place("requests", "/requests", "list-todo", _("받은 요청"), 400, _("요청·지시"), key="q", count="request"),
        Place("sent-requests", "/requests/sent", "send", _("보낸 요청"), 410, _("요청·지시")),
        Place("due-requests", "/requests/due", "clock", _("기한 임박"), 420, _("요청·지시")),
    ),
    creates=(
        Create("r", "/requests/new", "list-todo", _("업무요청 작성"), _("새 업무요청"), _("요청"), 20, beside=True),
    ),
    kinds={"request": Kind(_("업무요청"), asks=words.asked)},
    notices=words.NOTICES,
    problems=words.problems,
    refusals=words.refusals,
    label=_("업무요청"),
    quote="requests.quote",
)
