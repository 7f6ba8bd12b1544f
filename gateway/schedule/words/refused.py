"""Why something was refused, by its code, in sentences that say what to do."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext

from gateway.schedule.words import times


def problems() -> dict[str, str]:
    """Sentences about a field that was refused."""
    return {
        "before_start": gettext("끝이 시작보다 빠릅니다. 시작보다 뒤의 시각을 선택해 주세요."),
        "year_out_of_range": gettext("1900년부터 2100년까지의 날짜를 선택해 주세요."),
        "rule_not_supported": gettext("사용할 수 없는 반복 규칙입니다. 다른 반복을 선택해 주세요."),
        "rule_yields_nothing": gettext("이 반복으로는 해당하는 날이 없습니다. 종료일이나 요일을 확인해 주세요."),
        "not_a_rule": gettext("반복 규칙이 맞지 않습니다. 간격·횟수·종료일을 확인해 주세요."),
        "endless": gettext("끝이 없는 반복에는 회의실을 예약할 수 없습니다. 종료일이나 횟수를 정해 주세요."),
        "in_the_past": gettext("이미 지난 시각입니다. 뒤의 시각을 선택해 주세요."),
        "too_many_instances": gettext("반복이 너무 많습니다. 종료일이나 횟수를 줄여 주세요."),
        "not_an_absence": gettext("부재 처리는 휴가·출장·교육에만 쓸 수 있습니다."),
        "unknown_zone": gettext("알 수 없는 시간대입니다. 시간대를 선택해 주세요."),
        "other_kind": gettext("시작과 끝을 모두 날짜로, 또는 모두 시각으로 입력해 주세요."),
        "count_and_until": gettext("횟수와 종료일 중 하나만 정해 주세요."),
        "count_out_of_range": gettext("횟수가 너무 많습니다. 줄여 주세요."),
        "until_before_start": gettext("반복 종료일이 시작보다 빠릅니다."),
        **_of_files(),
    }


def _of_files() -> dict[str, str]:
    """About what is in a file of iCalendar."""
    return {
        "not_readable": gettext("읽을 수 없는 일정입니다."),
        "not_an_event": gettext("일정이 아닌 항목(할 일 등)입니다."),
        "not_a_date": gettext("날짜를 읽을 수 없습니다."),
        "not_a_duration": gettext("길이를 읽을 수 없습니다."),
        "no_uid": gettext("식별자가 없어 새로 만들었습니다."),
        "no_event": gettext("파일에 일정이 없습니다."),
        "ends_before_start": gettext("끝이 시작보다 빨라 시작에 맞추었습니다."),
        "until_is_a_date": gettext("반복 종료일을 그날 끝까지로 읽었습니다."),
        "several_rules": gettext("반복 규칙이 여럿이라 첫 번째만 씁니다."),
        "range_not_supported": gettext("‘이후 모두’ 변경은 그 일정에만 적용했습니다."),
        "period_shortened": gettext("기간으로 적힌 반복은 시작만 씁니다."),
        "class_unknown": gettext("알 수 없는 공개 범위라 비공개로 했습니다."),
        "class_trimmed": gettext("공개 범위를 읽기 쉽게 고쳤습니다."),
        "too_deep": gettext("너무 복잡한 파일입니다."),
        "not_a_calendar": gettext("iCalendar(.ics) 파일이 아닙니다. 다른 파일을 선택해 주세요."),
    }


def refusals() -> dict[str, str]:
    """Why an act was refused, in one sentence."""
    return {
        "read-only": gettext("보기만 할 수 있는 캘린더입니다."),
        "is-fed": gettext("다른 업무에서 자동으로 들어온 일정입니다. 그 업무에서 변경해 주세요."),
        "booked-series": gettext("회의실을 예약한 반복 일정은 나눌 수 없습니다. 이번만 또는 모두를 변경해 주세요."),
        "too-many-calendars": gettext("캘린더는 50개까지 만들 수 있습니다."),
        "too-many-feeds": gettext("구독 주소를 더 만들 수 없습니다. 쓰지 않는 주소를 폐기해 주세요."),
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
        "not_a_rule": gettext("반복 규칙이 맞지 않습니다. 간격·횟수·종료일을 확인해 주세요."),
        "endless": gettext("끝이 없는 반복에는 회의실을 예약할 수 없습니다. 종료일이나 횟수를 정해 주세요."),
        "in_the_past": gettext("이미 지난 시각입니다. 뒤의 시각을 선택해 주세요."),
        "too_many_instances": gettext("반복이 많아 일부만 표시합니다."),
        "deputy_missing": gettext("대리자를 정하지 않았습니다."),
    }
    return said.get(code, "")
