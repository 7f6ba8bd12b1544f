"""The tables of the toy services."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shared.alarms import create_alarm
from shared.db import Ident
from shared.db.ground import create_sent, create_tables

revision = "toy_0001"
down_revision = None


def upgrade() -> None:
    """Creates them."""
    create_tables(op)
    create_sent(op)
    create_alarm(op)
    for name in ("thing", "effect"):
        op.create_table(
            name,
            sa.Column("id", Ident, primary_key=True),
            sa.Column("series", sa.String(50), nullable=False),
            sa.Column("number", sa.Integer, nullable=False),
        )
    op.create_table(
        "counter",
        sa.Column("name", sa.String(50), primary_key=True),
        sa.Column("value", sa.Integer, nullable=False),
    )
