"""What a program's token is confined to."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "directory_0004"
down_revision = "directory_0003"


def upgrade() -> None:
    """Adds the column `scope` to `session`: empty, which is everything, for the tokens there are."""
    # With a default in the database: the version before goes on making sessions while it still runs.
    op.add_column("session", sa.Column("scope", sa.String(20), nullable=False, server_default=sa.text("''")))
