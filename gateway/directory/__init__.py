"""The organisation and one's own account as people and programs meet them."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from gateway.core.noun import Noun, Place
from gateway.directory import words

NOUN = Noun(
    "directory",
    order=0,
    icon="users",
    url="/people/{id}",
    places=(
        Place("people", "/people", "users", _("사람"), 700, _("기관"), key="u"),
        Place("settings", "/settings", "settings", _("설정"), 710, _("기관"), key="s"),
        Place("admin", "/admin", "shield", _("관리"), 720, _("기관"), role="tenant_admin"),
    ),
    problems=words.problems,
    refusals=words.refusals,
)
