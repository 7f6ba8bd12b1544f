"""Minutes that several people write at once: their updates, and how they stand."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shared.db import Ident, Json, Utc

revision = "meetings_0002"
down_revision = "meetings_0001"


def upgrade() -> None:
    """Creates the tables."""
    op.create_table(
        "minutes_state",
        sa.Column("meeting", Ident, primary_key=True),
        sa.Column("last", sa.Integer, nullable=False),
        sa.Column("held", sa.Integer, nullable=False),
        sa.Column("settled", sa.Integer, nullable=False),
        sa.Column("snapshot", sa.Text, nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("seeded", Json, nullable=False),
        sa.Column("everyone", sa.Boolean, nullable=False),
    )
    op.create_table(
        "minutes_update",
        sa.Column("meeting", Ident, primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("key", Ident, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("person", Json, nullable=False),
        sa.Column("client", sa.BigInteger, nullable=False),
        sa.Column("cursor", sa.Text, nullable=False),
        sa.Column("at", Utc, nullable=False),
    )
    op.create_index("minutes_update_of_key", "minutes_update", ["meeting", "key"])
