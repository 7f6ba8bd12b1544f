"""What happened with a document, in sentences: its history, a decision's outcome, why one was refused, what differs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from flask import Flask
from flask_babel import gettext

from gateway.core.format import disclosure_name, moment, retention_name, role_name, scope_name, size
from shared.errors import Problem


def install(app: Flask) -> None:
    """Makes the sentences filters of the templates."""
    app.jinja_env.filters.update(
        history_words=history_words, field_name=field_name, field_lines=field_lines, refusal_words=refusal_words
    )


# -- history ----------------------------------------------------------------------------------------


def history(card: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The history (이력), the newest first: what the documents service tells, and each approval on the way."""
    return sorted([*card["history"], *_approvals(card)], key=lambda entry: str(moment(entry["at"])), reverse=True)


def _approvals(card: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Approvals of all submissions. The last one stands in the history as the registration."""
    for run in card["route"]["submissions"] if card["route"] else ():
        for step in run["steps"]:
            if step["state"] == "approved" and step["role"] in ("review", "cooperate"):
                told = {"role": step["role"], "opinion": step["opinion"]}
                at, person, version = step["decided_at"], step["person"], step["version"]
                yield {"at": at, "action": "approved", "person": person, "version": version, "detail": told}


def history_words(entry: Mapping[str, Any]) -> str:
    """One line of the history (이력) as a sentence without its subject, which is named beside it."""
    detail = entry["detail"]
    if entry["action"] in ("saved", "attached", "detached"):
        return _changed(entry["action"], detail.get("changed", ()))
    number, submission = detail.get("number", ""), detail.get("submission", 1)
    words = {
        "drafted": gettext("기안했습니다."),
        "approved": gettext("%(role)s 단계에서 승인했습니다.", role=role_name(detail.get("role", ""))),
        "submitted": gettext("상신했습니다.")
        if submission == 1
        else gettext("%(n)d번째로 상신했습니다.", n=submission),
        "returned": gettext("반려했습니다."),
        "withdrawn": gettext("회수했습니다."),
        "registered": gettext("결재해 %(number)s 번호로 등록되었습니다.", number=number),
        "deleted": gettext("지웠습니다."),
    }
    return words.get(entry["action"]) or str(entry["action"])


def _changed(action: str, fields: Any) -> str:
    names = ", ".join(field_name(field) for field in fields)
    if action == "attached":
        return gettext("파일을 붙였습니다.")
    if action == "detached":
        return gettext("붙임을 뺐습니다.")
    return gettext("고쳤습니다: %(fields)s", fields=names) if names else gettext("고쳤습니다.")


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


# -- versions ---------------------------------------------------------------------------------------


def field_name(field: str) -> str:
    """A field of a document by the name people know it by."""
    names = {
        "title": gettext("제목"),
        "body": gettext("본문"),
        "summary": gettext("문서요지"),
        "keywords": gettext("핵심어"),
        "form": gettext("서식"),
        "retention": gettext("보존기간"),
        "disclosure": gettext("공개구분"),
        "reading_scope": gettext("열람범위"),
        "folder": gettext("기록물철"),
        "recipients": gettext("수신자"),
        "sender_name": gettext("발신명의"),
        "line": gettext("결재선"),
        "attachments": gettext("붙임"),
    }
    return names.get(field, field)


def field_lines(value: Any, field: str, names: Mapping[str, str]) -> list[str]:
    """A field's value as people read it, a line for each of its parts; `names`: folders and forms by id."""
    if not value:
        return []
    if field == "line":
        return [f"{role_name(step['role'])} {_person(step['person'])}{_parallel(step)}" for step in value]
    if field == "recipients":
        return [recipient["name"] for recipient in value]
    if field == "attachments":
        return [f"{file['name']} ({size(file['size'])})" for file in value]
    if field == "keywords":
        return [", ".join(value)]
    if field == "disclosure":
        return [text for text in (disclosure_name(value), value.get("reason", "")) if text]
    plain = {"retention": retention_name, "reading_scope": scope_name}
    if field in plain:
        return [plain[field](value)]
    return [names.get(value, gettext("다른 것")) if field in ("folder", "form") else value]


def _person(person: Mapping[str, Any]) -> str:
    return f"{person['name']} {person['position']}"


def _parallel(step: Mapping[str, Any]) -> str:
    return gettext(" (동시)") if step["parallel"] else ""
