"""Memos in every state, for pages to show."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tests.browser.windows import titled
from tests.integration.product.cast import Cast

WRITTEN = (
    *("청사 점검 결과 보고", "정전 상황 보고", "잘못 보낸 보고", "내일 보낼 보고", "작성 중인 보고"),
    *("내용을 확인했습니다.", "오늘 안에 처리하세요.", "사진도 추가해 주세요.", "수치가 틀렸습니다.", "일일 점검"),
)
"""What people wrote into the memos, outside of their bodies."""
_BODY = "<p>본관 2층 누수를 점검했습니다.</p><ul><li><p>보수 일정: 3월 5일</p></li><li><p>예산: 250만원</p></li></ul>"


def stock(cast: Cast) -> dict[str, str]:
    """Makes the memos in one tenant; what there is, by the names that the places of memos use."""
    drafter, reviewer, to = cast.drafter, cast.api("reviewer"), [cast.id("reviewer"), cast.id("cooperator")]

    def sent(words: str, **more: object) -> str:
        made: str = drafter.post("/memos", {"to": to, "title": titled(words), "body": _BODY, **more}, 201)["id"]
        return made

    memo = sent(WRITTEN[0], asks=True)
    reviewer.post(f"/memos/{memo}/answers", {"answer": "opinion", "text": WRITTEN[5]}, 200)
    reviewer.post(f"/memos/{memo}/answers", {"answer": "instructed", "text": WRITTEN[6]}, 200)
    said = {"text": WRITTEN[7], "mentions": [cast.id("cooperator")]}
    comment = reviewer.post(f"/memos/{memo}/comments", said, 201)["id"]
    urgent = sent(WRITTEN[1], kind="urgent")
    recalled = sent(WRITTEN[2])
    reviewer.post(f"/memos/{recalled}/reading", {}, 200)
    drafter.post(f"/memos/{recalled}/recall", {"reason": WRITTEN[8]}, 200)
    later = sent(WRITTEN[3], send_at=(datetime.now(UTC) + timedelta(days=1)).isoformat())
    draft = drafter.post("/memos/drafts", {"to": to, "title": titled(WRITTEN[4]), "body": _BODY, "asks": True}, 201)
    drafter.post("/memo-templates", {"name": WRITTEN[9], "title": titled(WRITTEN[0]), "body": _BODY}, 201)
    return {
        "memo": memo,
        "comment": comment,
        "memo_urgent": urgent,
        "memo_recalled": recalled,
        "memo_later": later,
        "memo_draft": draft["id"],
    }
