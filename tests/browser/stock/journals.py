"""Journals for pages to show and to be written in."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from tests.browser.windows import titled
from tests.integration.product.cast import Cast

WRITTEN = (
    *(
        "기계실 점검일지",
        "지하 2층 기계실",
        "출입문 잠금",
        "펌프 압력",
        "누수 여부",
        "양호",
        "누수",
        "특이 사항",
        "현장 사진",
    ),
    *("점검 위치", "점검자 서명", "펌프", "운전 상태", "잠기지 않음", "매일 아침 확인합니다.", "처음 만듦", "홍길동"),
    "빠진 일지가 있습니다.",
)
"""What is written into them."""

FIELDS: list[dict[str, Any]] = [
    {"key": "door", "type": "check", "label": "출입문 잠금"},
    {"key": "leak", "type": "choice", "label": "누수 여부", "options": ["양호", "누수"], "abnormal": ["누수"]},
    {"key": "pressure", "type": "number", "label": "펌프 압력", "unit": "bar", "low": "2", "high": "4"},
    {"key": "note", "type": "text", "label": "특이 사항"},
    {"key": "photo", "type": "photo", "label": "현장 사진"},
    {"key": "spot", "type": "place", "label": "점검 위치"},
    {"key": "sign", "type": "signature", "label": "점검자 서명"},
    {
        "key": "pumps",
        "type": "group",
        "label": "펌프",
        "fields": [{"key": "runs", "type": "check", "label": "운전 상태"}],
    },
]
WELL: dict[str, Any] = {"door": {"result": "normal"}}
BAD: dict[str, Any] = {"door": {"result": "abnormal", "note": "잠기지 않음"}, "pressure": "4.50"}


def journal(cast: Cast, fields: list[dict[str, Any]] | None = None, **changes: Any) -> str:
    """A journal in use that the drafter and the cooperator write every day, and the reviewer verifies."""
    writers = [f"person:{cast.id(role)}" for role in ("drafter", "cooperator")]
    settings = {"title": titled(WRITTEN[0]), "about": WRITTEN[14], "fields": fields or FIELDS, "writers": writers}
    settings |= {"schedule": {"kind": "day", "days": "every", "opens": "00:00"}, "verifiers": [cast.id("reviewer")]}
    made: str = cast.api("admin").post("/journals", {**settings, **changes}, 201)["id"]
    cast.api("admin").post(f"/journals/{made}/form", {"note": WRITTEN[15]}, 200)
    return made


def write(cast: Cast, journal: str, role: str = "drafter", **body: Any) -> str:
    """An entry; its id."""
    id_ = str(uuid4())
    asked = {"journal": journal, "values": WELL, **body}
    answer = cast.api(role).call("PUT", f"/journals/entries/{id_}", asked)
    assert answer.status_code == 200, answer.text
    return id_


def stock(cast: Cast) -> dict[str, str]:
    """Journals in which something was written, found and verified."""
    made, blank = journal(cast), journal(cast)
    place = cast.api("admin").post(f"/journals/{made}/places", {"name": WRITTEN[1]}, 201)
    signed = {"sign": {"name": WRITTEN[16], "strokes": [[0, 0, 500, 500, 900, 200]]}, "pumps": [{"runs": WELL["door"]}]}
    entry = write(cast, made, values={**BAD, **signed})
    verified = write(cast, made, "cooperator")
    decided = {"version": 1, "act": "verify"}
    assert cast.api("reviewer").call("POST", f"/journals/entries/{verified}/decisions", decided).ok
    months = f"/journals/{blank}/months/2026-02"
    for path, method, body in (("signature", "PUT", None), ("reopening", "POST", {"reason": WRITTEN[-1]})):
        assert cast.api("reviewer").call(method, f"{months}/{path}", body).ok
    assert cast.api("reviewer").call("PUT", f"{months}/signature").ok
    month = cast.drafter.get(f"/journals/entries/{entry}")["day"][:7]
    found = {"journal": made, "journal_blank": blank, "journal_entry": entry, "journal_month": month}
    return found | {"journal_place": place["id"], "journal_code": place["code"]}
