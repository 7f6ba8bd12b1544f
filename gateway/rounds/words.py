"""Opinion rounds in sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask
from flask_babel import gettext, pgettext

from gateway.core import format as formats
from gateway.core.format import names


def install(app: Flask) -> None:
    """Makes the sentences filters of the templates."""
    formats.add(
        app, round_state_name=state_name, round_mine_name=mine_name, round_hidden=hidden_words, question_kind=kind_name
    )


def states() -> dict[str, str]:
    """How a round stands."""
    return {
        "open": pgettext("의견수렴", "진행 중"),
        "closed": pgettext("의견수렴", "마감"),
        "withdrawn": gettext("철회"),
    }


state_name = names(states)
mine_name = names(
    lambda: {
        "asker": gettext("내가 요청"),
        "waiting": gettext("응답 전"),
        "answered": gettext("응답함"),
        "missed": gettext("응답하지 않음"),
    }
)
kind_name = names(
    lambda: {"choice": gettext("하나 선택"), "several": gettext("여러 개 선택"), "text": gettext("서술형")}
)
hidden_words = names(
    lambda: {
        "still_open": gettext("익명 의견수렴의 결과는 마감한 뒤에 볼 수 있습니다."),
        "too_few": gettext("응답자가 5명 미만이어서 누구의 응답인지 드러날 수 있으므로 결과를 표시하지 않습니다."),
        "withdrawn": gettext("철회된 의견수렴입니다."),
    }
)


def _title(params: Mapping[str, Any]) -> str:
    return params.get("title") or gettext("의견수렴")


def asked(_todo: Mapping[str, Any]) -> str:
    """What a to-do asks."""
    return gettext("의견 응답")


def reminded(params: Mapping[str, Any]) -> str:
    """A notice of an end that is near."""
    until = formats.stamp(params.get("until"))
    return gettext("‘%(title)s’ 의견수렴이 %(until)s에 마감됩니다.", title=_title(params), until=until)


def closed(params: Mapping[str, Any]) -> str:
    """A notice that the results are there."""
    return gettext("‘%(title)s’ 의견수렴이 마감되었습니다. 결과를 확인해 주세요.", title=_title(params))


def withdrawn(params: Mapping[str, Any]) -> str:
    """A notice that nobody is asked any more."""
    return gettext("‘%(title)s’ 의견수렴이 철회되었습니다.", title=_title(params))


def extended(params: Mapping[str, Any]) -> str:
    """A notice to who came too late."""
    told = {"title": _title(params), "until": formats.stamp(params.get("until"))}
    return gettext("‘%(title)s’ 의견수렴 기한이 %(until)s까지 연장되었습니다. 다시 응답할 수 있습니다.", **told)


def commented(params: Mapping[str, Any]) -> str:
    """A notice of a comment."""
    return gettext(
        "%(name)s 님이 ‘%(title)s’에 의견을 등록했습니다.", name=params.get("person", ""), title=_title(params)
    )


def problems() -> dict[str, str]:
    """What is wrong with a field of a round or an answer."""
    return {
        "too_few": gettext("익명으로 응답받으려면 대상자가 5명 이상이어야 합니다."),
        "too_late": gettext("기한은 1년 안으로 정해 주세요."),
        "not_a_choice": gettext("선택지에서 선택해 주세요."),
        "unknown_question": gettext("없는 질문입니다. 새로 고쳐 주세요."),
        "twice": gettext("같은 질문에 두 번 응답했습니다."),
        "unknown_department": gettext("찾을 수 없는 부서입니다. 다시 선택해 주세요."),
        "unknown_group": gettext("찾을 수 없는 그룹입니다. 다시 선택해 주세요."),
        "dissolved": gettext("폐지된 부서가 있습니다. 삭제하고 다시 선택해 주세요."),
    }


def refusals() -> dict[str, str]:
    """Why an act was refused, in one sentence."""
    return {
        "round-closed": gettext("마감된 의견수렴입니다. 입력한 응답은 이 화면에 그대로 있습니다."),
        "round-withdrawn": gettext("철회된 의견수렴입니다."),
        "round-anonymous": gettext("익명 의견수렴에는 이름이 드러나는 의견을 등록할 수 없습니다."),
        "results-shown": gettext("결과를 이미 본 익명 의견수렴은 연장할 수 없습니다."),
        "still-open": gettext("마감한 뒤에 보고할 수 있습니다."),
        "too-few": gettext("응답이 너무 적어 결과를 보고할 수 없습니다."),
    }
