"""The kettle's tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shared.alarms import create_alarm
from shared.db import Ident, Utc
from shared.db.ground import create_sent, create_tables

revision = "kettle_0001"
down_revision = None


def upgrade() -> None:
    """Creates them."""
    create_tables(op)
    create_sent(op)
    create_alarm(op)
    op.create_table(
        "whistle",
        sa.Column("id", Ident, primary_key=True),
        sa.Column("kettle", Ident, nullable=False),
        sa.Column("tune", sa.String(20), nullable=False),
        sa.Column("at", Utc, nullable=False),
    )
