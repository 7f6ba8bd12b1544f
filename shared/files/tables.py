"""The table of files in a service's own schema."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Column, Index, MetaData, String, Table, text

from shared.columns import Ident, Utc

BEGUN, STORED, REMOVED, ENDED = "begun", "stored", "removed", "ended"
_TO_SWEEP: dict[str, Any] = {"postgresql_where": text("state <> 'stored'"), "sqlite_where": text("state <> 'stored'")}


def _columns() -> list[Column[Any]]:
    return [
        Column("id", Ident, primary_key=True),
        # The object of this service that the file belongs to.
        Column("owner", Ident, nullable=False, index=True),
        # Its key in the object store.
        Column("object", String(200), nullable=False),
        Column("name", String(255), nullable=False),
        # Begun until its content was accepted; removed once nothing refers to it; ended when its object is to go.
        Column("state", String(10), nullable=False),
        Column("size", BigInteger),
        Column("type", String(100), nullable=False),
        Column("sha256", String(64), nullable=False),
        Column("person", Ident, nullable=False),
        # When it came to its state.
        Column("at", Utc, nullable=False),
    ]


def table(metadata: MetaData) -> Table:
    """Declares the table `file` in a service's metadata, or finds it there."""
    if "file" in metadata.tables:
        return metadata.tables["file"]
    return Table("file", metadata, *_columns(), Index("file_to_sweep", "state", "at", **_TO_SWEEP))


def create_file(op: Any) -> None:
    """Creates the table; a line of one of the service's revisions."""
    op.create_table("file", *_columns())
    op.create_index("file_to_sweep", "file", ["state", "at"], **_TO_SWEEP)
