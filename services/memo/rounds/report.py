"""The collected report (의견수렴 보고) of a round: what goes up as a memo, with the round attached."""

from __future__ import annotations

from html import escape
from typing import Any

from services.memo.rounds import reading, rows
from services.memo.rounds.domain import answers, states
from shared.calendar import SEOUL
from shared.context import Context
from shared.db import Tx
from shared.errors import Conflict, Forbidden

_MOST_TEXTS = 500


def quote(tx: Tx, ctx: Context, id_: str) -> dict[str, Any]:
    """The report as the beginning of another text: title, clean HTML, the round it is of; for who asks.

    Raises `Conflict` while there are no results to see. It is in Korean, as papers are.
    """
    row, _ = rows.opened(tx, ctx, id_)
    if row.asker_id != ctx.person:
        raise Forbidden("asker")
    count = rows.answered(tx, id_)
    hidden = states.shown(row.state, row.anonymous, count) or ("still_open" if row.state == states.OPEN else "")
    if hidden:
        raise Conflict(hidden.replace("_", "-"))
    results = answers.counted(row.questions, reading.every(tx, row))
    body = "".join([_head(row, count), *map(_question, enumerate(results, 1))])
    return {"noun": "rounds", "subject": id_, "title": f"의견수렴 결과: {row.title}"[:300], "body": body, "files": []}


def _head(row: Any, count: int) -> str:
    """Who was asked, and how many answered."""
    until = row.closes_at.astimezone(SEOUL)
    named = ", ".join(each["name"] for each in row.departments)
    asked = f"{named} 등 {row.asked}명" if named else f"{row.asked}명"
    lines = (
        f"대상: {asked}",
        f"응답: {count}명({count / row.asked:.0%})",
        f"방법: {'익명' if row.anonymous else '기명'}",
        f"기한: {until.year}. {until.month}. {until.day}. {until:%H:%M}",
    )
    return "".join(f"<p>{escape(line)}</p>" for line in lines)


def _question(numbered: tuple[int, dict[str, Any]]) -> str:
    number, result = numbered
    head = f"<h3>{number}. {escape(result['words'])}</h3>"
    if result["kind"] == "text":
        said = "".join(f"<li>{_lines(text)}</li>" for text in result["texts"][:_MOST_TEXTS])
        return head + (f"<ul>{said}</ul>" if said else "<p>응답 없음</p>")
    cells = "".join(f"<tr><td>{escape(each['option'])}</td><td>{each['count']}</td></tr>" for each in result["counts"])
    return f"{head}<table><thead><tr><th>답</th><th>응답 수</th></tr></thead><tbody>{cells}</tbody></table>"


def _lines(text: str) -> str:
    return "<br>".join(escape(line) for line in text.split("\n"))
