"""Boxes (결재함): what awaits the caller, what is under way, what the caller decided; pages by keyset."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, select

from services.approval.domain.places import DRAFT
from services.approval.models import Decision, Place, Process
from shared import paging
from shared.context import Context
from shared.db import Tx
from shared.paging import Order


def _rows(kept: type[Place] | type[Decision], title: Any) -> Select[Any]:
    """The rows of a box kept in `Place` or `Decision`, with what the process says of each now."""
    columns = (kept.document, title, kept.role, kept.state.label("step_state"), kept.at)
    now = (Process.state, Process.drafter, Process.steps)
    return select(*columns, *now).join(Process, Process.document == kept.document)


_RUNNING = _rows(Place, Process.title)
_DECIDED = _rows(Decision, Decision.title)


def page(tx: Tx, ctx: Context, asked: dict[str, Any]) -> dict[str, Any]:
    """One page of a box, as `ApprovalPage`. Raises `Invalid` for a broken cursor."""
    query, order = listing(ctx.person, asked)
    if asked["cursor"]:
        query = query.where(order.after(asked["cursor"]))
    rows = tx.all(query.order_by(*order.clauses()).limit(asked["limit"] + 1))
    found, following = paging.page(rows, asked["limit"], order.key)
    return {"items": [_line(row) for row in found], "next": following}


def listing(person: str, asked: dict[str, Any]) -> tuple[Select[Any], Order]:
    """The rows of a person's box with its filters, and their order.

    Running processes are kept apart from decisions: what is finished costs the first two boxes nothing.
    """
    kept: type[Place] | type[Decision] = Place
    query, title = _RUNNING, Process.title
    if asked["box"] == "decided":
        kept, query, title = Decision, _DECIDED, Decision.title
    query = query.where(kept.person == person)
    if asked["box"] == "received":
        query = query.where(kept.state == "active")
    if asked["role"]:
        query = query.where(kept.role == asked["role"])
    if asked["mine"]:
        query = query.where(kept.role == DRAFT)
    if asked["q"]:
        query = query.where(title.icontains(asked["q"], autoescape=True))
    first = title if asked["sort"] == "title" else kept.at
    order = Order(f"{asked['box']} {asked['sort']}", (first, kept.document), asked["sort"].startswith("-"))
    return query, order


def _line(row: Any) -> dict[str, Any]:
    names = ("document", "title", "state", "drafter", "role", "step_state", "at")
    waiting_for = [step["person"] for step in row.steps if step["state"] == "active"]
    return {name: getattr(row, name) for name in names} | {"waiting_for": waiting_for}
