"""Approval in sentences: roles and states of steps, decisions and why one was refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask
from flask_babel import gettext

from gateway.core import format as formats
from gateway.core.format import names
from shared.errors import Problem


def install(app: Flask) -> None:
    """Makes the sentences filters of the templates."""
    formats.add(app, step_state_name=step_state_name, role_name=role_name, refusal_words=refusal_words)


step_state_name = names(
    lambda: {
        "waiting": gettext("대기"),
        "active": gettext("진행 중"),
        "approved": gettext("승인"),
        "returned": gettext("반려"),
        "skipped": gettext("생략"),
    }
)
role_name = names(
    lambda: {
        "draft": gettext("기안"),
        "review": gettext("검토"),
        "cooperate": gettext("협조"),
        "decide": gettext("결재"),
        "revise": gettext("수정"),
    }
)


def asked(todo: Mapping[str, Any]) -> str:
    """What a to-do asks for: the role in which its person is to decide."""
    return role_name(todo["role"])


def refusals() -> dict[str, str]:
    """Why a decision was refused, in one sentence."""
    return {
        "not-your-turn": gettext("지금은 내 차례가 아닙니다."),
        "already-decided": gettext("이미 결정한 문서입니다. 먼저 한 결정이 그대로 남아 있습니다."),
        "process-ended": gettext("그 사이에 결재가 끝났거나 회수되었습니다."),
        "other-version": gettext("그 사이에 내용이 바뀌었습니다. 바뀐 내용을 확인하고 다시 결정해 주세요."),
        "too-late-to-withdraw": gettext("이미 결정한 사람이 있어 회수할 수 없습니다."),
    }


# -- decisions --------------------------------------------------------------------------------------


def outcome(action: str, state: str) -> str:
    """What a decision brought about; `state` is the route's after it."""
    if action == "return":
        return gettext("반려했습니다. 의견과 함께 기안자에게 돌아갔습니다.")
    if state == "approved":
        return gettext("승인했습니다. 결재가 끝났습니다.")
    return gettext("승인했습니다. 다음 차례로 넘어갔습니다.")


def refusal_words(problem: Problem) -> dict[str, str]:
    """Why a decision or a withdrawal was refused (`title`), and what to do (`text`)."""
    nothing = gettext("결정한 것은 없습니다. 아래는 지금의 문서입니다.")
    by_slug = {
        "not-your-turn": (gettext("지금은 내 차례가 아닙니다"), nothing),
        "already-decided": (gettext("이미 결정한 문서입니다"), gettext("먼저 한 결정이 그대로 남아 있습니다.")),
        "process-ended": (gettext("그 사이에 결재가 끝났거나 회수되었습니다"), nothing),
        "other-version": (
            gettext("그 사이에 내용이 바뀌었습니다"),
            gettext("결정한 것은 없습니다. 바뀐 내용을 확인하고 다시 결정해 주세요."),
        ),
        "too-late-to-withdraw": (
            gettext("이미 결정한 사람이 있어 회수할 수 없습니다"),
            gettext("고칠 것이 있으면 결재할 사람에게 반려해 달라고 하세요."),
        ),
        "idempotency-key-reused": (
            gettext("앞서 누른 것이 이미 처리되었습니다"),
            gettext("아래는 지금의 문서입니다. 확인해 주세요."),
        ),
        "unavailable": (
            gettext("결재 서비스가 잠시 응답하지 않습니다"),
            gettext("쓰신 의견은 그대로 있습니다. 다시 눌러 주세요. 여러 번 눌러도 한 번만 처리됩니다."),
        ),
    }
    title, text = by_slug.get(problem.slug, (gettext("지금은 할 수 없습니다"), nothing))
    return {"title": title, "text": text}
