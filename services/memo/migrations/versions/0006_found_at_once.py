"""Indexes of the urgent memos in somebody's boxes, and of a month's entries with what is not in order first.

Looking for these costs the same however much else there is. They are built in the transaction of the revision, during
which nobody sends, reads or enters: about a second for each 100,000 entries of journals, moments for the few that are
urgent. Hence it says that it contracts, though it takes nothing away.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "memo_0006"
down_revision = "memo_0005"
phase = "contract"


def upgrade() -> None:
    """Makes them."""
    op.create_index(
        "delivery_urgent",
        "delivery",
        ["person", "place", "at", "memo"],
        postgresql_where=sa.text("urgent"),
        sqlite_where=sa.text("urgent = 1"),
    )
    op.create_index("journal_entry_of_month", "journal_entry", ["month", "abnormal", "received_at", "id"])
