"""A month as it is printed (검증일지 월별 출력): of a time, and the same for ever of that time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Row, case, func, select

from services.memo.journals import months
from services.memo.journals.domain import entry as rules
from services.memo.journals.models import JournalEntry, JournalForm, JournalRound, JournalVersion
from shared.context import Context
from shared.db import Tx

MOST_ROWS = 40
"""So many entries stand on one sheet; of more the days do, with their counts."""


def sheet(tx: Tx, ctx: Context, journal: Row[Any], asked: Mapping[str, Any]) -> dict[str, Any]:
    """The month as `Sheet`, as of `asked["as_of"]`, or of the last that happened in it."""
    row = months.found(tx, journal.id, asked["month"])
    last = row.last_at if row else journal.made_at
    as_of = min(asked["as_of"] or last, last)
    latest = _latest(row.id if row else "", as_of, asked["writer"])
    counts = _counts(tx, latest, as_of)
    each = counts["entries"] <= MOST_ROWS
    closed_at, closed_by = months.closing(row, as_of) or (None, None)
    return {
        "journal": journal.id,
        "title": _title(tx, journal, as_of),
        "department": journal.department,
        "month": asked["month"],
        "as_of": as_of,
        "form_versions": _form_versions(tx, latest),
        "each": each,
        "rows": _entries(tx, latest, as_of) if each else _days(tx, latest, as_of),
        "counts": counts,
        "closed_at": closed_at,
        "closed_by": closed_by,
    }


def _latest(month: str, as_of: datetime, writer: str | None) -> Any:
    """Of each entry the last version that counted then: what was verified of it is read beside the time."""
    number = func.row_number().over(partition_by=JournalVersion.entry, order_by=JournalVersion.version.desc())
    names = (
        *("entry", "version", "form_version", "abnormal", "bad", "written_at"),
        *("decision", "decided_by", "decided_at"),
    )
    columns = [getattr(JournalVersion, name) for name in names]
    of_entry = [JournalEntry.day, JournalEntry.writer, JournalEntry.place_name, JournalRound.shift_name]
    ranked = (
        select(*columns, *of_entry, number.label("rank"))
        .join(JournalEntry, JournalEntry.id == JournalVersion.entry)
        .join(JournalRound, JournalRound.id == JournalEntry.round)
        .where(JournalVersion.month == month, JournalVersion.counts_from <= as_of)
    )
    if writer:
        ranked = ranked.where(JournalEntry.writer_id == writer)
    return ranked.subquery()


def _verified(latest: Any, as_of: datetime) -> Any:
    return (latest.c.decision == rules.VERIFIED) & (latest.c.decided_at <= as_of)


def _counts(tx: Tx, latest: Any, as_of: datetime) -> dict[str, int]:
    row = tx.one(select(*_sums(latest, as_of)).where(latest.c.rank == 1))
    return {name: int(getattr(row, name) or 0) for name in ("entries", "abnormal", "verified")}


def _sums(latest: Any, as_of: datetime) -> list[Any]:
    bad = func.sum(case((latest.c.bad > 0, 1), else_=0)).label("abnormal")
    verified = func.sum(case((_verified(latest, as_of), 1), else_=0)).label("verified")
    return [func.count().label("entries"), bad, verified]


def _entries(tx: Tx, latest: Any, as_of: datetime) -> list[dict[str, Any]]:
    """A row for each entry, by day."""
    rows = tx.all(select(latest).where(latest.c.rank == 1).order_by(latest.c.day, latest.c.written_at, latest.c.entry))
    names = ("day", "shift_name", "place_name", "writer", "version", "form_version", "written_at")
    return [
        {name: getattr(row, name) for name in names} | {"findings": row.abnormal} | _decision(row, as_of)
        for row in rows
    ]


def _decision(row: Row[Any], as_of: datetime) -> dict[str, Any]:
    verified = row.decision == rules.VERIFIED and row.decided_at <= as_of
    return {"verifier": row.decided_by if verified else None, "verified_at": row.decided_at if verified else None}


def _days(tx: Tx, latest: Any, as_of: datetime) -> list[dict[str, Any]]:
    """A row for each day with its counts."""
    query = select(latest.c.day, *_sums(latest, as_of)).where(latest.c.rank == 1)
    rows = tx.all(query.group_by(latest.c.day).order_by(latest.c.day))
    names = ("entries", "abnormal", "verified")
    return [{"day": row.day} | {name: int(getattr(row, name) or 0) for name in names} for row in rows]


def _form_versions(tx: Tx, latest: Any) -> list[int]:
    query = select(latest.c.form_version).where(latest.c.rank == 1).distinct().order_by(latest.c.form_version)
    return [row.form_version for row in tx.all(query)]


def _title(tx: Tx, journal: Row[Any], as_of: datetime) -> str:
    """What the journal was called then."""
    of = (JournalForm.journal == journal.id, JournalForm.at <= as_of)
    row = tx.one(select(JournalForm.title).where(*of).order_by(JournalForm.version.desc()).limit(1))
    return str(row.title if row else journal.title)
