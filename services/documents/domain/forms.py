"""서식: what a new draft starts with. A tenant may replace these or add its own."""

from __future__ import annotations

from typing import Any

_OPEN = {"class": "open", "clauses": [], "reason": ""}


def _items(*paragraphs: str) -> str:
    return "".join(f"<p>{text}</p>" for text in paragraphs)


def _form(id_: str, name: str, retention: str, body: str) -> dict[str, Any]:
    return {"id": id_, "name": name, "body": body, "retention": retention, "disclosure": _OPEN}


_MEETING = (
    "<table><tbody>"
    "<tr><th>회의명</th><td></td><th>주재</th><td></td></tr>"
    "<tr><th>일시</th><td></td><th>장소</th><td></td></tr>"
    '<tr><th>참석자</th><td colspan="3"></td></tr>'
    "</tbody></table>"
)

# Items are numbered 1. 가. 1) 가), attachments follow, `끝.` closes the text [Reg 7].
DEFAULTS: dict[str, dict[str, Any]] = {
    form["id"]: form
    for form in (
        _form(
            "general",
            "일반기안",
            "5",
            _items(
                "1. 관련: ", "2. 위와 관련하여 다음과 같이 시행하고자 합니다.", "가. 목적: ", "나. 내용: ", "다. 일정: "
            )
            + _items("붙임  1부.  끝."),
        ),
        _form(
            "internal",
            "내부결재",
            "3",
            _items("다음과 같이 처리하고자 합니다.", "1. 추진 배경: ", "2. 주요 내용", "가. ", "나. ", "3. 소요 예산: ")
            + _items("4. 향후 계획:   끝."),
        ),
        _form(
            "report",
            "보고서",
            "5",
            "<h2>1. 보고 개요</h2><p></p><h2>2. 현황</h2><p></p><h2>3. 문제점 및 검토 의견</h2><p></p>"
            "<h2>4. 조치 계획</h2><p></p>" + _items("붙임  1부.  끝."),
        ),
        _form(
            "minutes",
            "회의결과 보고",
            "5",
            _items("회의 결과를 다음과 같이 보고합니다.", "1. 회의 개요")
            + _MEETING
            + _items("2. 안건", "가. ", "3. 논의 내용", "가. ", "4. 결정 사항", "가. ", "5. 후속 조치")
            + _items("가. 담당:   기한:   끝."),
        ),
        _form(
            "cooperation",
            "협조요청",
            "3",
            _items(
                "1. 관련: ", "2. 다음 사항의 협조를 요청하오니 기한까지 회신하여 주시기 바랍니다.", "가. 협조 내용: "
            )
            + _items("나. 회신 기한: ", "다. 담당자: ", "붙임  1부.  끝."),
        ),
    )
}
DEFAULT = "general"
