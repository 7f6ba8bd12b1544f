"""Events that were published are kept for some days."""

from __future__ import annotations

from alembic import op

from shared.db.ground import create_sent

revision = "desk_0002"
down_revision = "desk_0001"


def upgrade() -> None:
    """Creates the table `sent`."""
    create_sent(op)
