"""Boxes (문서함) and the department's register (등록대장): pages by keyset, each served by an index."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select

from services.documents.models import Document
from shared import paging
from shared.calendar import seoul_year
from shared.context import Context
from shared.db import Tx
from shared.errors import Forbidden
from shared.paging import Order

_STATE = {"drafts": "draft", "progress": "in_approval", "returned": "returned", "finished": "approved"}
# The condition of the partial indexes: only so does the database see that they apply.
_REGISTERED = Document.number.is_not(None)
_COLUMNS = (
    *(Document.id, Document.title, Document.state, Document.number, Document.drafter, Document.disclosure),
    *(Document.attachments, Document.updated_at, Document.registered_at),
    *(Document.number_year, Document.number_serial),
)
_OVERSEERS = frozenset(("auditor", "records_officer"))


_UPDATED = (Document.updated_at, Document.id)
_TITLE = (Document.title, Document.id)
_NUMBER = (Document.number_year, Document.number_serial, Document.id)
_SERIAL = (Document.number_serial,)


def _order(box: str, sort: str) -> Order:
    field = sort.lstrip("-")
    if field == "title":
        columns: tuple[Any, ...] = _TITLE
    elif box == "register":
        # Registered in the order of the numbers: within a department and year the two sorts are one.
        columns = _SERIAL
    elif field == "number" and box == "finished":
        columns = _NUMBER
    else:
        columns = _UPDATED
    return Order(f"{box} {sort}", columns, sort.startswith("-"))


def page(tx: Tx, ctx: Context, asked: dict[str, Any]) -> dict[str, Any]:
    """One page of a box. Raises `Forbidden` for another department's register, `Invalid` for a broken cursor."""
    order = _order(asked["box"], asked["sort"])
    query: Select[Any] = select(*_COLUMNS).where(*_scope(tx, ctx, asked, order), *_filters(asked))
    if asked["cursor"]:
        query = query.where(order.after(asked["cursor"]))
    rows = tx.all(query.order_by(*order.clauses()).limit(asked["limit"] + 1))
    shown, following = paging.page(rows, asked["limit"], order.key)
    return {"items": [_line(row) for row in shown], "next": following}


def _scope(tx: Tx, ctx: Context, asked: dict[str, Any], order: Order) -> list[ColumnElement[bool]]:
    if asked["box"] == "register":
        department = asked["department"] or ctx.department_id
        if department != ctx.department_id and not ctx.roles & _OVERSEERS:
            raise Forbidden("register of another department")
        year = asked["year"] or seoul_year(tx.now)
        return [Document.department_id == department, Document.number_year == year, _REGISTERED]
    scope = [Document.drafter_id == ctx.person, Document.state == _STATE[asked["box"]]]
    if asked["box"] == "finished":
        if asked["year"]:
            scope.append(Document.number_year == asked["year"])
        # Those sorts have indexes of registered documents only.
        if order.columns != _UPDATED:
            scope.append(_REGISTERED)
    return scope


def _filters(asked: dict[str, Any]) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if asked["q"]:
        q = asked["q"]
        numbered = and_(Document.number.is_not(None), Document.number.icontains(q, autoescape=True))
        found.append(or_(Document.title.icontains(q, autoescape=True), numbered))
    if asked["disclosure"]:
        found.append(Document.disclosure_class == asked["disclosure"])
    return found


def _line(row: Any) -> dict[str, Any]:
    names = ("id", "title", "state", "number", "drafter", "disclosure", "attachments", "updated_at", "registered_at")
    return {name: getattr(row, name) for name in names}
