"""Verification journals."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shared.columns import Ident, Json, Utc

revision = "memo_0004"
down_revision = "memo_0003"

_SORTED = sa.String(300).with_variant(sa.String(300, collation="C"), "postgresql")


def upgrade() -> None:
    """Creates the tables."""
    op.create_table(
        "journal",
        sa.Column("id", Ident, primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("title", _SORTED, nullable=False),
        sa.Column("about", sa.Text, nullable=False),
        sa.Column("department_id", Ident, nullable=False),
        sa.Column("department", sa.String(200), nullable=False),
        sa.Column("made_by", Json, nullable=False),
        sa.Column("made_at", Utc, nullable=False),
        sa.Column("schedule", Json, nullable=False),
        sa.Column("way", sa.String(10), nullable=False),
        sa.Column("writers", Json, nullable=False),
        sa.Column("writes", Json, nullable=False),
        sa.Column("verifiers", Json, nullable=False),
        sa.Column("managers", Json, nullable=False),
        sa.Column("fields", Json, nullable=False),
        sa.Column("form_version", sa.Integer, nullable=True),
    )
    op.create_index("journal_by_title", "journal", ["title", "id"])
    op.create_table(
        "journal_entry",
        sa.Column("id", Ident, primary_key=True),
        sa.Column("journal", Ident, nullable=False),
        sa.Column("month", Ident, nullable=False),
        sa.Column("round", Ident, nullable=False),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("shift", sa.String(30), nullable=False),
        sa.Column("place", Ident, nullable=True),
        sa.Column("place_name", sa.String(100), nullable=False),
        sa.Column("writer_id", Ident, nullable=False),
        sa.Column("writer_name", _SORTED, nullable=False),
        sa.Column("writer", Json, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("form_version", sa.Integer, nullable=False),
        sa.Column("values", Json, nullable=False),
        sa.Column("abnormal", sa.Integer, nullable=False),
        sa.Column("notes", Json, nullable=False),
        sa.Column("written_at", Utc, nullable=False),
        sa.Column("received_at", Utc, nullable=False),
        sa.Column("difference", sa.Integer, nullable=False),
        sa.Column("flagged", sa.Boolean, nullable=False),
        sa.Column("decided_by", Json, nullable=True),
        sa.Column("decided_for", Json, nullable=True),
        sa.Column("decided_at", Utc, nullable=True),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("sequence", sa.Integer, nullable=False),
    )
    op.create_index(
        "journal_entry_abnormal_first", "journal_entry", ["journal", "day", "abnormal", "received_at", "id"]
    )
    op.create_index("journal_entry_by_day", "journal_entry", ["journal", "day", "received_at", "id"])
    op.create_index("journal_entry_by_writer", "journal_entry", ["journal", "writer_name", "writer_id", "day"])
    op.create_index("journal_entry_of_round", "journal_entry", ["round", "writer_id"])
    op.create_index("journal_entry_of_writer", "journal_entry", ["writer_id", "day", "received_at", "id"])
    op.create_table(
        "journal_form",
        sa.Column("journal", Ident, primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("title", sa.String(300), nullable=False),
        sa.Column("fields", Json, nullable=False),
        sa.Column("note", sa.String(300), nullable=False),
        sa.Column("person", Json, nullable=False),
        sa.Column("at", Utc, nullable=False),
    )
    op.create_table(
        "journal_month",
        sa.Column("id", Ident, primary_key=True),
        sa.Column("journal", Ident, nullable=False),
        sa.Column("month", sa.String(7), nullable=False),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("last_at", Utc, nullable=False),
        sa.Column("entries", sa.Integer, nullable=False),
        sa.Column("abnormal", sa.Integer, nullable=False),
        sa.Column("verified", sa.Integer, nullable=False),
        sa.Column("awaiting", sa.Integer, nullable=False),
        sa.Column("closed_at", Utc, nullable=True),
        sa.Column("closed_by", Json, nullable=True),
        sa.Column("closed", Json, nullable=True),
        sa.UniqueConstraint("journal", "month", name="journal_month_of_journal"),
    )
    op.create_table(
        "journal_place",
        sa.Column("id", Ident, primary_key=True),
        sa.Column("journal", Ident, nullable=False),
        sa.Column("name", _SORTED, nullable=False),
        sa.Column("code", sa.String(40), nullable=False, unique=True),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("made_at", Utc, nullable=False),
    )
    op.create_index("journal_place_of_journal", "journal_place", ["journal", "name", "id"])
    op.create_table(
        "journal_reader",
        sa.Column("subject", Ident, primary_key=True),
        sa.Column("principal", sa.String(60), primary_key=True),
    )
    op.create_index("journal_reader_of_principal", "journal_reader", ["principal", "subject"])
    op.create_table(
        "journal_round",
        sa.Column("id", Ident, primary_key=True),
        sa.Column("journal", Ident, nullable=False),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("shift", sa.String(30), nullable=False),
        sa.Column("shift_name", sa.String(50), nullable=False),
        sa.Column("opens", Utc, nullable=False),
        sa.Column("ends", Utc, nullable=False),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("expected", Json, nullable=True),
        sa.Column("asked", Json, nullable=False),
        sa.Column("asking", sa.Boolean, nullable=False),
        sa.Column("verifying", Json, nullable=False),
        sa.Column("entries", sa.Integer, nullable=False),
        sa.Column("to_verify", sa.Integer, nullable=False),
        sa.Column("sent_back", sa.Integer, nullable=False),
        sa.Column("abnormal", sa.Integer, nullable=False),
        sa.Column("verify_since", Utc, nullable=True),
        sa.UniqueConstraint("journal", "day", "shift", name="journal_round_of_journal"),
    )
    op.create_index("journal_round_asking", "journal_round", ["journal", "asking"])
    op.create_table(
        "journal_version",
        sa.Column("entry", Ident, primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("month", Ident, nullable=False),
        sa.Column("form_version", sa.Integer, nullable=False),
        sa.Column("values", Json, nullable=False),
        sa.Column("abnormal", Json, nullable=False),
        sa.Column("bad", sa.Integer, nullable=False),
        sa.Column("person", Json, nullable=False),
        sa.Column("at", Utc, nullable=False),
        sa.Column("written_at", Utc, nullable=False),
        sa.Column("sent_at", Utc, nullable=False),
        sa.Column("received_at", Utc, nullable=False),
        sa.Column("difference", sa.Integer, nullable=False),
        sa.Column("flagged", sa.Boolean, nullable=False),
        sa.Column("counts_from", Utc, nullable=True),
        sa.Column("admitted_by", Json, nullable=True),
        sa.Column("decision", sa.String(20), nullable=False),
        sa.Column("decided_by", Json, nullable=True),
        sa.Column("decided_for", Json, nullable=True),
        sa.Column("decided_at", Utc, nullable=True),
        sa.Column("reason", sa.Text, nullable=False),
    )
    op.create_index("journal_version_of_month", "journal_version", ["month", "entry", "version"])
    op.create_table(
        "journal_visit",
        sa.Column("id", Ident, primary_key=True),
        sa.Column("place", Ident, nullable=False),
        sa.Column("person_id", Ident, nullable=False),
        sa.Column("person", Json, nullable=False),
        sa.Column("at", Utc, nullable=False),
    )
    op.create_index("journal_visit_of_place", "journal_visit", ["place", "at"])
