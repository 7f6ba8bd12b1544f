"""A report as the beginning of another text: what goes up as a memo, with the report attached."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

from services.memo.weekly import rows
from services.memo.weekly.domain import lines as rules
from services.memo.weekly.domain import states
from services.memo.weekly.domain.lines import Line
from shared.context import Context
from shared.db import Tx
from shared.errors import Conflict

_WORDS = {
    "week": {"this": "이번 주", "next": "다음 주", "remarks": "비고"},
    "month": {"this": "이번 달", "next": "다음 달", "remarks": "비고"},
}


def quote(tx: Tx, ctx: Context, id_: str) -> dict[str, Any]:
    """Title, clean HTML and the report it is of. Raises `Conflict` before it is handed in. In Korean, as papers are."""
    row = rows.opened(tx, ctx, id_)
    if row.state not in states.HANDED_IN:
        raise Conflict(f"weekly-{row.state}")
    said = rules.shown(kept := rows.lines(tx, id_))
    body = "".join(_section(words, section, kept, said) for section, words in _WORDS[row.cadence].items())
    return {"noun": "weekly", "subject": id_, "title": row.title, "body": body, "files": []}


def _section(words: str, section: str, kept: Sequence[Line], said: Sequence[Line]) -> str:
    items = [f"<li>{_text(line.text)} ({_names(kept, line)})</li>" for line in said if line.section == section]
    return f"<h3>{words}</h3>" + (f"<ul>{''.join(items)}</ul>" if items else "<p>없음</p>")


def _names(kept: Sequence[Line], line: Line) -> str:
    return escape(", ".join(ref["name"] for ref in rules.credited(kept, line)))


def _text(text: str) -> str:
    return "<br>".join(escape(line) for line in text.split("\n"))
