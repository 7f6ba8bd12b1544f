"""Error pages: what happened, what to do, and the request's id for whoever is asked for help."""

from __future__ import annotations

from flask import g, render_template, request
from flask_babel import gettext

from gateway.core import nouns
from shared.errors import Problem


def page(problem: Problem) -> tuple[str, int, dict[str, str]]:
    """The page for a problem. It asks no service, so that it can be shown when all are away."""
    headers = {}
    if retry_after := problem.extra.get("retry_after"):
        headers["Retry-After"] = str(retry_after)
    retry = request.full_path if request.method == "GET" and problem.status in (429, 500, 503) else ""
    body = render_template(
        "error.html", status=problem.status, words=words(problem), retry=retry, request_id=g.get("request_id", "")
    )
    return body, problem.status, headers


def words(problem: Problem) -> dict[str, str]:
    """What happened (`title`) and what to do (`text`)."""
    by_status = {
        400: (gettext("요청을 이해하지 못했습니다"), gettext("앞 화면으로 돌아가 다시 해 주세요.")),
        403: (
            gettext("볼 수 없는 화면입니다"),
            gettext("권한이 필요하면 문서의 기안자나 기관 관리자에게 물어보세요."),
        ),
        404: (
            gettext("찾는 것이 없습니다"),
            gettext("주소가 바뀌었거나 지워졌거나, 볼 수 없는 문서일 수 있습니다. 문서함에서 찾아보세요."),
        ),
        409: (
            gettext("지금은 할 수 없습니다"),
            gettext("그 사이에 상태가 바뀌었습니다. 문서를 다시 열어 확인해 주세요."),
        ),
        412: (
            gettext("그 사이에 다른 사람이 고쳤습니다"),
            gettext("다시 열어 지금 내용을 보고 고쳐 주세요. 덮어쓴 것은 없습니다."),
        ),
        413: (gettext("너무 큽니다"), gettext("파일이나 내용을 나누어 다시 올려 주세요.")),
        422: (gettext("입력한 것을 확인해 주세요"), gettext("바뀐 것은 없습니다. 앞 화면으로 돌아가 고쳐 주세요.")),
        429: (gettext("요청이 너무 많습니다"), gettext("잠시 쉬었다가 다시 해 주세요.")),
        503: (
            gettext("잠시 응답이 없습니다"),
            gettext("저장된 것은 그대로 있습니다. 몇 초 뒤에 다시 해 주세요."),
        ),
    }
    ours = (
        gettext("문제가 생겼습니다"),
        gettext("잘못하신 것이 아닙니다. 다시 해 보고, 그래도 안 되면 아래 번호를 알려 주세요."),
    )
    title, text = by_status.get(problem.status, ours)
    if refused := _refusals().get(problem.slug):
        title, text = refused, gettext("바뀐 것은 없습니다. 앞 화면으로 돌아가 주세요.")
    return {"title": title, "text": text}


def _refusals() -> dict[str, str]:
    """What the nouns say of acts that were refused."""
    found: dict[str, str] = {}
    for noun in nouns.all_nouns():
        found |= noun.refusals()
    return found


def form_words(problem: Problem) -> str:
    """One sentence above a form that was refused."""
    by_slug = {
        "invalid": gettext("표시된 항목을 수정해 주세요."),
        "stale": gettext("그 사이에 다른 사람이 고쳤습니다. 다시 열어 확인해 주세요."),
        "too-slow": gettext("내용이 너무 복잡해서 처리하지 못했습니다. 나누거나 줄여서 다시 해 주세요."),
        "too-hard": gettext("내용이 너무 커서 처리하지 못했습니다. 나누거나 줄여서 다시 해 주세요."),
    }
    return (by_slug | _refusals()).get(problem.slug) or words(problem)["title"]
