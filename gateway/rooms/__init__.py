"""Rooms and equipment (회의실·자원) as people and programs meet them: found, booked, agreed to, checked in."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from gateway.core.noun import Kind, Noun, Place
from gateway.rooms import words

NOUN = Noun(
    "rooms",
    order=56,
    icon="door-open",
    url="/rooms/bookings/{id}",
    places=(Place("rooms", "/rooms", "door-open", _("회의실"), 510, _("일정"), count="booking"),),
    kinds={"booking": Kind(_("회의실 승인"))},
    notices=words.NOTICES,
    problems=words.problems,
    refusals=words.refusals,
    label=_("회의실 예약"),
    states=words.states,
)
