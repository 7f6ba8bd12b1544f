"""Requests in sentences: kinds, states, dates, lateness, what happened, and why something was refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any

from babel import Locale
from flask import Flask
from flask_babel import get_locale, gettext, pgettext

from gateway.core import format as formats
from gateway.core.format import SEOUL, moment, names, stamp
from shared.progress import shown

Told = Mapping[str, Any]
_HOUR, _DAY = 3600, 86400


def install(app: Flask) -> None:
    """Makes the sentences filters of the templates."""
    formats.add(
        app,
        request_kind=request_kind,
        request_state=request_state,
        request_due_field=due_field,
        request_part_choices=part_choices,
        request_due=due_words,
        request_day=day_words,
        request_late=lateness,
        request_step=step,
        request_percent=shown,
        request_refusal=refusal_words,
    )


request_kind = names(lambda: {"request": gettext("업무요청"), "instruction": gettext("지시사항")})
request_state = names(
    lambda: {
        "asked": gettext("접수 대기"),
        "accepted": gettext("접수"),
        "in_progress": gettext("수행 중"),
        "handed_in": gettext("제출 완료"),
        "sent_back": gettext("보완 요청"),
        "done": gettext("완료"),
        "declined": gettext("접수 반려됨"),
        "withdrawn": gettext("철회"),
    }
)


def asked(todo: Told) -> str:
    """The badge of a to-do: what is asked of its person."""
    return {
        "accept": gettext("지시 접수") if todo["params"].get("kind") == "instruction" else gettext("요청 접수"),
        "assign": gettext("담당 지정"),
        "do": gettext("요청 수행"),
        "redo": gettext("보완"),
        "conclude": gettext("결과 취합"),
        "review": gettext("결과 확인"),
        "answer_extension": gettext("기한 연장 답변"),
        "reassign": gettext("담당 변경"),
        "confirm": gettext("지시 확인"),
    }.get(todo["role"], "")


# -- dates ------------------------------------------------------------------------------------------


def day_words(value: str | date | None) -> str:
    """`5. 8.(금)`: a day with its weekday; with its year where that is another one."""
    if not value:
        return ""
    day = date.fromisoformat(value) if isinstance(value, str) else value
    same = day.year == datetime.now(UTC).astimezone(SEOUL).year
    return formats.weekday(day, year=not same)


def recurrences() -> list[tuple[str, str]]:
    """How often an instruction may come again, to choose from; of the days of the week each by itself (`week:0`)."""
    days = (get_locale() or Locale("ko")).days["format"]["wide"]
    return [
        ("", gettext("반복하지 않음")),
        ("month", gettext("매월 정한 날짜")),
        ("working_day", gettext("매월 정한 순번의 근무일")),
        *((f"week:{n}", gettext("매주 %(day)s", day=days[n])) for n in range(7)),
    ]


def due_words(told: Told) -> str:
    """When something is due: a day, or a day and an hour."""
    due = told["due"]
    if not due:
        return gettext("기한 없음")
    return day_words(due) if len(due) == 10 else stamp(due)


def due_field(told: Told) -> str:
    """A due date as the form's fields have it: a day, or a day and an hour in Seoul; empty without one."""
    due = told["due"] or ""
    time = moment(due) if len(due) > 10 else None
    return f"{time.astimezone(SEOUL):%Y-%m-%dT%H:%M}" if time else due


def lateness(seconds: int) -> str:
    """`2일 16시간`: how late, in days and hours; less than an hour in minutes."""
    days, hours = seconds // _DAY, seconds % _DAY // _HOUR
    if days and hours:
        return gettext("%(days)d일 %(hours)d시간", days=days, hours=hours)
    if days:
        return gettext("%(days)d일", days=days)
    if hours:
        return gettext("%(hours)d시간", hours=hours)
    return gettext("%(minutes)d분", minutes=seconds // 60)


# -- what happened ----------------------------------------------------------------------------------


def _about(text: Callable[[Told], str]) -> Callable[[Told], str]:
    """A notice: the title of what it is about, then what happened."""
    return lambda params: gettext("‘%(title)s’: %(what)s", title=params["title"], what=text(params))


def _by(params: Told, text: str) -> str:
    return gettext("%(person)s 님이 %(what)s", person=params["person"], what=text) if params["person"] else text


def _due(params: Told) -> str:
    return due_words({"due": params.get("due")})


NOTICES: dict[str, Callable[[Told], str]] = {
    "accepted": _about(lambda p: _by(p, gettext("접수했습니다."))),
    "closed": _about(lambda p: _by(p, gettext("완료로 처리했습니다."))),
    "withdrawn": _about(lambda p: _by(p, gettext("철회했습니다."))),
    "confirmed": _about(lambda p: _by(p, gettext("지시한 대로라고 확인했습니다."))),
    "corrected": _about(lambda p: _by(p, gettext("지시 내용을 정정했습니다."))),
    "changed": _about(lambda p: _by(p, gettext("요청 내용을 변경했습니다."))),
    "extension_granted": _about(lambda p: gettext("기한이 %(due)s까지로 연장되었습니다.", due=_due(p))),
    "extension_refused": _about(lambda p: gettext("기한 연장이 승인되지 않았습니다.")),
    "reassigned": _about(lambda p: gettext("담당자가 변경되어 더는 맡지 않습니다.")),
    "handed_over": _about(lambda p: gettext("담당자가 변경되어 더는 맡지 않습니다.")),
    "assigned": _about(lambda p: gettext("담당자가 변경되어 더는 맡지 않습니다.")),
    "released": _about(lambda p: gettext("먼저 끝나야 할 일이 끝났습니다.")),
    "escalated": _about(lambda p: gettext("기한(%(due)s)이 지나 상급자에게 알립니다.", due=_due(p))),
    "series_stopped": _about(lambda p: gettext("지시받을 직원이 없어 반복을 중지했습니다.")),
    "mentioned": _about(lambda p: _by(p, gettext("의견에서 언급했습니다."))),
    "commented": _about(lambda p: _by(p, gettext("의견을 등록했습니다."))),
    "reminded_before": _about(lambda p: gettext("기한이 %(due)s입니다.", due=_due(p))),
    "reminded_on_day": _about(lambda p: gettext("오늘이 기한입니다.")),
    "reminded_after": _about(lambda p: gettext("기한(%(due)s)이 지났습니다.", due=_due(p))),
}


def step(entry: Told) -> str:
    """An entry of the history, behind the name of its person."""
    detail = entry["detail"]
    words = {
        "asked": gettext("요청을 보냄"),
        "entered": gettext("구두 지시를 입력"),
        "repeated": gettext("정기 지시에 따라 자동으로 요청"),
        "confirmed": gettext("지시 내용을 확인"),
        "corrected": gettext("지시 내용을 정정"),
        "changed": gettext("요청 내용을 변경"),
        "accepted": pgettext("이력", "접수"),
        "declined": gettext("접수를 반려"),
        "stepped_back": gettext("맡지 않기로 함"),
        "part_handed_in": gettext("맡은 부분의 결과를 제출"),
        "handed_in": gettext("결과를 제출"),
        "sent_back": gettext("보완을 요청"),
        "closed": gettext("완료로 처리"),
        "withdrawn": gettext("철회"),
        "extension_refused": gettext("기한 연장을 승인하지 않음"),
        "reopened": gettext("하위 요청이 추가되어 다시 진행"),
        "released": gettext("먼저 끝나야 할 일이 끝남"),
        "moved": gettext("상위 요청을 변경"),
    }
    found = words.get(entry["action"]) or _detailed(entry["action"], detail)
    late = detail.get("late")
    return gettext("%(what)s (%(late)s 지연)", what=found, late=lateness(late)) if late else found


def _detailed(action: str, detail: Told) -> str:
    if action == "progressed":
        return gettext("진행률 %(percent)d%% 보고", percent=detail["percent"])
    if action in ("assigned", "reassigned", "handed_over"):
        return gettext("담당 변경: %(before)s → %(after)s", before=detail["from"], after=detail["to"])
    if action == "extension_asked":
        return gettext("기한 연장을 요청: %(due)s", due=_due(detail))
    if action == "extension_granted":
        return gettext("기한을 연장: %(due)s", due=_due(detail))
    if action == "escalated":
        return gettext("기한이 지나 상급자에게 알림: %(name)s", name=detail["to"] or gettext("없음"))
    return action


# -- what is refused --------------------------------------------------------------------------------


def problems() -> dict[str, str]:
    """Sentences about a field that was refused."""
    return {
        "past": gettext("이미 지난 날짜입니다. 오늘이나 그 뒤의 날짜를 선택해 주세요."),
        "beyond_2100": gettext("2100년까지의 날짜를 선택해 주세요."),
        "beyond_ten_years": gettext("10년 안의 날짜를 선택해 주세요."),
        "not_later": gettext("지금 기한보다 뒤의 날짜를 선택해 주세요."),
        "after_parent": gettext("상위 요청의 기한보다 늦습니다. 상위 요청의 기한 연장을 먼저 요청해 주세요."),
        "oneself": gettext("본인에게는 요청할 수 없습니다. 다른 직원을 선택해 주세요."),
        "left": gettext("퇴직·전출자입니다. 다른 직원을 선택해 주세요."),
        "dissolved": gettext("폐지된 부서입니다. 다른 부서를 선택해 주세요."),
        "nobody": gettext("받을 사람이 없습니다. 다른 직원이나 부서를 선택해 주세요."),
        "unknown_person": gettext("찾을 수 없는 직원입니다."),
        "unknown_department": gettext("찾을 수 없는 부서입니다."),
        "unknown_group": gettext("찾을 수 없는 그룹입니다."),
        "unknown_request": gettext("찾을 수 없는 요청입니다."),
        "other_organisation": gettext("다른 기관의 직원에게는 아직 요청할 수 없습니다. 공문으로 보내 주세요."),
        "one_of_person_department": gettext("직원이나 부서를 하나 선택해 주세요."),
        "several_leads": gettext("주관은 한 명만 선택할 수 있습니다."),
        "not_for_departments": gettext(
            "부서에는 선착순 접수를 쓸 수 없습니다. 부서는 담당자를 지정하거나 먼저 접수합니다."
        ),
        "without_oneself": gettext("구두 지시는 지시받은 본인이 담당자에 있어야 합니다."),
        "not_an_instruction": gettext("지시사항에만 쓸 수 있습니다."),
        "not_spoken": gettext("구두 지시는 반복할 수 없습니다."),
        "not_of_a_series": gettext("반복하는 지시에는 쓸 수 없습니다."),
        "with_due": gettext("기한과 근무일 수 중 하나만 입력해 주세요."),
        "none_before": gettext("종료일 전에 돌아오는 날이 없습니다."),
        "too_deep": gettext("하위 요청은 10단계까지 만들 수 있습니다."),
        "itself": gettext("자기 자신을 기다릴 수는 없습니다."),
        "same_person": gettext("지금 담당자입니다. 다른 직원을 선택해 주세요."),
        "twice": gettext("이미 담당자로 있는 직원입니다."),
        "not_of_department": gettext("이 부서의 직원이 아닙니다."),
        "days_or_due": gettext("기한이나 근무일 수를 입력해 주세요."),
    }


def refusals() -> dict[str, str]:
    """Why an act was refused, in one sentence."""
    return {
        "taken": gettext("다른 직원이 먼저 접수했습니다."),
        "not-now": gettext("지금 상태에서는 할 수 없습니다."),
        "not-accepted": gettext("먼저 접수해 주세요."),
        "not-handed-in": gettext("아직 결과가 제출되지 않았습니다."),
        "handed-in": gettext("이미 결과가 제출되었습니다."),
        "finished": gettext("이미 끝난 요청입니다."),
        "parts-open": gettext("다른 담당자가 결과를 제출한 뒤에 제출할 수 있습니다."),
        "already-asked": gettext("이미 기한 연장을 요청했습니다. 답변을 기다려 주세요."),
        "already-answered": gettext("이미 답변한 기한 연장입니다."),
        "no-due-date": gettext("기한이 없는 요청입니다."),
        "circle": gettext("요청이 자기 자신의 하위에 놓이게 됩니다."),
        "after-parent": gettext("상위 요청의 기한보다 늦습니다."),
        "stale": gettext("그 사이에 내용이 바뀌었습니다. 확인하고 다시 해 주세요."),
    }


def refusal_words(problem: Any) -> str:
    """Why nothing was done, in a sentence; who was first, and which date, where that is the reason."""
    if problem.slug == "taken" and problem.detail:
        return gettext("%(name)s 님이 먼저 접수했습니다.", name=problem.detail)
    if problem.slug == "parts-open":
        return gettext("결과를 기다리는 담당자: %(names)s", names=", ".join(problem.extra.get("waiting_for", [])))
    if problem.slug == "after-parent":
        due = due_words({"due": problem.extra.get("parent_due")})
        return gettext("상위 요청의 기한(%(due)s)보다 늦습니다.", due=due)
    if problem.slug == "unavailable":
        return gettext("서비스가 잠시 응답하지 않습니다. 다시 눌러 주세요. 여러 번 눌러도 한 번만 처리됩니다.")
    return refusals().get(problem.slug) or gettext("지금은 할 수 없습니다.")


def part_choices(parts: list[Told]) -> list[tuple[str, str]]:
    """Parts as the options of a choice: their numbers, and who does each."""
    return [(str(part["number"]), _holder(part)) for part in parts]


def _holder(part: Told) -> str:
    named = part["person"] or part["department"]
    return str(named["name"]) if named else gettext("선착순 %(n)d명", n=len(part["candidates"]))
