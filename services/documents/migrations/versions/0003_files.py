"""Attachments are files as every service keeps them (`shared.files`).

While the version before is at work beside it, its processes neither take nor give out attachments: they know the
table that went. All else of theirs goes on.
"""

from __future__ import annotations

from alembic import op

from shared.files.tables import create_file

revision = "documents_0003"
down_revision = "documents_0002"
phase = "contract"


def upgrade() -> None:
    """Moves the rows of `attachment` into `file`."""
    create_file(op)
    op.execute(
        "INSERT INTO file (id, owner, object, name, state, size, type, sha256, person, at) "
        "SELECT id, document, object, name, CASE WHEN stored THEN 'stored' ELSE 'begun' END, "
        "size, type, sha256, person, at FROM attachment"
    )
    op.drop_table("attachment")
