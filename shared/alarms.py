"""Alarms: what a service is to do at a time of its own accord, once, whatever ends in between.

An alarm is set in the transaction that makes it due and goes off in one of its own, with its effect: a method of the
service that is marked `@on_time(kind)`. There is at most one of a kind for each subject. docs/dev/ground.md has more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, Index, Integer, MetaData, Row, String, Table, bindparam, delete, select, update

from shared.columns import Ident, Json, Utc
from shared.db.tx import Tx

# After so many seconds one that failed goes off again; the last holds for every further time.
AGAIN = (5, 30, 120, 600, 3600)


@dataclass(frozen=True, slots=True)
class Alarm:
    """One that goes off: what it was set for, with what, and for when (aware, UTC)."""

    kind: str
    subject: str
    at: datetime
    data: Mapping[str, Any] = field(default_factory=dict)


def _columns() -> list[Any]:
    return [
        Column("kind", String(30), primary_key=True),
        Column("subject", Ident, primary_key=True),
        Column("set_for", Utc, nullable=False),
        # When it goes off; later than it was set for where it failed.
        Column("at", Utc, nullable=False),
        Column("data", Json, nullable=False),
        Column("failures", Integer, nullable=False),
        Index("alarm_due", "at"),
    ]


_ALARM = Table("alarm", MetaData(), *_columns())
_SAME = (_ALARM.c.kind == bindparam("of_kind"), _ALARM.c.subject == bindparam("of_subject"))
_CANCEL = delete(_ALARM).where(*_SAME)
_NEXT = select(_ALARM.c.at).order_by(_ALARM.c.at).limit(1)


def table(metadata: MetaData) -> Table:
    """Declares the table in a service's metadata, or finds it there."""
    return metadata.tables["alarm"] if "alarm" in metadata.tables else Table("alarm", metadata, *_columns())


def create_alarm(op: Any) -> None:
    """Creates the table; a line of one of the service's revisions."""
    op.create_table("alarm", *_columns())


def at(tx: Tx, when: datetime, kind: str, subject: str, **data: Any) -> None:
    """Sets the alarm of a kind for a subject, in place of the one that was set; a time that is past means at once."""
    cancel(tx, kind, subject)
    tx.insert(_ALARM, kind=kind, subject=subject, set_for=when, at=when, data=data, failures=0)
    tx.alarms.append(when)


def cancel(tx: Tx, kind: str, subject: str) -> None:
    """Takes the alarm of a kind off a subject, where one is set."""
    tx.change(_CANCEL, {"of_kind": kind, "of_subject": subject})


# -- for the ground ---------------------------------------------------------------------------------


def take(tx: Tx) -> Row[Any] | None:
    """An alarm that is due, locked; nobody else takes it meanwhile."""
    due = select(_ALARM).where(_ALARM.c.at <= tx.now).order_by(_ALARM.c.at, _ALARM.c.kind, _ALARM.c.subject)
    return tx.one(due.limit(1).with_for_update(skip_locked=True))


def done(tx: Tx, row: Row[Any]) -> None:
    """It has gone off; one that its handler set anew for the same subject stays."""
    same = (_ALARM.c.kind == row.kind, _ALARM.c.subject == row.subject)
    tx.execute(delete(_ALARM).where(*same, _ALARM.c.set_for == row.set_for))


def postpone(tx: Tx, row: Row[Any]) -> None:
    """It failed: it goes off again, the later the oftener it has failed."""
    later = tx.now + timedelta(seconds=AGAIN[min(row.failures, len(AGAIN) - 1)])
    same = (_ALARM.c.kind == row.kind, _ALARM.c.subject == row.subject, _ALARM.c.set_for == row.set_for)
    tx.execute(update(_ALARM).where(*same).values(at=later, failures=row.failures + 1))


def following(tx: Tx) -> datetime | None:
    """When the next one is due."""
    found: datetime | None = tx.scalar(_NEXT)
    return found
