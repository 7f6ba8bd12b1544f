"""Reports as they are read: lists, one whole with what is below it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, and_, or_, select

from services.memo.weekly import rows
from services.memo.weekly.domain import lines as rules
from services.memo.weekly.domain import states
from services.memo.weekly.domain.lines import Line
from services.memo.weekly.models import WeeklyReport
from shared import paging
from shared.context import Context
from shared.db import Tx
from shared.paging import Order

_NAMES = ("id", "kind", "unit", "unit_name", "title", "cadence", "period", "starts_on", "ends_on", "state", "writer")
_TIMES = ("due_at", "submitted_at")
_LINE = ("id", "section", "text", "origin", "origin_report", "editor", "left_out", "withdrawn", "merged_into")
_BELOW = ("id", "kind", "version", "unit_name", "writer", "state", "excused", "asked_at", "submitted_at")


def page(tx: Tx, ctx: Context, query: dict[str, Any]) -> dict[str, Any]:
    """One page of a box, the newest first, as `WeeklyReportPage`."""
    columns = [getattr(WeeklyReport, name) for name in (*_NAMES, *_TIMES)]
    order = Order(f"weekly {query['box']}", (WeeklyReport.starts_on, WeeklyReport.id), descending=True)
    statement = select(*columns).where(_mine(ctx) if query["box"] == "mine" else _of_department(ctx))
    if query["cursor"]:
        statement = statement.where(order.after(query["cursor"]))
    found = tx.all(statement.order_by(*order.clauses()).limit(query["limit"] + 1))
    shown, following = paging.page(found, query["limit"], order.key)
    return {"items": [_line(tx, row) for row in shown], "next": following}


def _mine(ctx: Context) -> Any:
    return WeeklyReport.writer_id == ctx.person


def _of_department(ctx: Context) -> Any:
    handed_in = WeeklyReport.state.in_(states.HANDED_IN)
    return and_(WeeklyReport.unit == ctx.department_id, or_(handed_in, WeeklyReport.writer_id == ctx.person))


def view(tx: Tx, ctx: Context, id_: str) -> dict[str, Any]:
    """One report, as `WeeklyReportView`. Raises `NotFound`."""
    row = rows.opened(tx, ctx, id_)
    mine = rows.writes(ctx, row)
    kept = rows.lines(tx, id_)
    below = rows.below(tx, id_) if mine and row.gathers_at else []
    news = _news(tx, kept, [each for each in below if each.state == states.SUBMITTED])
    names = ("version", "deputy", "above", "previous", "gathers_at", "reason")
    return {
        **_line(tx, row),
        **{name: getattr(row, name) for name in names},
        "lines": lines(kept if mine else rules.shown(kept)),
        "below": [_below(tx, each) for each in below],
        "news": news,
        "may": _may(tx, ctx, row, below),
    }


def lines(kept: Sequence[Line]) -> list[dict[str, Any]]:
    """Lines as `WeeklyLineView`."""
    return [
        {
            **{name: getattr(line, name) for name in _LINE},
            "writers": list(rules.credited(kept, line)),
            "source": line.source if line.origin and line.source != line.text else None,
            "carried": line.carried_from is not None,
            "cards": list(line.cards),
        }
        for line in kept
    ]


def _news(tx: Tx, kept: Sequence[Line], submitted: Sequence[Row[Any]]) -> list[dict[str, Any]]:
    theirs = rows.lines_of(tx, [each.id for each in submitted])
    return [
        {
            "report": each.id,
            **{name: getattr(told, name) for name in ("kind", "section", "text", "was")},
            "writers": list(told.writers),
        }
        for each in submitted
        for told in rules.news(kept, each.id, theirs.get(each.id, []))
    ]


def _below(tx: Tx, row: Row[Any]) -> dict[str, Any]:
    return {
        **{name: getattr(row, name) for name in _BELOW},
        "standing": states.standing(row.state, row.due_at, row.excused, tx.now),
        "late": states.late(row.state, row.due_at, row.submitted_at, tx.now),
    }


def _may(tx: Tx, ctx: Context, row: Row[Any], below: Sequence[Row[Any]]) -> list[str]:
    may: list[str] = []
    if rows.writes(ctx, row):
        news = any(each.state == states.SUBMITTED for each in below)
        if row.state in states.WRITING:
            may += ["write", *(["take"] if news else ["submit"])]
        if states.allows("recall", row.state):
            may.append("recall")
        if any(each.asked_at is None and _missing(tx, each) for each in below):
            may.append("ask")
        if row.kind == "department" and row.state in states.HANDED_IN:
            may.append("memo")
    above = rows.found(tx, row.above)
    if above and rows.writes(ctx, above) and above.state in states.WRITING and states.allows("return", row.state):
        may.append("return")
    return may


def _missing(tx: Tx, row: Row[Any]) -> bool:
    return states.is_missing(row.state, row.due_at, row.excused, tx.now)


def _line(tx: Tx, row: Row[Any]) -> dict[str, Any]:
    late = states.late(row.state, row.due_at, row.submitted_at, tx.now)
    return {name: getattr(row, name) for name in (*_NAMES, *_TIMES)} | {"late": late}
