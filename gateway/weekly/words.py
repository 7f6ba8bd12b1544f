"""Weekly and monthly reports in sentences."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from flask_babel import gettext, ngettext

from gateway.core import format as formats
from gateway.core.format import SEOUL, names

Told = Mapping[str, Any]


def install(app: Flask) -> None:
    """Makes the sentences filters of the templates."""
    formats.add(
        app,
        weekly_state_name=state_name,
        weekly_standing_name=standing_name,
        weekly_excused_name=excused_name,
        weekly_news_name=news_name,
        weekday_name=weekday_name,
        section_name=section_name,
        cadence_name=cadence_name,
        weekly_due=due_name,
    )


def states() -> dict[str, str]:
    """How a report stands, by code."""
    return {
        "open": gettext("보고 작성 중"),
        "submitted": gettext("제출됨"),
        "taken": gettext("취합됨"),
        "returned": gettext("보완 요청됨"),
    }


state_name = names(states)
standing_name = names(
    lambda: {
        "waiting": gettext("보고 작성 중"),
        "missing": gettext("미제출"),
        "excused": gettext("제출 예외"),
        "submitted": gettext("제출됨"),
        "taken": gettext("취합됨"),
        "returned": gettext("보완 요청됨"),
    }
)
excused_name = names(
    lambda: {
        "leave": gettext("휴가"),
        "trip": gettext("출장"),
        "training": gettext("교육"),
        "sick": gettext("병가"),
        "other": gettext("부재"),
        "gone": gettext("전출·퇴직"),
    }
)
news_name = names(lambda: {"added": gettext("새 줄"), "changed": gettext("바뀐 줄"), "removed": gettext("삭제된 줄")})
cadence_name = names(lambda: {"week": gettext("주간보고"), "month": gettext("월간보고")})
weekday_name = names(
    lambda: {
        "1": gettext("월요일"),
        "2": gettext("화요일"),
        "3": gettext("수요일"),
        "4": gettext("목요일"),
        "5": gettext("금요일"),
        "6": gettext("토요일"),
        "7": gettext("일요일"),
    }
)


def due_name(value: str | datetime | None) -> str:
    """A time that something is due: what ends with a day is due at 24:00 of it."""
    at = formats.moment(value)
    if at is None or (at.astimezone(SEOUL).hour, at.astimezone(SEOUL).minute) != (0, 0):
        return formats.stamp(value)
    return f"{formats.day(at - timedelta(minutes=1))} 24:00"


def section_name(section: str, cadence: str) -> str:
    """The heading of a section."""
    if section == "remarks":
        return gettext("비고")
    if cadence == "month":
        return gettext("이번 달") if section == "this" else gettext("다음 달")
    return gettext("이번 주") if section == "this" else gettext("다음 주")


# -- on the desk ------------------------------------------------------------------------------------


def asked(told: Told) -> str:
    """What a to-do asks."""
    return {"write": gettext("보고 작성"), "join": gettext("보고 취합"), "rewrite": gettext("보고 보완")}.get(
        str(told.get("role")), ""
    )


def _title(params: Told) -> str:
    return params.get("title") or gettext("주간보고")


def reminded(params: Told) -> str:
    """A notice of an end that is near."""
    until = due_name(params.get("until"))
    return gettext("‘%(title)s’ 제출 기한은 %(until)s입니다.", title=_title(params), until=until)


def asked_for(params: Told) -> str:
    """A notice that a report is missed."""
    return gettext("%(name)s 님이 ‘%(title)s’ 제출을 요청했습니다.", name=params.get("name", ""), title=_title(params))


def missing(params: Told) -> str:
    """A notice of the reports that have not come."""
    count = int(params.get("count") or 0)
    told = {"title": _title(params), "names": ", ".join(params.get("names") or ())}
    return ngettext(
        "‘%(title)s’에 들어갈 보고 %(num)d건이 미제출입니다: %(names)s",
        "‘%(title)s’에 들어갈 보고 %(num)d건이 미제출입니다: %(names)s",
        count,
        **told,
    )


def late_news(params: Told) -> str:
    """A notice that a report came after the joined one was handed in."""
    told = {"name": params.get("name", ""), "title": _title(params)}
    return gettext("취합 보고를 제출한 뒤 %(name)s 님이 ‘%(title)s’를 제출했습니다.", **told)


def returned(params: Told) -> str:
    """A notice that a report was sent back."""
    told = {"title": _title(params), "reason": params.get("reason", "")}
    return gettext("‘%(title)s’ 보완 요청: %(reason)s", **told)


# -- refusals ---------------------------------------------------------------------------------------


def problems() -> dict[str, str]:
    """What is wrong with a field of a report or a plan."""
    return {
        "unknown_line": gettext("없는 줄입니다. 새로 고쳐 주세요."),
        "not_yours": gettext("다른 직원이 쓴 줄은 다른 칸으로 옮길 수 없습니다."),
    }


def refusals() -> dict[str, str]:
    """Why an act was refused, in one sentence."""
    return {
        "weekly-open": gettext("아직 제출하지 않은 보고입니다."),
        "weekly-submitted": gettext("제출한 보고입니다. 수정하려면 먼저 회수해 주세요."),
        "weekly-taken": gettext("이미 취합된 보고입니다. 수정하려면 취합한 사람에게 보완 요청을 받아 주세요."),
        "weekly-returned": gettext("보완 중인 보고입니다."),
        "weekly-news": gettext("아직 반영하지 않은 보고가 있습니다. 먼저 반영한 뒤 제출해 주세요."),
        "weekly-not-due": gettext("제출 기한이 지난 뒤에 요청할 수 있습니다."),
    }
