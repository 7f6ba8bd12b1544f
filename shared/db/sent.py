"""Events the broker has confirmed, kept for some days: a confirmation is not yet an effect.

A database that is taken back to an earlier point in time, or carried to another installation, may hold an event that
was confirmed and not yet handled; the broker that had it is another one there, or has gone on. So it must be possible
to send it again. Consumers' inboxes, which are kept for longer, make a repetition harmless.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import Connection, Executable, Table, delete, select

from shared import dialects
from shared.db.ground import Ground
from shared.db.tx import Tx

# A consumer that is away over a long weekend still gets everything.
KEEP = timedelta(days=4)


def keep(tx: Tx, tables: Ground, ids: Sequence[str]) -> None:
    """Takes events off the outbox that the broker has confirmed."""
    for statement in _moving(tx.connection, tables.outbox, tables.sent, ids):
        tx.change(statement, {})


def send_again(conn: Connection, tables: Ground, ids: Sequence[str]) -> None:
    """Puts events back on the outbox: the service's next sweep publishes them."""
    for statement in _moving(conn, tables.sent, tables.outbox, ids):
        conn.execute(statement)


def _moving(conn: Connection, source: Table, target: Table, ids: Sequence[str]) -> tuple[Executable, Executable]:
    columns = [column.name for column in target.c]
    rows = select(*(source.c[name] for name in columns)).where(source.c.id.in_(ids))
    # Another process may be doing the same.
    insert = dialects.insert(conn, target).from_select(columns, rows).on_conflict_do_nothing()
    return insert, delete(source).where(source.c.id.in_(ids))
