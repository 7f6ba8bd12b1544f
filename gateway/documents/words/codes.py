"""Codes of documents in words: states, classes, periods, what happened, what is wrong with a field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask
from flask_babel import gettext, ngettext

from gateway.core import format as formats
from gateway.core.format import names


def install(app: Flask) -> None:
    """Makes the names filters of the templates."""
    formats.add(app, state_name=state_name, class_name=class_name, disclosure_name=disclosure_name)
    formats.add(app, retention_name=retention_name, scope_name=scope_name)


def states() -> dict[str, str]:
    """How a document stands, by code."""
    return {
        "draft": gettext("기안 중"),
        "in_approval": gettext("결재 중"),
        "returned": gettext("반려"),
        "approved": gettext("결재 완료"),
        "withdrawn": gettext("회수"),
    }


state_name = names(states)
class_name = names(
    lambda: {"open": gettext("공개"), "partly_open": gettext("부분공개"), "closed": gettext("비공개")},
)
retention_name = names(
    lambda: {
        **{str(n): ngettext("%(num)d년", "%(num)d년", n) for n in (1, 3, 5, 10, 30)},
        "semi_permanent": gettext("준영구"),
        "permanent": gettext("영구"),
    }
)
scope_name = names(
    lambda: {
        "route": gettext("보고경로"),
        "department": gettext("부서"),
        "organisation": gettext("기관"),
    }
)


def disclosure_name(value: dict[str, Any] | None) -> str:
    """`공개`, `부분공개(6)`, `비공개(5,6)`: as printed on a document."""
    if not value:
        return ""
    clauses = ",".join(str(clause) for clause in value.get("clauses", ()))
    return class_name(value.get("class", "open")) + (f"({clauses})" if clauses else "")


# -- what happened ----------------------------------------------------------------------------------


def _title(params: Mapping[str, Any]) -> str:
    return params.get("title") or gettext("문서")


def registered(params: Mapping[str, Any]) -> str:
    """A notice (알림) of a number."""
    title, number = _title(params), params.get("number") or ""
    return gettext("‘%(title)s’ 결재가 끝나 %(number)s 번호로 등록되었습니다.", title=title, number=number)


def approved(params: Mapping[str, Any]) -> str:
    """A notice of the last decision."""
    return gettext("‘%(title)s’ 결재가 끝났습니다.", title=_title(params))


def returned(params: Mapping[str, Any]) -> str:
    """A notice of a return."""
    return gettext("‘%(title)s’ 문서가 반려되었습니다.", title=_title(params))


def withdrawn(params: Mapping[str, Any]) -> str:
    """A notice of a withdrawal."""
    return gettext("‘%(title)s’ 문서를 기안자가 회수했습니다.", title=_title(params))


def problems() -> dict[str, str]:
    """What is wrong with a field of a document or an approval line."""
    return {
        "unknown_form": gettext("없는 서식입니다. 다시 선택해 주세요."),
        "unknown_folder": gettext("찾을 수 없는 기록물철입니다. 다시 선택해 주세요."),
        "not_for_open": gettext("공개 문서에는 비공개 조항을 두지 않습니다."),
        "clauses_required": gettext("비공개 조항을 하나 이상 선택해 주세요."),
        "no_decider": gettext("결재할 사람이 없습니다. 마지막 사람의 역할을 결재로 바꿔 주세요."),
        "several_deciders": gettext("결재하는 사람은 한 명이어야 합니다."),
        "decider_not_last": gettext("결재하는 사람이 마지막이어야 합니다."),
        "duplicate_person": gettext("같은 사람이 두 번 있습니다. 하나만 남겨 주세요."),
        "parallel_without_cooperate": gettext("동시 협조는 협조 바로 다음의 협조에만 쓸 수 있습니다."),
    }
