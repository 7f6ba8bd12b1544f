"""What the service stands on: the ground's tables, files, threads, audiences and alarms."""

from __future__ import annotations

from alembic import op

from shared import audience
from shared.alarms import create_alarm
from shared.db.ground import create_sent, create_tables
from shared.files.tables import create_file
from shared.threads import create_threads

revision = "memo_0001"
down_revision = None


def upgrade() -> None:
    """Creates the tables."""
    create_tables(op)
    create_sent(op)
    create_file(op)
    create_threads(op)
    audience.create_table(op)
    create_alarm(op)
