"""The tables of threads in a service's own schema."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Index, Integer, MetaData, Table, Text

from shared.columns import Ident, Json, Utc


def _columns() -> dict[str, list[Any]]:
    return {
        # One for each object that was written under; its row is locked by who writes, so that places have no gap.
        "thread": [Column("owner", Ident, primary_key=True), Column("last", Integer, nullable=False)],
        # A comment with its present text.
        "comment": [
            Column("id", Ident, primary_key=True),
            Column("owner", Ident, nullable=False),
            Column("sequence", Integer, nullable=False),
            Column("reply_to", Ident),
            Column("person", Json, nullable=False),
            Column("person_id", Ident, nullable=False),
            Column("text", Text, nullable=False),
            Column("mentions", Json, nullable=False),
            Column("version", Integer, nullable=False),
            Column("at", Utc, nullable=False),
            Column("edited_at", Utc),
            Column("withdrawn_at", Utc),
            Index("comment_place", "owner", "sequence", unique=True),
        ],
        # Every text a comment has had; never changed.
        "comment_text": [
            Column("comment", Ident, primary_key=True),
            Column("version", Integer, primary_key=True, autoincrement=False),
            Column("text", Text, nullable=False),
            Column("mentions", Json, nullable=False),
            Column("at", Utc, nullable=False),
        ],
        # Up to which place a person has read a thread.
        "thread_read": [
            Column("owner", Ident, primary_key=True),
            Column("person", Ident, primary_key=True),
            Column("sequence", Integer, nullable=False),
            Column("at", Utc, nullable=False),
        ],
    }


@dataclass(frozen=True)
class Tables:
    """The tables of threads in one service's metadata."""

    thread: Table
    comment: Table
    comment_text: Table
    thread_read: Table


def tables(metadata: MetaData) -> Tables:
    """Declares the tables in `metadata`, or finds them there."""
    return Tables(
        **{
            name: metadata.tables[name] if name in metadata.tables else Table(name, metadata, *columns)
            for name, columns in _columns().items()
        }
    )


def create_threads(op: Any) -> None:
    """Creates the tables; a line of one of the service's revisions."""
    for name, columns in _columns().items():
        op.create_table(name, *columns)
