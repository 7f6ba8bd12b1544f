"""Notes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shared.db import Ident
from shared.db.ground import create_sent, create_tables

revision = "notes_0001"
down_revision = None


def upgrade() -> None:
    """Creates the service's tables."""
    create_tables(op)
    create_sent(op)
    op.create_table(
        "note",
        sa.Column("id", Ident, primary_key=True),
        sa.Column("person", Ident, nullable=False, index=True),
        sa.Column("text", sa.String(200), nullable=False),
    )
