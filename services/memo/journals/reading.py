"""Reading entries: lists by keyset, each served by an index, and one whole with its versions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row, Select, select

from services.memo.journals import books, entries
from services.memo.journals.domain import entry as rules
from services.memo.journals.files import views
from services.memo.journals.models import JournalEntry, JournalMonth, JournalVersion
from shared import paging
from shared.context import Context
from shared.db import Tx
from shared.paging import Order

_BY_DAY = (JournalEntry.day, JournalEntry.received_at, JournalEntry.id)
_ABNORMAL_FIRST = (JournalEntry.abnormal, JournalEntry.received_at, JournalEntry.id)
_ORDERS = {
    "-received": Order("entries -received", _BY_DAY, True),
    "received": Order("entries received", _BY_DAY, False),
    "-abnormal": Order("entries -abnormal", _ABNORMAL_FIRST, True),
}
_LINES = select(JournalEntry.__table__, JournalVersion.abnormal.label("findings")).join(
    JournalVersion, (JournalVersion.entry == JournalEntry.id) & (JournalVersion.version == JournalEntry.version)
)
_AS_THEY_ARE = (
    *("id", "day", "shift", "writer", "version", "state", "abnormal", "findings", "written_at", "received_at"),
    *("difference", "flagged", "decided_by", "decided_for", "decided_at"),
)
_OF_VERSION = (
    *("version", "form_version", "values", "abnormal", "person", "at", "written_at", "sent_at", "received_at"),
    *("difference", "flagged", "counts_from", "admitted_by", "decision", "decided_by", "decided_for", "decided_at"),
    "reason",
)


def page(tx: Tx, ctx: Context, journal: Row[Any], asked: Mapping[str, Any], *, verifies: bool) -> dict[str, Any]:
    """One page of a journal's entries, as `EntryPage`. Raises `Invalid` for a broken cursor."""
    rows, order = tx.all(statement(journal.id, asked)), _ORDERS[asked["sort"]]
    shown, following = paging.page(rows, asked["limit"], order.key)
    return {"items": [_line(ctx, journal, row, verifies=verifies) for row in shown], "next": following}


def statement(journal: str, asked: Mapping[str, Any]) -> Select[Any]:
    """What reads one page of a journal's entries, and one row more. Raises `Invalid` for a broken cursor."""
    order = _ORDERS[asked["sort"]]
    query = _filtered(_LINES.where(JournalEntry.journal == journal), journal, asked)
    if asked["cursor"]:
        query = query.where(order.after(asked["cursor"]))
    return query.order_by(*order.clauses()).limit(asked["limit"] + 1)


def _filtered(query: Select[Any], journal: str, asked: Mapping[str, Any]) -> Select[Any]:
    query = query.where(JournalEntry.version > 0)
    if asked["day"]:
        query = query.where(JournalEntry.day == asked["day"].isoformat())
    elif asked["month"] and asked["sort"] == "-abnormal":
        month = (JournalMonth.journal == journal, JournalMonth.month == asked["month"])
        query = query.where(JournalEntry.month == select(JournalMonth.id).where(*month).scalar_subquery())
    elif asked["month"]:
        query = query.where(JournalEntry.day.between(f"{asked['month']}-01", f"{asked['month']}-31"))
    for name, column in (("state", JournalEntry.state), ("writer", JournalEntry.writer_id)):
        if asked[name]:
            query = query.where(column == asked[name])
    if asked["shift"]:
        query = query.where(JournalEntry.shift == asked["shift"])
    return query.where(JournalEntry.abnormal > 0) if asked["abnormal"] else query


def _line(ctx: Context, journal: Row[Any], row: Row[Any], *, verifies: bool) -> dict[str, Any]:
    may = rules.acts(entries.of_row(row), ctx.person, verifies=verifies, manages=books.manages(ctx, journal))
    place = {"id": row.place, "name": row.place_name} if row.place else None
    return {name: getattr(row, name) for name in _AS_THEY_ARE} | {"place": place, "may": may}


def entry(tx: Tx, ctx: Context, journal: Row[Any], known: Row[Any], *, verifies: bool) -> dict[str, Any]:
    """One entry, whole, as `EntryView`."""
    row = tx.one(_LINES.where(JournalEntry.id == known.id))
    assert row is not None
    view = _line(ctx, journal, row, verifies=verifies)
    view |= {name: getattr(row, name) for name in ("form_version", "values", "reason", "notes")}
    view["fields"] = books.form(tx, journal, row.form_version)["fields"]
    view["journal"] = {"id": journal.id, "title": journal.title}
    of = select(JournalVersion.__table__).where(JournalVersion.entry == row.id).order_by(JournalVersion.version.desc())
    versions = [{name: getattr(each, name) for name in _OF_VERSION} for each in tx.all(of.limit(100))]
    return view | {"files": views(tx, row.id), "versions": versions}
