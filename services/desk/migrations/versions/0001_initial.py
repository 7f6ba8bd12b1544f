"""To-do items, notices, and how far each process was followed."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from shared.db import Ident, Json, Utc
from shared.db.ground import create_tables

revision = "desk_0001"
down_revision = None


def _col(name: str, type_: Any, *, null: bool = False, **options: Any) -> sa.Column[Any]:
    return sa.Column(name, type_, nullable=null, **options)


def upgrade() -> None:
    """Creates the service's tables."""
    create_tables(op)
    op.create_table(
        "process",
        _col("document", Ident, primary_key=True),
        _col("sequence", sa.Integer),
        _col("ended_at", Utc, null=True, index=True),
    )
    op.create_table(
        "todo",
        _col("id", Ident, primary_key=True),
        _col("person", Ident),
        _col("kind", sa.String(20)),
        _col("subject", Ident),
        _col("title", sa.String(300)),
        _col("role", sa.String(20)),
        _col("sender", Json),
        _col("since", Utc),
        sa.UniqueConstraint("subject", "person", "kind", name="todo_of_subject"),
    )
    op.create_index("todo_of_person", "todo", ["person", "since", "id"])
    op.create_table(
        "notice",
        _col("id", Ident, primary_key=True),
        _col("person", Ident),
        _col("code", sa.String(20)),
        _col("subject", Ident),
        _col("occasion", sa.Integer),
        _col("params", Json),
        _col("at", Utc, index=True),
        _col("read", sa.Boolean),
        sa.UniqueConstraint("subject", "person", "code", "occasion", name="notice_of_occasion"),
    )
    op.create_index("notice_of_person", "notice", ["person", "id"])
