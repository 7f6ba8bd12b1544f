"""What happened with a document, in sentences: its history, and what differs between two versions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from flask import Flask
from flask_babel import gettext

from gateway.approval.words.decisions import role_name
from gateway.core import format as formats
from gateway.core.format import moment, size
from gateway.documents.words.codes import disclosure_name, retention_name, scope_name


def install(app: Flask) -> None:
    """Makes the sentences filters of the templates."""
    formats.add(app, history_words=history_words, field_name=field_name, field_lines=field_lines)


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
        return gettext("붙임을 삭제했습니다.")
    return gettext("고쳤습니다: %(fields)s", fields=names) if names else gettext("고쳤습니다.")


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
