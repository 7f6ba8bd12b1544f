"""An index of the urgent memos in somebody's boxes: looking for them costs the same however many others there are.

It is built in the transaction of the revision, during which nobody sends or reads. Hence it says that it contracts,
though it takes nothing away; few are urgent, so it is over in moments.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "memo_0006"
down_revision = "memo_0005"
phase = "contract"


def upgrade() -> None:
    """Makes it."""
    op.create_index(
        "delivery_urgent",
        "delivery",
        ["person", "place", "at", "memo"],
        postgresql_where=sa.text("urgent"),
        sqlite_where=sa.text("urgent = 1"),
    )
