"""Indexes with which a list of to-dos costs the same however many are shown.

They are built in the transaction of the revision, during which nobody writes a slot: about a second for each 100,000
that are shown. Events of the desk wait meanwhile. Hence it says that it contracts, though it takes nothing away.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "desk_0004"
down_revision = "desk_0003"
phase = "contract"


def upgrade() -> None:
    """Makes them; what is on the desks stays as it is."""
    _create("slot_of_kind", "kind", "since", "id")
    _create("slot_by_due", "due", "since", "id", also=" AND urgency < 2")
    _create("slot_urgent", "due", "since", "id", also=" AND urgency = 2")


def _create(name: str, *columns: str, also: str = "") -> None:
    op.create_index(
        name,
        "slot",
        ["person", *columns],
        postgresql_where=sa.text(f"shown IS true{also}"),
        sqlite_where=sa.text(f"shown IS 1{also}"),
    )
