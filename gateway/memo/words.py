"""Memo reports in sentences: kinds, states, answers, what happened, and why something was refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Flask
from flask_babel import gettext, ngettext, pgettext

from gateway.core import format as formats
from gateway.core.format import names

Told = Mapping[str, Any]


def install(app: Flask) -> None:
    """Makes the sentences filters of the templates."""
    formats.add(
        app,
        memo_kind=memo_kind,
        memo_state=memo_state,
        memo_answer=memo_answer,
        memo_channel=memo_channel,
        memo_step=step,
        memo_delivery=delivery,
        local_minute=local_minute,
    )


def local_minute(value: str | None) -> str:
    """A time as a field of forms takes it (`datetime-local`), in Seoul."""
    time = formats.moment(value)
    return f"{time.astimezone(formats.SEOUL):%Y-%m-%dT%H:%M}" if time else ""


memo_kind = names(
    lambda: {
        "brief": gettext("메모보고"),
        "urgent": gettext("긴급상황보고"),
        "occasional": gettext("수시상황보고"),
        "opinions": gettext("의견수렴 보고"),
    }
)


def states() -> dict[str, str]:
    """How a memo stands."""
    return {
        "draft": pgettext("메모", "작성 중"),
        "scheduled": gettext("발송 예약"),
        "held": gettext("발송 대기"),
        "sent": pgettext("메모", "발송"),
        "recalled": pgettext("메모", "회수"),
    }


memo_state = names(states)
memo_answer = names(
    lambda: {
        "noted": gettext("확인"),
        "agreed": pgettext("답변", "동의"),
        "opinion": gettext("의견"),
        "instructed": pgettext("답변", "지시"),
    }
)
memo_channel = names(lambda: {"web": gettext("컴퓨터"), "mobile": gettext("휴대전화"), "api": gettext("연계 시스템")})


def asked(todo: Told) -> str:
    """The badge of a to-do: what is asked of its receiver."""
    return gettext("답변 요청") if todo["role"] == "answer" else gettext("메모보고")


def delivery(receipt: Told) -> str:
    """How a memo stands with a receiver."""
    if receipt["answer"]:
        return memo_answer(receipt["answer"])
    return {"waiting": gettext("읽지 않음"), "read": gettext("읽음"), "recalled": pgettext("메모", "회수")}[
        receipt["state"]
    ]


# -- what happened ----------------------------------------------------------------------------------


def answered(params: Told) -> str:
    """A notice to the sender."""
    said = memo_answer(params["answer"])
    if params["text"]:
        return gettext("%(person)s: %(answer)s “%(text)s”", person=params["person"], answer=said, text=params["text"])
    return gettext("%(person)s: %(answer)s", person=params["person"], answer=said)


def forwarded(params: Told) -> str:
    """A notice to the sender."""
    return gettext("%(person)s 님이 전달: %(to)s", person=params["person"], to=_names(params))


def commented(params: Told) -> str:
    """A notice to who takes part."""
    return gettext("%(person)s 님의 댓글: “%(text)s”", person=params["person"], text=params["text"])


def recalled(params: Told) -> str:
    """A notice to who had not read it."""
    if params["reason"]:
        return gettext("%(person)s 님이 회수: “%(reason)s”", person=params["person"], reason=params["reason"])
    return gettext("%(person)s 님이 회수했습니다.", person=params["person"])


def escalated(params: Told) -> str:
    """A notice to the sender, and to who has not read it."""
    return gettext("%(person)s 님이 읽지 않아 %(to)s 님에게 전달했습니다.", person=params["from"], to=params["to"])


def unsent(params: Told) -> str:
    """A notice to the sender of one that was scheduled."""
    return gettext("받을 수 있는 사람이 없어 보내지 못했습니다. 작성 중인 메모에 있습니다.")


def _names(params: Told) -> str:
    named, more = ", ".join(params["to"][:3]), params["count"] - len(params["to"][:3])
    return ngettext("%(names)s 외 %(num)d명", "%(names)s 외 %(num)d명", more, names=named) if more > 0 else named


def step(told: Told) -> str:
    """An entry of the history, behind the name of its person."""
    params = told["params"]
    if told["code"] == "answered":
        return memo_answer(params["answer"])
    if told["code"] == "escalated":
        return escalated(params)
    by_code = {
        "sent": lambda: ngettext("%(num)d명에게 발송", "%(num)d명에게 발송", params["receivers"]),
        "forwarded": lambda: gettext("전달: %(to)s", to=_names(params)),
        "added": lambda: gettext("받는 사람 추가: %(to)s", to=_names(params)),
        "commented": lambda: gettext("댓글"),
        "recalled": lambda: gettext("회수: %(n)d명(읽은 %(kept)d명 제외)", n=params["recalled"], kept=params["kept"]),
        "unsent": lambda: gettext("받을 수 있는 사람이 없어 발송하지 못함"),
    }
    return by_code[told["code"]]()


def _about(words: Callable[[Told], str]) -> Callable[[Told], str]:
    """A notice that says of which memo it is, where it knows."""

    def said(params: Told) -> str:
        what = words(params)
        return gettext("‘%(title)s’: %(what)s", title=params["title"], what=what) if params.get("title") else what

    return said


NOTICES = {
    "answered": _about(answered),
    "forwarded": _about(forwarded),
    "commented": _about(commented),
    "recalled": _about(recalled),
    "escalated": _about(escalated),
    "unsent": _about(unsent),
}


# -- what is refused --------------------------------------------------------------------------------


def problems() -> dict[str, str]:
    """Sentences about a field that was refused."""
    return {
        "nobody": gettext("받을 수 있는 사람이 없습니다. 퇴직·전출자이거나 폐지된 부서입니다."),
        "only_yourself": gettext("본인에게만 보낼 수는 없습니다. 받는 사람을 추가해 주세요."),
        "dissolved_department": gettext("폐지된 부서입니다. 삭제하고 다른 부서를 선택해 주세요."),
        "unknown_department": gettext("찾을 수 없는 부서입니다."),
        "unknown_group": gettext("찾을 수 없는 그룹입니다."),
        "unknown_memo": gettext("찾을 수 없는 메모입니다."),
        "in_the_past": gettext("지금보다 나중의 일시를 선택해 주세요."),
        "too_far": gettext("1년 안의 일시를 선택해 주세요."),
    }


def refusals() -> dict[str, str]:
    """Why something was refused, in one sentence."""
    return {
        "no-forwarding": gettext("보낸 사람이 전달을 막아 둔 메모입니다. 보낸 사람에게 추가를 요청해 주세요."),
        "memo-recalled": gettext("보낸 사람이 회수한 메모입니다."),
        "recalled": gettext("이미 회수한 메모입니다."),
        "already-sent": gettext("이미 발송한 메모입니다."),
        "waits-to-be-sent": gettext("발송을 기다리는 메모입니다. 먼저 발송을 취소해 주세요."),
        "not-sent": gettext("아직 발송하지 않은 메모입니다."),
    }
