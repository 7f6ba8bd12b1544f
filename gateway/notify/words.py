"""Notifications in sentences: levels, outcomes, and why something was refused."""

from __future__ import annotations

from flask import Flask
from flask_babel import gettext

from gateway.core import format as formats
from gateway.core.format import names


def install(app: Flask) -> None:
    """Makes the sentences filters of the templates."""
    formats.add(app, level_name=level_name, outcome_name=outcome_name, channel_name=channel_name)


level_name = names(
    lambda: {"now": gettext("바로"), "digest": gettext("하루 한 번"), "never": gettext("받지 않음")},
)
channel_name = names(lambda: {"mail": gettext("전자우편"), "push": gettext("브라우저 알림")})
outcome_name = names(
    lambda: {
        "bounced": gettext("없는 주소"),
        "refused": gettext("메일 서버가 거부"),
        "gone": gettext("구독이 끝난 브라우저"),
        "nobody": gettext("보낼 곳 없음"),
        "failed": gettext("여러 번 시도했으나 실패"),
    }
)


def problems() -> dict[str, str]:
    """What is wrong with a field of the settings."""
    return {
        "not_a_push_service": gettext("쓸 수 없는 푸시 서비스입니다."),
        "not_a_time": gettext("시각을 입력해 주세요. 예: 22:00"),
    }


def refusals() -> dict[str, str]:
    """Why an act was refused, in one sentence."""
    return {"too-many-devices": gettext("브라우저는 20개까지 등록할 수 있습니다. 쓰지 않는 것을 먼저 삭제해 주세요.")}
