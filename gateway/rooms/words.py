"""Rooms in sentences: how a booking stands, what became of it, and why it was refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Flask
from flask_babel import gettext, pgettext

from gateway.core import format as formats
from gateway.core.format import names
from gateway.schedule.words import times
from gateway.schedule.words.refused import refusal_words as entry_refusal

Told = Mapping[str, Any]


def install(app: Flask) -> None:
    """Makes the sentences filters of the templates."""
    formats.add(app, booking_state=booking_state, room_kind=room_kind, room_hours=hours, room_refusal=refusal_words)


room_kind = names(lambda: {"room": pgettext("종류", "회의실"), "equipment": gettext("장비")})


def states() -> dict[str, str]:
    """How a booking stands."""
    return {
        "held": gettext("예약 중"),
        "asked": gettext("승인 대기"),
        "booked": gettext("예약됨"),
        "refused": gettext("거절됨"),
        "released": gettext("반납됨"),
    }


booking_state = names(states)


def hours(room: Told) -> str:
    """`09:00–18:00`: when it can be booked."""
    told = room["hours"]
    first, last = (f"{told[name] // 60:02}:{told[name] % 60:02}" for name in ("opens", "closes"))
    return gettext("하루 종일") if (first, last) == ("00:00", "24:00") else f"{first}–{last}"


def _about(text: Callable[[Told], str]) -> Callable[[Told], str]:
    """A notice: the room and what it was booked for, then what happened."""
    return lambda p: f"{p.get('room', '')} ‘{p.get('title', '')}’: {text(p)}"


def _reason(params: Told, said: str) -> str:
    return f"{said} ({params['reason']})" if params.get("reason") else said


def _no_show(params: Told) -> str:
    starts = params.get("starts_at")
    when = f"{times.day(starts)} {times.clock(starts)}" if starts else ""
    return gettext("%(when)s 예약은 입실 확인이 없어 자동으로 반납되었습니다.", when=when).strip()


NOTICES: dict[str, Callable[[Told], str]] = {
    "booking_granted": _about(lambda p: _reason(p, gettext("예약이 승인되었습니다."))),
    "booking_refused": _about(lambda p: _reason(p, gettext("예약이 거절되었습니다."))),
    "booking_released": _about(lambda p: gettext("%(person)s 님이 예약을 취소했습니다.", person=p.get("person", ""))),
    "booking_no_show": _about(_no_show),
    "booking_room_gone": _about(lambda p: gettext("회의실을 더는 사용할 수 없어 예약이 취소되었습니다.")),
}


def problems() -> dict[str, str]:
    """Sentences about a field that was refused."""
    return {"before_start": gettext("시작보다 뒤의 시각을 선택해 주세요.")}


def refusals() -> dict[str, str]:
    """Why an act was refused, in one sentence."""
    return {
        "room-taken": gettext("그 시간에는 회의실을 쓸 수 없습니다."),
        "not-bookable": gettext("예약할 수 없는 회의실입니다. 다른 회의실을 선택해 주세요."),
        "not-booked": gettext("이미 끝나거나 취소된 예약입니다."),
        "too-many-rooms": gettext("회의실과 장비는 1,000개까지 등록할 수 있습니다."),
    }


def refusal_words(problem: Any) -> str:
    """Why nothing was done, in a sentence."""
    if problem.status == 404:
        return gettext("지금 시간의 예약이 없습니다.")
    if problem.status == 403 and problem.slug == "forbidden":
        return gettext("이 예약을 처리할 권한이 없습니다.")
    own = "" if problem.slug == "room-taken" else refusals().get(problem.slug, "")
    return own or entry_refusal(problem)
