"""A month of a journal that was signed off may be opened again: each time that was stays on it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shared.db import Json

revision = "memo_0007"
down_revision = "memo_0006"


def upgrade() -> None:
    """Adds the times; no month has been opened again so far."""
    op.add_column("journal_month", sa.Column("reopened", Json, nullable=False, server_default="[]"))
