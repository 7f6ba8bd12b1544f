"""What happened to entries and bookings, in sentences of My Desk and of mails."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext

from gateway.schedule.words import times

Told = Mapping[str, Any]


def _when(params: Told) -> str:
    starts = params.get("starts_at")
    if not starts:
        return ""
    clock = "" if params.get("all_day") else times.clock(starts)
    return f"{times.day(starts)} {clock}" if clock else times.day(starts)


def _about(text: Callable[[Told], str]) -> Callable[[Told], str]:
    """A notice: the title of what it is about, then what happened."""
    return lambda params: gettext("‘%(title)s’: %(what)s", title=params.get("title", ""), what=text(params))


def _by(params: Told, text: str) -> str:
    person = params.get("person", "")
    return gettext("%(person)s 님이 %(what)s", person=person, what=text) if person else text


def reminder(params: Told) -> str:
    """When it begins, and where."""
    when, place = _when(params), params.get("place", "")
    if place:
        return gettext("%(when)s에 %(place)s에서 시작합니다.", when=when, place=place)
    return gettext("%(when)s에 시작합니다.", when=when)


NOTICES: dict[str, Callable[[Told], str]] = {
    "reminder": _about(reminder),
    "entry_shared": _about(lambda p: _by(p, gettext("함께하는 일정으로 등록했습니다. (%(when)s)", when=_when(p)))),
    "entry_changed": _about(lambda p: _by(p, gettext("일정을 변경했습니다. (%(when)s)", when=_when(p)))),
    "entry_removed": _about(lambda p: _by(p, gettext("일정을 삭제했습니다."))),
    "entry_by_other": _about(lambda p: _by(p, gettext("대신 일정을 등록했습니다. (%(when)s)", when=_when(p)))),
}
