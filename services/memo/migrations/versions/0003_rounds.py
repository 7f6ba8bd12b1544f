"""Opinion rounds: what is asked, of whom, and what was answered."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from shared.db import Ident, Json, Utc

revision = "memo_0003"
down_revision = "memo_0002"


def _col(name: str, type_: Any, *, null: bool = False, **options: Any) -> sa.Column[Any]:
    return sa.Column(name, type_, nullable=null, **options)


def _rounds() -> None:
    op.create_table(
        "opinion_round",
        _col("id", Ident, primary_key=True),
        _col("state", sa.String(10)),
        _col("sequence", sa.Integer),
        _col("asker_id", Ident),
        _col("asker", Json),
        _col("title", sa.String(300)),
        _col("body", sa.Text),
        _col("questions", Json),
        _col("anonymous", sa.Boolean),
        _col("late", sa.String(10)),
        _col("sources", Json),
        _col("departments", Json),
        _col("asked", sa.Integer),
        _col("at", Utc),
        _col("closes_at", Utc),
        _col("ended_at", Utc, null=True),
    )
    op.create_index("opinion_round_of_asker", "opinion_round", ["asker_id", "at", "id"])


def _answers() -> None:
    op.create_table(
        "opinion_asked",
        _col("round", Ident, primary_key=True),
        _col("person", Ident, primary_key=True),
        _col("ref", Json),
        _col("standing", sa.String(10)),
        _col("refused", sa.Boolean),
        _col("is_open", sa.Boolean),
        _col("at", Utc),
    )
    op.create_index("opinion_asked_of_person", "opinion_asked", ["person", "is_open", "at", "round"])
    op.create_table(
        "opinion_answer",
        _col("round", Ident, primary_key=True),
        _col("person", Ident, primary_key=True),
        _col("answers", Json),
        _col("at", Utc),
    )
    op.create_table(
        "opinion_voice",
        _col("id", Ident, primary_key=True),
        _col("round", Ident),
        _col("question", sa.Integer),
        _col("value", Json),
    )
    op.create_index("ix_opinion_voice_round", "opinion_voice", ["round"])


def upgrade() -> None:
    """Creates the tables."""
    _rounds()
    _answers()
