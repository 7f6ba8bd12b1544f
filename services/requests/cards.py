"""A request as it is shown: whole, as a line of a list, as the answer to a command."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, func, select

from services.requests import reading, recurring, rows
from services.requests.domain import due as dues
from services.requests.domain.request import LATE_STATES, Part, Request, Who, may
from services.requests.models import Entry
from services.requests.models import Request as Row
from services.requests.rows import Kept
from shared.context import Context
from shared.db import Tx
from shared.files import keeping as files
from shared.files.owners import Owners
from shared.progress import percent

Doc = dict[str, Any]
_MOST_HISTORY = 500
_HISTORY = (
    select(Entry.number, Entry.at, Entry.action, Entry.person, Entry.detail)
    .where(Entry.request == bindparam("id"))
    .order_by(Entry.number.desc())
    .limit(_MOST_HISTORY)
)
_WITHIN = select(func.count()).select_from(Row).where(Row.parent == bindparam("id"))
_OTHER = select(Row.id, Row.title, Row.state, Row.due_at, Row.whole_day).where(Row.id == bindparam("id"))
LINE = (
    *(Row.id, Row.kind, Row.title, Row.state, Row.asker, Row.urgency, Row.progress, Row.due_at, Row.whole_day),
    *(Row.asked_at, Row.ended_at, Row.word),
)


def line(row: Mapping[str, Any], parts: Sequence[Part], now: Any) -> Doc:
    """A request as a row of a list, as `RequestLine`; `row` has the columns of `LINE`."""
    due = rows.due(row["due_at"], row["whole_day"])
    names = ("id", "kind", "title", "state", "asker", "urgency", "due_at", "asked_at", "ended_at", "word")
    return {name: row[name] for name in names} | {
        "parts": [part_view(part) for part in parts],
        "progress": percent(row["progress"]),
        "due": due.told if due else None,
        "late": dues.late(row["due_at"], now) if row["state"] in LATE_STATES else 0,
    }


def part_view(part: Part) -> Doc:
    """A part, as `PartView`."""
    names = ("number", "lead", "state", "since", "person", "department", "offers", "tenant")
    candidates = [dict(each) for each in part.candidates]
    return {name: getattr(part, name) for name in names} | {
        "candidates": candidates,
        "percent": percent(part.tenths),
    }


def card(tx: Tx, ctx: Context, owners: Owners, id_: str) -> Doc:
    """A request, whole, as `RequestView`. Raises `NotFound`."""
    kept = reading.opened(tx, ctx, id_)
    row, request = kept.row, kept.request
    names = ("version", "body", "entered_by", "unconfirmed", "sources", "cards", "weight", "escalated_at")
    found = line(row, request.parts, tx.now) | {name: row[name] for name in (*names, "handed_in_at")}
    return found | {
        "first_due": request.first_due.told if request.first_due else None,
        "late": _late(request, tx.now),
        "late_first": _late_first(request, tx.now),
        "extension": _extension(request),
        "parent": _other(tx, row["parent"]),
        "parts_of_it": tx.execute(_WITHIN, {"id": id_}).scalar() or 0,
        "waits_for": _other(tx, row["waits_for"]),
        "series": recurring.view(tx, row["series"]),
        "files": files.views(tx, owners, id_),
        "history": [dict(each._mapping) for each in tx.execute(_HISTORY, {"id": id_})],
        "may": may(request, Who(ctx.person_ref, ctx.roles)),
    }


def _late(request: Request, now: Any) -> int:
    """Overdue by so much now; of what was handed in, how late that was."""
    due = request.due.at if request.due else None
    if request.state in LATE_STATES:
        return dues.late(due, now)
    return dues.late(due, request.handed_in_at) if request.handed_in_at else 0


def _late_first(request: Request, now: Any) -> int:
    due = request.first_due.at if request.first_due else None
    until = now if request.state in LATE_STATES else request.handed_in_at
    return dues.late(due, until) if until else 0


def _extension(request: Request) -> Doc | None:
    found = request.extension
    if found is None:
        return None
    return {
        "id": found.id,
        "asker": found.asker,
        "at": found.at,
        "due": found.due.told,
        "reason": found.reason,
    }


def _other(tx: Tx, id_: str | None) -> Doc | None:
    row = tx.execute(_OTHER, {"id": id_}).first() if id_ else None
    if row is None:
        return None
    due = rows.due(row.due_at, row.whole_day)
    return {"id": row.id, "title": row.title, "state": row.state, "due": due.told if due else None}


def result(kept: Kept, warnings: Sequence[Doc] = ()) -> Doc:
    """What a command answers, as `RequestResult`."""
    row, request = kept.row, kept.request
    return {
        "id": request.id,
        "version": row["version"],
        "state": request.state,
        "progress": percent(row["progress"]),
        "due": request.due.told if request.due else None,
        "due_at": row["due_at"],
        "warnings": list(warnings),
    }


def quote(tx: Tx, ctx: Context, owners: Owners, id_: str) -> Doc:
    """What another object is made from, as `QuoteView`."""
    kept = reading.opened(tx, ctx, id_)
    told = {name: kept.row[name] for name in ("title", "body")}
    return {"noun": owners.noun, "subject": id_, **told, "files": files.views(tx, owners, id_)}
