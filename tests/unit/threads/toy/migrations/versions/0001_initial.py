"""The board's tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shared.db import Ident, Json
from shared.db.ground import create_sent, create_tables
from shared.threads import create_threads

revision = "board_0001"
down_revision = None


def upgrade() -> None:
    """Creates them."""
    create_tables(op)
    create_sent(op)
    create_threads(op)
    op.create_table(
        "topic",
        sa.Column("id", Ident, primary_key=True),
        sa.Column("readers", Json, nullable=False),
        sa.Column("closed", sa.Boolean, nullable=False),
        sa.Column("since", Json, nullable=False),
    )
