"""What the catalogue is told of journals (`shared.catalogue`): each journal, and each month of it with what was 이상.

Not every entry: of 120,000 a month most say that all is well. What is found in one is found in its month.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, select, update

from services.memo.journals.models import JournalEntry, JournalMonth, JournalVersion
from shared import catalogue
from shared.catalogue import Happening, Item, Link
from shared.db import Tx

NOUN = "journals"
_MOST_FINDINGS = 300
_MOST_MONTHS = 240
_FINDINGS = (
    select(JournalEntry.day, JournalEntry.writer, JournalVersion.abnormal)
    .join(
        JournalVersion,
        (JournalVersion.entry == JournalEntry.id) & (JournalVersion.version == JournalEntry.version),
    )
    .where(
        JournalEntry.journal == bindparam("of_journal"),
        JournalEntry.day.between(bindparam("first"), bindparam("last")),
        JournalEntry.abnormal > 0,
    )
    .order_by(JournalEntry.day.desc(), JournalEntry.received_at.desc())
    .limit(_MOST_FINDINGS)
)


def tell_journal(tx: Tx, row: Row[Any], readers: Collection[str]) -> None:
    """Tells what a journal is now: found by its title and by what its form asks."""
    catalogue.tell(
        tx,
        Item(
            noun=NOUN,
            subject=row.id,
            sequence=row.sequence,
            title=row.title,
            state=row.state,
            at=row.made_at,
            owner=row.made_by,
            department_id=row.department_id or None,
            department=row.department,
            audience=readers,
            people=[*row.managers, *row.verifiers],
            text="\n".join([row.about, *(field["label"] for field in row.fields)]),
        ),
    )


def tell_months(tx: Tx, row: Row[Any], readers: Collection[str], *, anew: bool = False) -> None:
    """Tells of all months of a journal, whose readers are others now; `anew`: nothing has changed."""
    months = select(JournalMonth.__table__).where(JournalMonth.journal == row.id).order_by(JournalMonth.month.desc())
    for month in tx.all(months.limit(_MOST_MONTHS)):
        tell_month(tx, row, readers, month, anew=anew)


def tell_month(tx: Tx, journal: Row[Any], readers: Collection[str], month: Row[Any], *, anew: bool = False) -> None:
    """Tells what a month is now, with what was found in it; `anew`: nothing has changed."""
    sequence = month.sequence + (not anew)
    tx.execute(update(JournalMonth).where(JournalMonth.id == month.id).values(sequence=sequence))
    catalogue.tell(tx, _month(tx, journal, readers, month, sequence))


def _month(tx: Tx, journal: Row[Any], readers: Collection[str], month: Row[Any], sequence: int) -> Item:
    closed = month.closed_at is not None
    return Item(
        noun=NOUN,
        subject=month.id,
        sequence=sequence,
        title=f"{journal.title} {month.month}",
        state="closed" if closed else "open",
        at=month.closed_at or month.last_at,
        owner=journal.made_by,
        department_id=journal.department_id or None,
        department=journal.department,
        audience=readers,
        links=[Link("attached_to", NOUN, journal.id)],
        text="\n".join(_found(tx, journal.id, month.month)),
        happened=list(_happened(month)),
    )


def _happened(month: Row[Any]) -> Iterator[Happening]:
    for was in month.reopened:
        yield Happening("signed_off", was["closed_by"], datetime.fromisoformat(was["closed_at"]))
        yield Happening("reopened", was["by"], datetime.fromisoformat(was["at"]))
    if month.closed_at is not None:
        yield Happening("signed_off", month.closed_by, month.closed_at)


def _found(tx: Tx, journal: str, month: str) -> list[str]:
    """A line for each entry with something 이상, the newest first."""
    rows = tx.execute(_FINDINGS, {"of_journal": journal, "first": f"{month}-01", "last": f"{month}-31"}).all()
    return [
        " ".join(filter(None, [row.day, row.writer["name"], *(w for each in row.abnormal for w in each.values())]))
        for row in rows
    ]
