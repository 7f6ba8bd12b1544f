"""Meetings in sentences: states, roles, answers, times, what happened, and why something was refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from flask import Flask
from flask_babel import gettext, pgettext

from gateway.core import format as formats
from gateway.core.format import SEOUL, moment, names, stamp

Told = Mapping[str, Any]


def install(app: Flask) -> None:
    """Makes the sentences filters of the templates."""
    formats.add(
        app,
        meeting_state=meeting_state,
        meeting_role=meeting_role,
        meeting_answer=meeting_answer,
        meeting_review=meeting_review,
        meeting_choice=meeting_choice,
        meeting_request_state=request_state,
        meeting_letter=letter_words,
        meeting_time=time_words,
        meeting_day=day_words,
        meeting_spent=spent,
        meeting_step=step,
        meeting_refusal=refusal_words,
        meeting_member=member_role,
    )


def states() -> dict[str, str]:
    """How a meeting stands, by code."""
    return {
        "called": pgettext("회의", "소집"),
        "held": pgettext("회의", "진행 중"),
        "minutes": gettext("회의록 작성"),
        "confirming": gettext("회의록 확인 중"),
        "confirmed": gettext("회의록 확정"),
        "cancelled": pgettext("회의", "취소"),
    }


meeting_state = names(states)
meeting_role = names(
    lambda: {
        "chair": gettext("주재"),
        "required": gettext("참석"),
        "optional": gettext("선택 참석"),
        "secretary": gettext("기록"),
    }
)
meeting_answer = names(
    lambda: {
        "none": gettext("답변 대기"),
        "yes": gettext("참석"),
        "no": gettext("불참"),
        "tentative": pgettext("회의", "미정"),
    }
)
meeting_review = names(
    lambda: {"confirmed": pgettext("회의", "확인"), "objected": gettext("이의"), "silent": gettext("기한 경과로 동의")}
)
meeting_choice = names(lambda: {"for": gettext("찬성"), "against": gettext("반대"), "abstain": gettext("기권")})
member_role = names(lambda: {"chair": gettext("위원장"), "member": gettext("위원"), "secretary": gettext("간사")})
letter_state = names(
    lambda: {
        "waiting": gettext("발송 대기"),
        "leased": gettext("발송 중"),
        "sent": gettext("발송됨"),
        "failed": gettext("발송 실패"),
    }
)
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
        "answer": gettext("회의 참석 답변"),
        "prepare": gettext("회의 자료 제출"),
        "write_minutes": gettext("회의록 작성"),
        "confirm": gettext("회의록 확인"),
        "conclude": gettext("회의록 확정"),
    }.get(todo["role"], "")


# -- dates ------------------------------------------------------------------------------------------


def letter_words(told: Told) -> str:
    """How a guest's letter stands, and on which day one goes out that waits for it."""
    due = moment(told["letter_due"]) if told["letter_due"] else None
    if due and due > datetime.now(SEOUL):
        return gettext("%(day)s 발송 예정", day=day_words(told["letter_due"]))
    return letter_state(told["letter"])


def day_words(value: str | date) -> str:
    """A day with its weekday."""
    if isinstance(value, str):
        found = moment(value) if len(value) > 10 else None
        value = found.astimezone(SEOUL).date() if found else date.fromisoformat(value)
    return formats.weekday(value, year=value.year != datetime.now(SEOUL).year)


def time_words(told: Told) -> str:
    """`5. 8.(금) 10:00~11:00`; with the day of its end where that is another one."""
    starts, ends = moment(told["starts_at"]), moment(told["ends_at"])
    if starts is None or ends is None:
        return ""
    starts, ends = starts.astimezone(SEOUL), ends.astimezone(SEOUL)
    first = f"{day_words(starts.date())} {starts:%H:%M}"
    last = f"{ends:%H:%M}" if ends.date() == starts.date() else f"{day_words(ends.date())} {ends:%H:%M}"
    return f"{first}~{last}"


def spent(seconds: int) -> str:
    """How long an item has taken, in minutes and seconds."""
    return f"{seconds // 60}:{seconds % 60:02}"


# -- what happened ----------------------------------------------------------------------------------


def _about(text: Callable[[Told], str]) -> Callable[[Told], str]:
    """A notice: the title of what it is about, then what happened."""
    return lambda params: gettext("‘%(title)s’: %(what)s", title=params["title"], what=text(params))


def _by(params: Told, text: str) -> str:
    return gettext("%(person)s 님이 %(what)s", person=params["person"], what=text) if params["person"] else text


NOTICES: dict[str, Callable[[Told], str]] = {
    "changed": _about(lambda p: _by(p, gettext("회의 일시나 장소를 변경했습니다."))),
    "cancelled": _about(lambda p: _by(p, gettext("회의를 취소했습니다."))),
    "removed": _about(lambda p: gettext("참석 대상에서 제외되었습니다.")),
    "declined": _about(lambda p: _by(p, gettext("참석하지 못한다고 답했습니다."))),
    "reminded": _about(lambda p: gettext("회의가 %(at)s에 있습니다.", at=stamp(p.get("starts_at")))),
    "papers_due": _about(lambda p: gettext("회의 자료 제출 기한이 %(at)s입니다.", at=stamp(p.get("due")))),
    "confirmed": _about(lambda p: gettext("회의록이 확정되었습니다.")),
    "objected": _about(lambda p: _by(p, gettext("회의록에 이의를 냈습니다."))),
    "mentioned": _about(lambda p: _by(p, gettext("의견에서 언급했습니다."))),
    "commented": _about(lambda p: _by(p, gettext("의견을 등록했습니다."))),
}


def step(entry: Told) -> str:
    """An entry of the history, behind the name of its person."""
    words = {
        "called": gettext("회의를 소집"),
        "changed": gettext("회의를 변경"),
        "opened": gettext("회의를 시작"),
        "ended": gettext("회의를 종료"),
        "lapsed": gettext("시간이 지나 회의 종료"),
        "cancelled": gettext("회의를 취소"),
        "asked": gettext("다음 회의의 참석 답변 요청"),
        "readied": gettext("회의 자료를 제출"),
        "marked": gettext("출석을 확인"),
        "attended": pgettext("이력", "출석"),
        "timed": gettext("안건 시간을 기록"),
        "decided": gettext("결정 사항을 등록"),
        "decision_dropped": gettext("결정 사항을 삭제"),
        "action_added": gettext("할 일을 등록"),
        "action_dropped": gettext("할 일을 삭제"),
        "action_asked": gettext("할 일을 업무요청으로 보냄"),
        "vote_opened": gettext("표결을 시작"),
        "voted": gettext("투표"),
        "vote_closed": gettext("표결을 마감"),
        "minutes_written": gettext("회의록을 작성"),
        "confirmation_asked": gettext("회의록 확인을 요청"),
        "agreed": gettext("회의록을 확인"),
        "objected": gettext("회의록에 이의를 냄"),
        "review_ended": gettext("확인 기한이 지남"),
        "taken_back": gettext("회의록을 다시 작성"),
        "confirmed": gettext("회의록을 확정"),
    }
    return words.get(entry["action"]) or _answered(entry["action"], entry["detail"])


def _answered(action: str, detail: Told) -> str:
    if action == "answered":
        if detail["substitute"]:
            return gettext("불참, 대리 참석: %(name)s", name=detail["substitute"])
        return gettext("참석 답변: %(answer)s", answer=meeting_answer(detail["answer"]))
    if action == "guest_answered":
        answer = meeting_answer(detail["answer"])
        return gettext("외부 참석자 %(name)s 답변: %(answer)s", name=detail["guest"], answer=answer)
    return action


# -- what is refused --------------------------------------------------------------------------------


def problems() -> dict[str, str]:
    """Sentences about a field that was refused; those of other nouns' codes are theirs."""
    return {
        "out_of_range": gettext("1990년부터 2100년까지의 날짜를 선택해 주세요."),
        "not_before": gettext("회의가 시작되기 전의 일시를 선택해 주세요."),
        "too_long": gettext("회의는 31일까지 이어질 수 있습니다."),
        "too_late": gettext("60일 안의 날짜를 선택해 주세요."),
        "several_chairs": gettext("주재자는 한 명만 지정할 수 있습니다."),
        "too_many_for_series": gettext("반복 회의의 참석자가 너무 많습니다. 횟수나 인원을 줄여 주세요."),
        "already_invited": gettext("이미 참석 대상인 직원입니다. 다른 직원을 선택해 주세요."),
        "only_with_no": gettext("대리 참석자는 불참할 때만 지정할 수 있습니다."),
        "not_invited": gettext("참석 대상이 아닙니다."),
        "wrong_code": gettext("출석 코드가 맞지 않습니다. QR 코드를 다시 찍어 주세요."),
        "unknown_item": gettext("없는 안건입니다. 새로 고친 뒤 다시 해 주세요."),
        "unknown_committee": gettext("없는 위원회입니다."),
        "not_a_committee_meeting": gettext("위원회 회의에만 쓸 수 있습니다."),
    }


def refusals() -> dict[str, str]:
    """Why an act was refused, in one sentence."""
    return {
        "room-taken": gettext("그 시간에 이미 예약된 회의실입니다. 다른 회의실이나 시간을 선택해 주세요."),
        "no-quorum": gettext("의사정족수에 이르지 못해 의결할 수 없습니다."),
        "not-present": gettext("출석한 직원만 투표할 수 있습니다."),
        "already-voted": gettext("이미 투표했습니다."),
        "vote-closed": gettext("마감된 표결입니다."),
        "reviews-open": gettext(
            "아직 확인하지 않은 참석자가 있습니다. 모두 확인하거나 기한이 지나면 확정할 수 있습니다."
        ),
        "written-together": gettext("함께 쓰는 회의록입니다. 회의록 화면에서 작성해 주세요."),
        "not-shared": gettext("아직 함께 쓰기를 시작하지 않은 회의록입니다."),
        "signed": gettext("확인을 요청했거나 확정한 회의록이라 고칠 수 없습니다."),
        "nothing-written": gettext("회의록에 적은 내용이 없습니다. 먼저 작성해 주세요."),
    }


def refusal_words(problem: Any) -> str:
    """Why nothing was done, in a sentence."""
    if problem.slug == "no-quorum":
        there = {name: problem.extra.get(name, 0) for name in ("present", "needed")}
        return gettext("의사정족수 %(needed)d명 가운데 %(present)d명이 출석해 의결할 수 없습니다.", **there)
    own = {
        "not-now": gettext("지금 상태에서는 할 수 없습니다."),
        "finished": gettext("이미 끝난 회의입니다."),
        "already-asked": gettext("이미 업무요청으로 보낸 할 일입니다."),
        "stale": gettext("그 사이에 내용이 바뀌었습니다. 확인하고 다시 해 주세요."),
        "invalid": gettext("처리하지 못했습니다. 입력한 내용을 확인해 주세요."),
        "unavailable": gettext("서비스가 잠시 응답하지 않습니다. 다시 눌러 주세요. 여러 번 눌러도 한 번만 처리됩니다."),
    }
    return (own | refusals()).get(problem.slug) or gettext("지금은 할 수 없습니다.")
