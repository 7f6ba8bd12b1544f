"""A month of a journal as a table, as counts for charts, and as it is handed out row by row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row, and_, case, func, select

from services.memo.journals import books, months
from services.memo.journals.domain import entry as rules
from services.memo.journals.domain import periods
from services.memo.journals.domain.periods import Period
from services.memo.journals.models import JournalEntry, JournalRound
from shared import paging
from shared.calendar import Exceptions, holiday_name
from shared.context import Context
from shared.db import Tx
from shared.errors import Conflict

_EXPORTED = 500
_WRITERS = paging.Order("writers", (JournalEntry.writer_name, JournalEntry.writer_id), False)
_ENTRIES = paging.Order("export", (JournalEntry.day, JournalEntry.received_at, JournalEntry.id), False)
_CELL = ("day", "shift", "state", "abnormal", "version")


def _in_month(journal: str, month: str) -> Any:
    days = JournalEntry.day.between(f"{month}-01", f"{month}-31")
    return and_(JournalEntry.journal == journal, days, JournalEntry.version > 0)


def _reopened(row: Row[Any] | None) -> list[dict[str, Any]]:
    return [{name: was[name] for name in ("at", "by", "reason")} for was in row.reopened] if row else []


def month(tx: Tx, ctx: Context, journal: Row[Any], asked: Mapping[str, Any], calendar: Exceptions) -> dict[str, Any]:
    """A month with a page of its writers, as `MonthView`. Raises `Invalid` for a broken cursor."""
    row = months.found(tx, journal.id, asked["month"])
    first, last = periods.bounds(asked["month"])
    schedule = books.schedule(journal)
    due = [period(journal, each, calendar, ctx.locale) for each in periods.due(schedule, first, last, calendar)]
    items, following = _writers(tx, journal, asked)
    closed = row is not None and row.closed_at is not None
    may = books.verifies(ctx, journal) or books.manages(ctx, journal)
    return {
        "journal": journal.id,
        "title": journal.title,
        "month": asked["month"],
        "periods": due,
        "counts": {name: getattr(row, name) if row else 0 for name in months.COUNTS},
        "by_day": _by_day(tx, journal.id, asked["month"]),
        "closed_at": row.closed_at if row else None,
        "closed_by": row.closed_by if row else None,
        "reopened": _reopened(row),
        "may": ["reopen" if closed else "sign_off"] if may else [],
        "items": items,
        "next": following,
    }


def period(journal: Row[Any], each: Period, calendar: Exceptions, locale: str) -> dict[str, Any]:
    """A period as `Period`."""
    schedule = books.schedule(journal)
    shift = schedule.shift(each.shift)
    return {
        "day": each.day.isoformat(),
        "shift": each.shift,
        "shift_name": shift.name if shift else "",
        "opens": each.opens,
        "ends": each.ends,
        "due": periods.is_due(schedule, each, calendar),
        "holiday": holiday_name(each.day, locale, calendar),
    }


def _writers(tx: Tx, journal: Row[Any], asked: Mapping[str, Any]) -> tuple[list[dict[str, Any]], str | None]:
    """A page of those who have written, by name, with what they wrote."""
    in_month, columns = _in_month(journal.id, asked["month"]), (JournalEntry.writer_name, JournalEntry.writer_id)
    query = select(*columns).where(in_month).group_by(*columns).order_by(*_WRITERS.clauses())
    if asked["cursor"]:
        query = query.where(_WRITERS.after(asked["cursor"]))
    found, following = paging.page(tx.all(query.limit(asked["limit"] + 1)), asked["limit"], _WRITERS.key)
    rows: dict[tuple[str, str], dict[str, Any]] = {(row.writer_name, row.writer_id): {"cells": []} for row in found}
    ids = {row.writer_id for row in found}
    whole = select(JournalEntry.id, JournalEntry.writer, *columns, *(getattr(JournalEntry, name) for name in _CELL))
    for entry in tx.all(whole.where(in_month, JournalEntry.writer_id.in_(ids)).order_by(*_ENTRIES.clauses())):
        if (row := rows.get((entry.writer_name, entry.writer_id))) is not None:
            row["writer"] = entry.writer
            row["cells"].append({"entry": entry.id} | {name: getattr(entry, name) for name in _CELL})
    return list(rows.values()), following


def _by_day(tx: Tx, journal: str, month_: str) -> list[dict[str, Any]]:
    """The counts of each day on which something was written."""
    counted = JournalEntry.state != rules.AWAITING
    columns = (
        JournalEntry.day,
        func.count().label("entries"),
        func.sum(case((JournalEntry.abnormal > 0, 1), else_=0)).label("abnormal"),
        func.sum(case((JournalEntry.state == rules.VERIFIED, 1), else_=0)).label("verified"),
    )
    query = select(*columns).where(_in_month(journal, month_), counted).group_by(JournalEntry.day)
    names = ("entries", "abnormal", "verified")
    rows = tx.all(query.order_by(JournalEntry.day))
    return [{"day": row.day} | {name: int(getattr(row, name)) for name in names} for row in rows]


# -- handed out -------------------------------------------------------------------------------------


def export(tx: Tx, journal: Row[Any], asked: Mapping[str, Any]) -> dict[str, Any]:
    """Some hundred entries of a month as cells, as `Export`. Raises `Conflict` where no form was ever published."""
    if journal.form_version is None:
        raise Conflict("not-published")
    in_month = _in_month(journal.id, asked["month"])
    versions = {row.form_version for row in tx.all(select(JournalEntry.form_version).where(in_month).distinct())}
    fields = _fields(books.forms(tx, journal.id, versions | {journal.form_version}))
    query = (
        select(JournalEntry.__table__, JournalRound.shift_name)
        .join(JournalRound, JournalRound.id == JournalEntry.round)
        .where(in_month)
    )
    if asked["cursor"]:
        query = query.where(_ENTRIES.after(asked["cursor"]))
    rows, following = paging.page(
        tx.all(query.order_by(*_ENTRIES.clauses()).limit(_EXPORTED + 1)), _EXPORTED, _ENTRIES.key
    )
    return {
        "title": journal.title,
        "columns": [{"key": key, "label": "", "type": "own"} for key in OWN]
        + [{"key": field["key"], "label": field["label"], "type": field["type"]} for field in fields],
        "rows": [[*_own(row), *(row.values.get(field["key"]) for field in fields)] for row in rows],
        "next": following,
    }


OWN = (
    *("day", "shift", "place", "writer", "department", "state", "version", "abnormal", "written_at", "received_at"),
    *("difference", "verifier", "verified_at"),
)
"""The columns of every export, before those of the form; put into words by the gateway."""


def _own(row: Row[Any]) -> list[Any]:
    verified = row.state == rules.VERIFIED
    return [
        *(row.day, row.shift_name, row.place_name, row.writer_name, row.writer["department"], row.state, row.version),
        *(row.abnormal, row.written_at, row.received_at, row.difference),
        *((row.decided_by["name"], row.decided_at) if verified else ("", None)),
    ]


def _fields(forms: Mapping[int, Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
    """The fields of several versions of a form, each key once: as the latest one that has it says."""
    found: dict[str, Mapping[str, Any]] = {}
    for version in sorted(forms, reverse=True):
        for field in forms[version]["fields"]:
            found.setdefault(field["key"], field)
    return list(found.values())
