"""Lead times and lateness of what was done, by department and month."""

from __future__ import annotations

from typing import Any

from sqlalchemy import case, func, select

from services.requests.models import Outcome
from shared.context import Context
from shared.db import Tx
from shared.errors import Forbidden

OVERSEERS = frozenset(("tenant_admin", "auditor"))
_MOST = 5_000


def of(tx: Tx, ctx: Context, asked: dict[str, Any]) -> dict[str, Any]:
    """`StatisticList`, the months in order. Raises `Forbidden` for what is not the caller's to see."""
    was_late = func.sum(case((Outcome.late > 0, 1), else_=0))
    columns = (
        Outcome.month,
        Outcome.department_id,
        func.max(Outcome.department).label("department"),
        func.count().label("done"),
        func.sum(Outcome.lead).label("lead"),
        was_late.label("late"),
        func.sum(case((Outcome.late_first > 0, 1), else_=0)).label("late_first"),
        func.sum(Outcome.late).label("lateness"),
    )
    query = select(*columns).where(Outcome.month >= asked["from_"], Outcome.month <= asked["to"])
    query = query.group_by(Outcome.month, Outcome.department_id).order_by(Outcome.month, Outcome.department_id)
    found = tx.all(_within(ctx, asked["scope"], query).limit(_MOST))
    return {"items": [_view(row) for row in found]}


def _within(ctx: Context, scope: str, query: Any) -> Any:
    if scope == "asked":
        return query.where(Outcome.asker == ctx.person)
    if scope == "department":
        return query.where(Outcome.department_id == ctx.department_id)
    if not ctx.roles & OVERSEERS:
        raise Forbidden("of all departments")
    return query


def _view(row: Any) -> dict[str, Any]:
    names = ("month", "department_id", "department", "done", "late", "late_first")
    means = {"lead": int(row.lead / row.done), "lateness": int(row.lateness / row.late) if row.late else 0}
    return {name: getattr(row, name) for name in names} | means
