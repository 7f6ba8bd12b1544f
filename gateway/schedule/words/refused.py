"""Why something was refused, by its code, in sentences that say what to do."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext

from gateway.schedule.words import times


def problems() -> dict[str, str]:
    """Sentences about a field that was refused."""
    return {
        "ends_before_start": gettext("끝나는 시각이 시작보다 빠릅니다. 시작보다 뒤의 시각을 선택해 주세요."),
        "year_out_of_range": gettext("1900년부터 2100년까지의 날짜를 선택해 주세요."),
        "too_long_entry": gettext("한 일정은 1년을 넘을 수 없습니다."),
        "day_or_moment": gettext("하루 종일이면 날짜만, 아니면 시각까지 입력해 주세요."),
        "rule_not_supported": gettext("사용할 수 없는 반복 규칙입니다. 다른 반복을 선택해 주세요."),
        "rule_yields_nothing": gettext("이 반복으로는 해당하는 날이 없습니다. 종료일이나 요일을 확인해 주세요."),
        "too_many_instances": gettext("반복이 너무 많습니다. 종료일이나 횟수를 줄여 주세요."),
        "not_of_the_series": gettext("이 반복 일정에 없는 날짜입니다. 새로 고침 후 다시 해 주세요."),
        "overlaps": gettext("이미 등록한 부재와 기간이 겹칩니다. 기간을 확인해 주세요."),
        "own_deputy": gettext("본인은 대리자가 될 수 없습니다. 다른 직원을 선택해 주세요."),
        "deputy_absent": gettext("그 기간에 자리에 없는 직원입니다. 다른 대리자를 선택해 주세요."),
        "not_an_absence": gettext("부재 처리는 휴가·출장·교육에만 쓸 수 있습니다."),
        "unknown_zone": gettext("알 수 없는 시간대입니다. 시간대를 선택해 주세요."),
        "unknown_calendar": gettext("찾을 수 없는 캘린더입니다."),
        "unknown_room": gettext("찾을 수 없는 회의실입니다."),
        "unknown_person": gettext("찾을 수 없는 직원입니다."),
        "too_many_people": gettext("한 번에 50명까지 볼 수 있습니다."),
        "window_too_long": gettext("한 번에 400일까지 볼 수 있습니다."),
        "not_begun": gettext("일정이 시작된 뒤에 쓸 수 있습니다."),
        "not_a_calendar": gettext("iCalendar(.ics) 파일이 아닙니다. 다른 파일을 선택해 주세요."),
    }


def refusals() -> dict[str, str]:
    """Why an act was refused, in one sentence."""
    return {
        "read-only": gettext("보기만 할 수 있는 캘린더입니다."),
        "is-fed": gettext("다른 업무에서 자동으로 들어온 일정입니다. 그 업무에서 변경해 주세요."),
        "overlaps": gettext("이미 등록한 부재와 기간이 겹칩니다. 기간을 확인해 주세요."),
        "main-calendar": gettext("기본 캘린더는 삭제할 수 없습니다."),
        "not-begun": gettext("일정이 시작된 뒤에 쓸 수 있습니다."),
        "stale": gettext("그 사이에 내용이 바뀌었습니다. 확인하고 다시 해 주세요."),
    }


def refusal_words(problem: Any) -> str:
    """Why nothing was done, in a sentence; which times are taken where that is the reason."""
    if problem.slug == "room-taken" and (clashes := problem.extra.get("clashes")):
        taken = ", ".join(f"{times.day(each['starts_at'])} {times.clock(each['starts_at'])}" for each in clashes[:3])
        more = len(clashes) - 3
        said = gettext("그 시간에는 회의실을 쓸 수 없습니다: %(times)s", times=taken)
        return gettext("%(said)s 외 %(n)d건", said=said, n=more) if more > 0 else said
    if problem.slug == "unavailable":
        return gettext("서비스가 잠시 응답하지 않습니다. 다시 눌러 주세요. 여러 번 눌러도 한 번만 처리됩니다.")
    if problem.status == 422:
        return gettext("입력한 내용을 확인해 주세요.")
    if problem.status == 403:
        return refusals().get(problem.slug) or gettext("이 일정을 변경할 권한이 없습니다.")
    if problem.slug == "not-bookable":
        return gettext("예약할 수 없는 회의실입니다. 다른 회의실을 선택해 주세요.")
    return refusals().get(problem.slug) or gettext("지금은 할 수 없습니다.")


def warning(code: str) -> str:
    """What is odd about an entry that came from elsewhere."""
    said = {
        "rule_not_supported": gettext("반복 규칙을 읽을 수 없어 첫 번째만 표시합니다. 원래 규칙은 보관합니다."),
        "unknown_zone": gettext("시간대를 알 수 없어 서울 시각으로 표시합니다."),
        "too_many_instances": gettext("반복이 많아 일부만 표시합니다."),
        "deputy_missing": gettext("대리자를 정하지 않았습니다."),
    }
    return said.get(code, "")
