"""The tenant's own holidays, and groups of receivers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shared.db import Ident

revision = "directory_0003"
down_revision = "directory_0002"


def upgrade() -> None:
    """Creates the tables `holiday`, `receiver_group` and `receiver_group_member`."""
    op.create_table(
        "holiday",
        sa.Column("day", sa.String(10), primary_key=True),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
    )
    op.create_table(
        "receiver_group",
        sa.Column("id", Ident, primary_key=True),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("owner_kind", sa.String(10), nullable=False),
        sa.Column("owner", Ident, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
    )
    op.create_index("ix_receiver_group_owner", "receiver_group", ["owner", "name", "id"])
    op.create_table(
        "receiver_group_member",
        sa.Column("group_id", Ident, primary_key=True),
        sa.Column("kind", sa.String(10), primary_key=True),
        sa.Column("member", Ident, primary_key=True),
        sa.Column("position", sa.Integer, nullable=False),
    )
