"""A document keeps what it was made from."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shared.db import Json

revision = "documents_0004"
down_revision = "documents_0003"


def upgrade() -> None:
    """Adds it; documents there are were made from nothing, and so are those of the version before meanwhile."""
    op.add_column("document", sa.Column("sources", Json, nullable=False, server_default="[]"))
