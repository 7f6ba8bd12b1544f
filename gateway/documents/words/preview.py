"""What a submission will bring about, what stands in its way, what may have been overlooked: codes into sentences."""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask_babel import gettext

from gateway.approval.words.decisions import role_name
from gateway.core import format as formats
from gateway.documents.words.codes import retention_name

Told = dict[str, Any]
"""`{code, params}`, with `field` for problems and warnings."""


def install(app: Flask) -> None:
    """Makes the sentences filters of the templates."""
    formats.add(
        app,
        will_words=will_words,
        will_icon=will_icon,
        obstacle_words=obstacle_words,
        warning_words=warning_words,
        place_of=place_of,
        clause_name=clause_name,
    )


def clause_name(clause: int) -> str:
    """The short name of a clause of OIA article 9 (1)."""
    names = (
        gettext("법령에 따른 비밀"),
        gettext("국가안보·외교"),
        gettext("생명·신체·재산 보호"),
        gettext("재판·수사"),
        gettext("감사·의사결정·내부검토"),
        gettext("개인정보"),
        gettext("법인의 영업비밀"),
        gettext("부동산 투기 등"),
    )
    return names[clause - 1]


def will_words(told: Told) -> str:
    """One thing that will happen, as a sentence."""
    params = told["params"]
    if told["code"] in ("goes_to", "then_goes_to"):
        return _goes_to(told["code"], params)
    if told["code"] == "for_dispatch":
        return _dispatch(params)
    series, clauses = params.get("series", ""), ", ".join(str(clause) for clause in params.get("clauses", ()))
    words = {
        "summary_derived": gettext("문서요지를 본문에서 채웁니다: “%(summary)s”", summary=params.get("summary", "")),
        "keywords_derived": gettext(
            "핵심어를 제목에서 채웁니다: %(keywords)s", keywords=", ".join(params.get("keywords", ()))
        ),
        "then_registered_as": gettext(
            "결재가 끝나면 %(year)s년 %(series)s의 다음 번호(%(series)s-○)로 등록됩니다.",
            year=params.get("year", ""),
            series=series,
        ),
        "internal": gettext("수신자가 없는 내부결재 문서입니다. 밖으로 나가지 않습니다."),
        "will_be_published": gettext("공개 문서입니다. 등록되면 누구나 볼 수 있게 공개됩니다."),
        "will_be_published_partly": gettext(
            "부분공개 문서입니다. 제%(clauses)s호에 해당하는 부분을 제외하고 공개됩니다.", clauses=clauses
        ),
        "will_not_be_published": gettext("비공개 문서입니다(제%(clauses)s호). 공개되지 않습니다.", clauses=clauses),
        "kept_for": gettext("보존기간은 %(period)s입니다.", period=retention_name(params.get("retention", ""))),
    }
    return words.get(told["code"]) or str(told["code"])


def _goes_to(code: str, params: Told) -> str:
    person, role = params["person"], role_name(params["role"])
    who = {"name": person["name"], "position": person["position"], "department": person["department"], "role": role}
    if params["parallel"]:
        return gettext("같은 때에 %(department)s %(name)s %(position)s에게도 %(role)s를 요청합니다.", **who)
    if code == "goes_to":
        return gettext("바로 %(department)s %(name)s %(position)s에게 %(role)s를 요청합니다.", **who)
    return gettext("이어서 %(department)s %(name)s %(position)s에게 %(role)s를 요청합니다.", **who)


def _dispatch(params: Told) -> str:
    names, more = params["recipients"][:3], len(params["recipients"]) - 3
    listed = ", ".join(names)
    if more > 0:
        listed = gettext("%(names)s 외 %(n)d곳", names=listed, n=more)
    return gettext(
        "결재가 끝나면 %(recipients)s에 보낼 문서로 발송을 기다립니다. 발신명의는 %(sender)s입니다.",
        recipients=listed,
        sender=params["sender_name"] or gettext("아직 없음"),
    )


def will_icon(told: Told) -> str:
    """The icon beside a sentence about what will happen."""
    icons = {
        "goes_to": "send",
        "then_goes_to": "arrow-right",
        "then_registered_as": "book-text",
        "for_dispatch": "mail",
        "internal": "building-2",
        "kept_for": "archive",
        "will_not_be_published": "lock",
    }
    return icons.get(told["code"], "globe" if told["code"].startswith("will_be") else "sparkles")


def obstacle_words(told: Told) -> str:
    """What stands in the way of a submission, and what to do."""
    sender = told["field"] == "sender_name"
    words = {
        "title": gettext("제목을 써 주세요."),
        "body": gettext("본문을 써 주세요."),
        "sender_name": gettext("수신자가 있는 문서에는 발신명의가 있어야 합니다."),
        "required": gettext("결재선에 결재할 사람을 넣어 주세요."),
        "no_decider": gettext("결재선에 결재할 사람이 없습니다. 마지막 사람의 역할을 결재로 바꿔 주세요."),
        "several_deciders": gettext("결재하는 사람은 한 명이어야 합니다."),
        "decider_not_last": gettext("결재하는 사람이 결재선의 마지막이어야 합니다."),
        "unknown_person": gettext("결재선에 찾을 수 없는 직원이 있습니다. 삭제하고 다시 추가해 주세요."),
        "inactive_person": gettext("결재선에 더는 일하지 않는 사람이 있습니다. 다른 사람으로 바꿔 주세요."),
        "duplicate_person": gettext("결재선에 같은 사람이 두 번 있거나 기안자가 들어 있습니다."),
        "parallel_without_cooperate": gettext("동시 협조는 협조 바로 다음의 협조에만 쓸 수 있습니다."),
    }
    known = words.get(told["field"] if told["field"] in ("title", "body") or sender else told["code"])
    return known or gettext("다시 확인해 주세요. (%(code)s)", code=told["code"])


def warning_words(told: Told) -> str:
    """What the drafter may have overlooked; it does not stand in the way."""
    count = told["params"].get("count", 0)
    words = {
        "personal_data_published": gettext(
            "공개 문서에 주민등록번호로 보이는 번호가 %(n)d개 있습니다. 삭제하거나 공개구분을 변경해 주세요.", n=count
        ),
        "personal_data": gettext("주민등록번호로 보이는 것이 %(n)d개 있습니다. 꼭 필요한지 확인해 주세요.", n=count),
        "attachment_mentioned": gettext("본문에 붙임이 적혀 있는데 붙인 파일이 없습니다."),
        "no_sender_on_internal": gettext("내부결재 문서에는 발신명의를 쓰지 않습니다."),
    }
    return words.get(told["code"]) or str(told["code"])


def place_of(told: Told) -> str:
    """The id of the place on the page where the thing is put right."""
    places = {"line": "people"}
    field = str(told["field"]).split(".")[0]
    return places.get(field, field)
