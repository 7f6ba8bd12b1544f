"""Opinion rounds for pages to show."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.browser.windows import titled
from tests.integration.product.cast import Cast

WRITTEN = (
    *("점심시간 조정 의견", "청사 흡연구역 의견", "점심시간을 앞당길까요?", "이유를 적어 주십시오."),
    *("찬성", "반대", "붐비지 않습니다.", "언제 시작합니까?"),
)
"""What is written into them."""
QUESTIONS: list[dict[str, Any]] = [
    {"kind": "choice", "words": WRITTEN[2], "options": list(WRITTEN[4:6])},
    {"kind": "text", "words": WRITTEN[3], "required": False},
]


def stock(cast: Cast) -> dict[str, str]:
    """Makes an open round and an anonymous one; what there is, by the names that places use."""
    closes_at = (datetime.now(UTC) + timedelta(days=2)).isoformat()
    people = [cast.id(role) for role in ("reviewer", "cooperator", "decider", "executive", "clerk")]

    def started(words: str, **more: Any) -> str:
        asked = {"title": titled(words), "questions": QUESTIONS, "people": people, "closes_at": closes_at}
        made: str = cast.drafter.post("/rounds", {**asked, **more}, 201)["id"]
        return made

    opened, anonymous = started(WRITTEN[0], late="comment"), started(WRITTEN[1], anonymous=True)
    answers = [{"question": 0, "value": [WRITTEN[4]]}, {"question": 1, "value": [WRITTEN[6]]}]
    cast.api("reviewer").post(f"/rounds/{opened}/answers", {"answers": answers}, 200)
    return {"round": opened, "anonymous_round": anonymous}
