"""Months of a journal: the lock under which everything happens, their counts, signing off and opening again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, bindparam, select, update

from services.memo.journals import books, catalogue
from services.memo.journals.domain import entry as entries
from services.memo.journals.models import JournalMonth
from shared.context import Context
from shared.db import Tx
from shared.errors import Conflict

COUNTS = ("entries", "abnormal", "verified", "awaiting")
_NOTHING = dict.fromkeys(COUNTS, 0)
_TICK = timedelta(microseconds=1)
# A month that goes to and fro more often than that is no month that is signed off.
_MOST_REOPENED = 50
_UPDATE = update(JournalMonth).where(JournalMonth.id == bindparam("of_month"))


def found(tx: Tx, journal: str, month: str, *, locked: bool = False) -> Row[Any] | None:
    """A month; None before anything was written in it."""
    statement = select(JournalMonth.__table__).where(JournalMonth.journal == journal, JournalMonth.month == month)
    return tx.one(statement.with_for_update() if locked else statement)


def locked(tx: Tx, journal: Row[Any], month: str) -> Row[Any]:
    """The month, locked: begun where nothing was written in it yet."""
    key = {"journal": journal.id, "month": month}
    tx.insert_new(JournalMonth, id=tx.new_id(), **key, sequence=0, last_at=tx.now, reopened=[], **_NOTHING)
    row = found(tx, journal.id, month, locked=True)
    assert row is not None
    return row


def moment(tx: Tx, month: Row[Any]) -> datetime:
    """When what happens now happens: later than everything in the month before it, whoever's clock is behind.

    So the month as of a time is the same for ever: nothing is ever entered before what was seen.
    """
    after: datetime = month.last_at + _TICK
    return max(tx.now, after)


def weight(state: str, abnormal: int) -> dict[str, int]:
    """What an entry in this state counts for."""
    counted = entries.is_counted(state)
    return {
        "entries": int(counted),
        "abnormal": int(counted and abnormal > 0),
        "verified": int(state == entries.VERIFIED),
        "awaiting": int(not counted),
    }


def count(tx: Tx, month: Row[Any], at: datetime, before: Mapping[str, int] | None, after: Mapping[str, int]) -> None:
    """Counts a change of one entry in its locked month."""
    values = {name: getattr(month, name) + after[name] - (before or _NOTHING)[name] for name in COUNTS}
    tx.execute(_UPDATE, {"of_month": month.id, "last_at": at, **values})


def sign_off(tx: Tx, ctx: Context, journal: Row[Any], month: str) -> dict[str, Any]:
    """Closes the month, as `SignedOff`. Raises `Conflict` where it was signed off before."""
    row = locked(tx, journal, month)
    if row.closed_at is not None:
        raise Conflict("already-signed-off")
    at, counts = moment(tx, row), {name: getattr(row, name) for name in COUNTS}
    tx.execute(
        _UPDATE, {"of_month": row.id, "closed_at": at, "closed_by": ctx.person_ref, "closed": counts, "last_at": at}
    )
    tx.audit("journals.month.signed_off", subject=row.id, after={"journal": journal.id, "month": month, **counts})
    kept = found(tx, journal.id, month)
    assert kept is not None
    catalogue.tell_month(tx, journal, books.readers(journal._mapping), kept)
    return {"journal": journal.id, "month": month, "closed_at": at}


def reopen(tx: Tx, ctx: Context, journal: Row[Any], month: str, reason: str) -> dict[str, Any]:
    """Opens a month again that was signed off, as `Reopened`: what comes from now on needs no approval.

    What waits for it goes on waiting: it was written for a closed month. Raises `Conflict` where it is open.
    """
    row = locked(tx, journal, month)
    if row.closed_at is None:
        raise Conflict("not-signed-off")
    if len(row.reopened) >= _MOST_REOPENED:
        raise Conflict("reopened-too-often")
    at = moment(tx, row)
    was = {"closed_at": row.closed_at.isoformat(), "closed_by": row.closed_by, "closed": row.closed}
    entry = {**was, "at": at.isoformat(), "by": ctx.person_ref, "reason": reason}
    nothing = dict.fromkeys(("closed_at", "closed_by", "closed"))
    tx.execute(_UPDATE, {"of_month": row.id, "last_at": at, "reopened": [*row.reopened, entry], **nothing})
    tx.audit(
        "journals.month.reopened",
        subject=row.id,
        before={"closed_at": was["closed_at"]},
        after={"journal": journal.id, "month": month, "reason": reason},
    )
    kept = found(tx, journal.id, month)
    assert kept is not None
    catalogue.tell_month(tx, journal, books.readers(journal._mapping), kept)
    return {"journal": journal.id, "month": month, "reopened_at": at}


def closing(month: Row[Any] | None, as_of: datetime) -> tuple[datetime, dict[str, Any]] | None:
    """When and by whom the month was signed off that stood so at a time; None where it was open then."""
    if month is None:
        return None
    if month.closed_at is not None and month.closed_at <= as_of:
        return month.closed_at, month.closed_by
    for was in month.reopened:
        closed_at = datetime.fromisoformat(was["closed_at"])
        if closed_at <= as_of < datetime.fromisoformat(was["at"]):
            return closed_at, was["closed_by"]
    return None
