"""The wall's tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shared.db import Ident
from shared.db.ground import create_sent, create_tables
from shared.files.tables import create_file

revision = "wall_0001"
down_revision = None


def upgrade() -> None:
    """Creates them."""
    create_tables(op)
    create_sent(op)
    create_file(op)
    op.create_table(
        "note",
        sa.Column("id", Ident, primary_key=True),
        sa.Column("person", Ident, nullable=False),
        sa.Column("quoted", sa.Integer, nullable=False),
    )
