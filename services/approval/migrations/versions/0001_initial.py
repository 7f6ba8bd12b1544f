"""Processes, earlier runs, places, decisions, openings and saved lines."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from shared.db import Ident, Json, Utc
from shared.db.ground import create_tables

revision = "approval_0001"
down_revision = None

_SORTED = sa.String(300).with_variant(sa.String(300, collation="C"), "postgresql")


def _col(name: str, type_: Any, *, null: bool = False, **options: Any) -> sa.Column[Any]:
    return sa.Column(name, type_, nullable=null, **options)


def _runs() -> None:
    op.create_table(
        "process",
        _col("document", Ident, primary_key=True),
        _col("sequence", sa.Integer),
        _col("title", _SORTED),
        _col("drafter", Json),
        _col("reading_scope", sa.String(20)),
        _col("closed", sa.Boolean),
        _col("participants", Json),
        _col("submission", sa.Integer),
        _col("version", sa.Integer),
        _col("content_hash", sa.String(64)),
        _col("state", sa.String(20)),
        _col("submitted_at", Utc),
        _col("ended_at", Utc, null=True),
        _col("reason", sa.Text),
        _col("steps", Json),
    )
    op.create_table(
        "earlier_run",
        _col("document", Ident, primary_key=True),
        _col("submission", sa.Integer, primary_key=True, autoincrement=False),
        _col("version", sa.Integer),
        _col("content_hash", sa.String(64)),
        _col("state", sa.String(20)),
        _col("submitted_at", Utc),
        _col("ended_at", Utc),
        _col("reason", sa.Text),
        _col("steps", Json),
    )


def _boxes() -> None:
    op.create_table(
        "place",
        _col("document", Ident, primary_key=True),
        _col("person", Ident, primary_key=True),
        _col("role", sa.String(20)),
        _col("state", sa.String(20)),
        _col("at", Utc),
    )
    op.create_index("place_of_person", "place", ["person", "at", "document"])
    op.create_table(
        "decision",
        _col("document", Ident, primary_key=True),
        _col("person", Ident, primary_key=True),
        _col("title", _SORTED),
        _col("role", sa.String(20)),
        _col("state", sa.String(20)),
        _col("at", Utc),
    )
    op.create_index("decision_of_person", "decision", ["person", "at", "document"])
    op.create_index("decision_of_person_title", "decision", ["person", "title", "document"])


def _surroundings() -> None:
    op.create_table(
        "opening",
        _col("id", Ident, primary_key=True),
        _col("document", Ident, index=True),
        _col("submission", sa.Integer),
        _col("step", sa.Integer),
        _col("at", Utc),
    )
    op.create_table(
        "saved_line",
        _col("id", Ident, primary_key=True),
        _col("person", Ident),
        _col("name", sa.String(100)),
        _col("steps", Json),
        sa.UniqueConstraint("person", "name", name="saved_line_of_person"),
    )


def upgrade() -> None:
    """Creates the service's tables."""
    create_tables(op)
    _runs()
    _boxes()
    _surroundings()
