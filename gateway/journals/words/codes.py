"""Codes of journals in words: states, kinds of fields, columns, what is asked and what happened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from babel.dates import get_day_names
from flask import Flask
from flask_babel import get_locale, gettext

from gateway.core import format as formats
from gateway.core.format import names

Told = Mapping[str, Any]


def install(app: Flask) -> None:
    """Makes the words filters of the templates."""
    formats.add(app, entry_state_name=entry_state_name, check_name=check_name, field_type_name=field_type_name)
    formats.add(app, value_words=value_words, schedule_words=schedule_words, day_words=day_words)
    formats.add(app, journal_state_name=journal_state_name, clock_words=clock_words)


entry_state_name = names(
    lambda: {
        "open": gettext("작성 전"),
        "off": gettext("휴무"),
        "to_verify": gettext("확인 대기"),
        "verified": gettext("확인 완료"),
        "sent_back": gettext("보완 요청"),
        "awaiting_approval": gettext("마감 후 제출"),
    }
)
journal_state_name = names(
    lambda: {"draft": gettext("준비 중"), "open": gettext("사용 중"), "ended": gettext("사용 종료")},
)
check_name = names(
    lambda: {"normal": gettext("정상"), "abnormal": gettext("이상"), "not_applicable": gettext("해당없음")},
)


def field_types() -> dict[str, str]:
    """The kinds of fields of a form, in the order in which they are offered."""
    return {
        "check": gettext("점검(정상·이상·해당없음)"),
        "number": gettext("숫자"),
        "text": gettext("글"),
        "choice": gettext("선택"),
        "photo": gettext("사진"),
        "place": gettext("위치"),
        "signature": gettext("서명"),
        "group": gettext("반복 항목"),
    }


field_type_name = names(field_types)
column_name = names(
    lambda: {
        "day": gettext("일자"),
        "shift": gettext("근무조"),
        "place": gettext("장소"),
        "writer": gettext("작성자"),
        "department": gettext("부서"),
        "state": gettext("상태"),
        "version": gettext("차수"),
        "abnormal": gettext("이상 건수"),
        "written_at": gettext("작성 시각(기기)"),
        "received_at": gettext("접수 시각"),
        "difference": gettext("기기 시계 차이(초)"),
        "verifier": gettext("확인자"),
        "verified_at": gettext("확인 시각"),
    }
)
_days_name = names(
    lambda: {"working": gettext("근무일마다"), "every": gettext("매일"), "weekdays": gettext("정해진 요일마다")},
)


def schedule_words(schedule: Told) -> str:
    """When a journal is due, in a few words."""
    if schedule["kind"] == "week":
        return gettext("매주")
    if schedule["kind"] == "shift":
        shifts = ", ".join(shift["name"] for shift in schedule["shifts"])
        return gettext("%(days)s, 근무조: %(shifts)s", days=_days_name(schedule["days"]), shifts=shifts)
    return _days_name(schedule["days"])


def day_words(day: str) -> str:
    """A business date with its day of the week."""
    return formats.weekday(date.fromisoformat(day))


def weekdays() -> list[str]:
    """The days of the week, Monday first, as short as they come."""
    found = get_day_names("abbreviated", "stand-alone", str(get_locale() or "ko"))
    return [str(found[n]) for n in range(7)]


def clock_words(seconds: int) -> str:
    """By how much a device's clock is off."""
    minutes = round(abs(seconds) / 60)
    if seconds > 0:
        return gettext("기기 시계가 %(n)d분 빠릅니다", n=minutes)
    return gettext("기기 시계가 %(n)d분 느립니다", n=minutes)


def value_words(type_: str, value: Any) -> str:
    """A value of a form's field as it is read."""
    if value is None:
        return ""
    if type_ == "check":
        note = value.get("note")
        return f"{check_name(value['result'])}: {note}" if note else check_name(value["result"])
    if type_ == "photo":
        return gettext("사진 %(n)d장", n=len(value))
    if type_ == "place":
        return f"{value['latitude']:.5f}, {value['longitude']:.5f}"
    if type_ == "signature":
        return str(value["name"])
    if type_ == "group":
        return "\n".join(f"{n}. {_row(row)}" for n, row in enumerate(value, 1))
    return ", ".join(value) if isinstance(value, Sequence) and not isinstance(value, str) else str(value)


def _row(row: Told) -> str:
    """A repeat of a part; of what type each value is its shape says."""
    return ", ".join(value_words(_type_of(value), value) for value in row.values())


def _type_of(value: Any) -> str:
    if isinstance(value, dict):
        return "check" if "result" in value else "place" if "latitude" in value else "signature"
    return "text"


# -- desk -------------------------------------------------------------------------------------------


def asked(todo: Told) -> str:
    """What a to-do of a writer asks for."""
    return gettext("보완") if todo["role"] == "revise" else gettext("일지 작성")


def to_verify(todo: Told) -> str:
    """What a to-do of a verifier asks for: how many there are."""
    return gettext("일지 확인 %(n)d건", n=todo["params"].get("count", 1))


def missing(params: Told) -> str:
    """A notice: who manages a journal is told how many did not write."""
    return gettext(
        "‘%(title)s’ %(day)s 일지 %(n)d건이 작성되지 않았습니다.",
        title=params["title"],
        day=day_words(params["day"]),
        n=params["count"],
    )


def sent_back(params: Told) -> str:
    """A notice: an entry was sent back."""
    return gettext(
        "%(day)s 일지에 보완 요청이 있습니다. %(person)s: %(reason)s",
        day=day_words(params["day"]),
        person=params["person"],
        reason=params["reason"],
    )


def admitted(params: Told) -> str:
    """A notice: a late entry counts."""
    return gettext("월 마감 후 제출한 %(day)s 일지가 승인되었습니다.", day=day_words(params["day"]))


def problems() -> dict[str, str]:
    """What is wrong with a field of a journal or an entry."""
    return {
        "not_a_number": gettext("숫자로 입력해 주세요. 소수점은 마침표(.)를 씁니다."),
        "unknown_photo": gettext("사진을 찾을 수 없습니다. 다시 올려 주세요."),
        "dissolved_department": gettext("폐지된 부서가 있습니다. 다른 부서를 선택해 주세요."),
        "left": gettext("퇴직·전출자가 있습니다. 삭제해 주세요."),
        "nobody": gettext("작성할 직원이 없습니다. 직원이나 부서를 선택해 주세요."),
        "unknown_person": gettext("찾을 수 없는 직원입니다. 다시 선택해 주세요."),
    }


def refusals() -> dict[str, str]:
    """Why an act was refused, in one sentence."""
    return {
        "own-entry": gettext("직접 작성한 일지는 확인할 수 없습니다. 다른 확인자에게 요청해 주세요."),
        "other-version": gettext("그 사이에 내용이 바뀌었습니다. 바뀐 내용을 확인하고 다시 처리해 주세요."),
        "already-written": gettext("이 기간의 일지를 이미 작성했습니다. 작성한 일지를 열어 수정해 주세요."),
        "already-verified": gettext("이미 확인한 일지입니다."),
        "already-sent-back": gettext("이미 보완을 요청한 일지입니다. 작성자가 수정하면 다시 확인할 수 있습니다."),
        "awaiting-approval": gettext("월 마감 후 제출한 일지입니다. 먼저 승인해 주세요."),
        "not-awaiting-approval": gettext("승인을 기다리는 일지가 아닙니다."),
        "already-signed-off": gettext("이미 마감한 달입니다."),
        "not-signed-off": gettext("마감하지 않은 달입니다."),
        "reopened-too-often": gettext("이 달은 마감을 더 취소할 수 없습니다."),
        "already-published": gettext("바뀐 항목이 없습니다. 항목을 바꾼 다음 다시 게시해 주세요."),
        "not-published": gettext("아직 게시한 서식이 없습니다. 서식을 먼저 게시해 주세요."),
    }
