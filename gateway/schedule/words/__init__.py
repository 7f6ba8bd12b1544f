"""Schedules in sentences: kinds, shares, presence, times and rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Flask
from flask_babel import gettext, pgettext

from gateway.core import format as formats
from gateway.core.format import names
from gateway.schedule.words import refused, rules, times


def install(app: Flask) -> None:
    """Makes the sentences filters of the templates."""
    formats.add(
        app,
        entry_kind=entry_kind,
        entry_sign=entry_sign,
        entry_visibility=visibility,
        entry_shown_as=shown_as,
        entry_mark=mark,
        entry_when=times.when,
        entry_clock=times.clock,
        entry_next=times.beginnings,
        entry_day=times.day,
        entry_date=lambda value: times.day_of(value).isoformat(),
        entry_weekday=lambda code: rules.short(code),
        entry_choices=choices,
        zone_name=zone,
        calendar_name=calendar_name,
        calendar_tone=tone,
        entry_rule=rules.words,
        entry_warning=refused.warning,
        share_level=level,
        presence_name=presence,
        clash_reason=clash_reason,
        schedule_refusal=refused.refusal_words,
        reminder_words=times.before,
    )


def calendar_name(calendar: Mapping[str, Any], organisation: str) -> str:
    """What a calendar is called: of a holder's main one by whose it is."""
    if calendar["kind"] == "organisation":
        return organisation
    if not calendar["name"]:
        return gettext("부서") if calendar["kind"] == "department" else gettext("내 일정")
    return str(calendar["name"])


_TONES = {"department": 1, "organisation": 2, "person": 5}


def tone(calendar: Mapping[str, Any]) -> int:
    """The colour of a calendar; those of others that nobody gave one are told apart by whose they are."""
    colour = int(calendar["colour"])
    if colour or (calendar["kind"] == "person" and calendar["access"] == "own"):
        return colour
    return _TONES.get(calendar["kind"], 7)


def zone(name: str) -> str:
    """A time zone by the city that people know it by."""
    cities = {
        "Asia/Seoul": gettext("서울"),
        "Asia/Tokyo": gettext("도쿄"),
        "Asia/Shanghai": gettext("베이징·상하이"),
        "Europe/London": gettext("런던"),
        "America/New_York": gettext("뉴욕"),
        "UTC": gettext("세계 표준시(UTC)"),
    }
    return cities.get(name, name)


def choices(codes: Sequence[str], which: str) -> list[tuple[str, str]]:
    """Codes as the options of a choice, by the words of the field (`visibility`, `shown_as`)."""
    word = {"visibility": visibility, "shown_as": shown_as}[which]
    return [(code, word(code)) for code in codes]


entry_kind = names(
    lambda: {
        "meeting": gettext("회의"),
        "visit": gettext("방문"),
        "seminar": gettext("행사·세미나"),
        "training": gettext("교육"),
        "trip": gettext("출장"),
        "leave": gettext("휴가"),
        "holiday": gettext("휴일"),
        "other": gettext("일반"),
        "due": gettext("기한"),
        "booking": gettext("예약"),
    }
)

_SIGNS = {
    "meeting": "users",
    "visit": "map-pin",
    "seminar": "presentation",
    "training": "graduation-cap",
    "trip": "plane",
    "leave": "tree-palm",
    "holiday": "bookmark",
    "due": "clock",
    "booking": "door-open",
}


def entry_sign(kind: str) -> str:
    """The icon of a kind of entries."""
    return _SIGNS.get(kind, "calendar")


visibility = names(
    lambda: {
        "public": pgettext("일정", "공개"),
        "busy": gettext("바쁨만 표시"),
        "private": gettext("비공개(나만)"),
    }
)
shown_as = names(
    lambda: {
        "busy": gettext("바쁨"),
        "tentative": pgettext("일정", "미정"),
        "free": pgettext("일정", "한가함"),
    }
)
level = names(
    lambda: {
        "busy": gettext("바쁨만"),
        "read": gettext("읽기"),
        "write": gettext("쓰기"),
        "own": gettext("소유"),
    }
)
mark = names(lambda: {"": "", "deputy": gettext("대리"), "secretary": gettext("비서")})
presence = names(
    lambda: {
        "present": gettext("재실"),
        "away": gettext("자리비움"),
        "meeting": gettext("회의 중"),
        "trip": gettext("출장 중"),
        "leave": gettext("휴가 중"),
    }
)
clash_reason = names(
    lambda: {
        "taken": gettext("다른 일정이 있음"),
        "closed": gettext("사용할 수 없는 시간"),
        "hours": gettext("이용 시간이 아님"),
        "absent": gettext("부재"),
    }
)
