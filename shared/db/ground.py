"""The tables every service has beside its own: outbox, sent, inbox, idempotency, audit and its seals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, Column, Integer, MetaData, String, Table, Text

from shared.columns import Ident, Utc


def _events() -> list[Column[Any]]:
    return [
        Column("id", Ident, primary_key=True),
        Column("type", String(100), nullable=False),
        Column("context", Text, nullable=False),
        Column("body", Text, nullable=False),
        Column("at", Utc, nullable=False, index=True),
    ]


def _columns() -> dict[str, list[Column[Any]]]:
    return {
        # What was emitted and is not yet confirmed by the broker; normally empty.
        "outbox": _events(),
        # What was emitted and is confirmed, for some days (`shared.db.sent`).
        "sent": _events(),
        # Ids of the events that have had their effect here.
        "inbox": [Column("id", Ident, primary_key=True), Column("at", Utc, nullable=False, index=True)],
        # Answers of commands by idempotency key, with a hash of what was asked.
        "idempotency": [
            Column("key", String(200), primary_key=True),
            Column("request", String(64), nullable=False),
            Column("answer", Text, nullable=False),
            Column("at", Utc, nullable=False, index=True),
        ],
        # The record. `entry` is canonical JSON, kept as text so that its bytes stay what was hashed.
        "audit": [
            Column("id", Ident, primary_key=True),
            Column("at", Utc, nullable=False),
            Column("action", String(100), nullable=False),
            Column("subject", String(100), nullable=False, index=True),
            Column("entry", Text, nullable=False),
            # Made with the row: what somebody else writes into the database is told from what a crash left unsealed.
            Column("mac", String(64), nullable=False),
        ],
        # The chain over the record: hash = HMAC(previous hash, audit row).
        "audit_seal": [
            Column("seq", BigInteger().with_variant(Integer(), "sqlite"), primary_key=True, autoincrement=False),
            Column("audit_id", Ident, nullable=False, unique=True),
            Column("hash", String(64), nullable=False),
        ],
    }


@dataclass(frozen=True)
class Ground:
    """The ground's tables in one service's metadata."""

    outbox: Table
    sent: Table
    inbox: Table
    idempotency: Table
    audit: Table
    audit_seal: Table


def tables(metadata: MetaData) -> Ground:
    """Declares the ground's tables in `metadata`, or finds them there."""
    return Ground(
        **{
            name: metadata.tables[name] if name in metadata.tables else Table(name, metadata, *columns)
            for name, columns in _columns().items()
        }
    )


def create_tables(op: Any) -> None:
    """Creates the tables the ground began with; the first lines of a service's first revision."""
    for name, columns in _columns().items():
        if name != "sent":
            op.create_table(name, *columns)


def create_sent(op: Any) -> None:
    """Creates the table that came second; a new service does it right after `create_tables`."""
    op.create_table("sent", *_columns()["sent"])
