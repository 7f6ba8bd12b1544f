"""Requests in every state, for pages to show."""

from __future__ import annotations

from tests.browser.windows import titled
from tests.integration.product.cast import Cast

_DONE, _HALF = "붙임 양식으로 정리했습니다.", "절반쯤 모았습니다."
_MISSING, _LATE = "표가 한 줄 빠졌습니다.", "자료가 늦게 옵니다."
WRITTEN = (
    *(
        "예산 집행 자료 제출",
        "현장 점검 결과 보고",
        "주간 통계 정리",
        "과별 의견 취합",
        "월례 안전 점검",
        "민원 답변 초안",
    ),
    # And in the walks of test_browser_requests.py.
    *("현장 점검 결과", "선착순", "자료가 늦습니다.", "고맙습니다.", "붙임과 같습니다.", "다시 냅니다."),
    *(_DONE, _HALF, _MISSING, _LATE),
)
"""What people wrote into them, outside of their bodies."""


def stock(cast: Cast) -> dict[str, str]:
    """Makes the requests; what there is, by the names that places use."""
    drafter, reviewer, decider = (cast.api(role) for role in ("drafter", "reviewer", "decider"))
    me, other = {"person": cast.id("reviewer")}, {"person": cast.id("cooperator")}
    titles = list(map(titled, WRITTEN[:6]))

    def ask(title: str, **given: object) -> str:
        data = {
            "title": title,
            "assignees": [me],
            "body": "<p>붙임 양식으로 <strong>정리</strong>해 주세요.</p>",
            **given,
        }
        made: str = drafter.post("/requests", data, 201)["id"]
        return made

    def act(api: object, id_: str, act: str, **given: object) -> None:
        api.post(f"/requests/{id_}/acts", {"act": act, **given}, 200)  # type: ignore[attr-defined]

    asked = ask(titles[0], days=3, urgency=1)
    running = ask(titles[1], days=5, assignees=[me, other])
    act(reviewer, running, "accept")
    act(reviewer, running, "progress", percent=40, text=_HALF)
    act(reviewer, running, "extend", due="2099-05-08", reason=_LATE)
    reviewer.post(
        "/requests", {"title": titles[3], "assignees": [other], "parent": running, "weight": 3, "days": 2}, 201
    )
    sent_back = ask(titles[2], days=1, urgency=2)
    act(reviewer, sent_back, "accept")
    act(reviewer, sent_back, "hand_in", text=_DONE)
    act(drafter, sent_back, "send_back", reason=_MISSING)
    handed_in = ask(titles[5])
    act(reviewer, handed_in, "accept")
    act(reviewer, handed_in, "hand_in", text=_DONE)
    done = ask(titles[4], days=3)
    act(reviewer, done, "accept")
    act(reviewer, done, "hand_in", text=_DONE)
    act(drafter, done, "close")
    instruction = {"kind": "instruction", "title": titles[4], "assignees": [me], "days": 5}
    decider.post("/requests", instruction, 201)
    return {
        "asked": asked,
        "running": running,
        "sent_back": sent_back,
        "handed_in": handed_in,
        "boss": cast.id("decider"),
    }
