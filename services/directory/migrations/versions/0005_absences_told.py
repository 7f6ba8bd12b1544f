"""Absences are told to other services, in an order that can be told from the sequence."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "directory_0005"
down_revision = "directory_0004"


def upgrade() -> None:
    """Adds the column `sequence` to `absence`."""
    op.add_column("absence", sa.Column("sequence", sa.Integer, nullable=False, server_default="1"))
