"""Slots of any service's subjects in place of to-dos of documents; what is on the desks, read and dismissed stays.

Processes of the version before cannot work on it: stop the desk before it, and `oneway desk rebuild` after the
upgrade brings what happened meanwhile.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from shared.db import Ident, Json, Utc

revision = "desk_0003"
down_revision = "desk_0002"
phase = "contract"

_CODE = sa.String(30)

_SUBJECTS = """
INSERT INTO subject (source, subject, sequence, cleared, ended_at)
SELECT 'approval', document, sequence, sequence, ended_at FROM process
"""
# A to-do of a process that was forgotten is older than anything still to be heard of it.
_SLOTS = """
INSERT INTO slot (source, subject, person, kind, sequence, shown, doubted, id, since, noun, role, title, urgency,
    sender, dismissible, params)
SELECT 'approval', subject, person, kind, coalesce(process.sequence, 0), true, false, id, since, 'documents', role,
    title, 0, sender, kind = 'returned', '{}'
FROM todo LEFT JOIN process ON process.document = todo.subject
"""
_NOTICES = """
INSERT INTO notice (id, source, subject, person, code, occasion, noun, params, at, read)
SELECT id, CASE code WHEN 'registered' THEN 'documents' ELSE 'approval' END, subject, person, code, occasion,
    'documents', params, at, read
FROM notice_before
"""


def _col(name: str, type_: Any, *, null: bool = False, **options: Any) -> sa.Column[Any]:
    return sa.Column(name, type_, nullable=null, **options)


def upgrade() -> None:
    """Creates the new tables, carries everything over and drops the old ones."""
    _create_slots()
    op.execute(_SUBJECTS)
    op.execute(_SLOTS)
    op.drop_table("todo")
    op.drop_table("process")
    _create_notices()


def _create_slots() -> None:
    op.create_table(
        "subject",
        _col("source", _CODE, primary_key=True),
        _col("subject", Ident, primary_key=True),
        _col("sequence", sa.Integer),
        _col("cleared", sa.Integer),
        _col("ended_at", Utc, null=True, index=True),
    )
    op.create_table(
        "slot",
        _col("source", _CODE, primary_key=True),
        _col("subject", Ident, primary_key=True),
        _col("person", Ident, primary_key=True),
        _col("kind", _CODE, primary_key=True),
        _col("sequence", sa.Integer),
        _col("shown", sa.Boolean),
        _col("doubted", sa.Boolean),
        _col("dismissed", Utc, null=True),
        _col("id", Ident),
        _col("since", Utc, null=True),
        _col("noun", _CODE),
        _col("role", _CODE),
        _col("title", sa.String(300)),
        _col("due", Utc, null=True),
        _col("urgency", sa.Integer),
        _col("sender", Json),
        _col("dismissible", sa.Boolean),
        _col("params", Json),
    )
    op.create_index(
        "slot_of_person",
        "slot",
        ["person", "since", "id"],
        postgresql_where=sa.text("shown IS true"),
        sqlite_where=sa.text("shown IS 1"),
    )


def _create_notices() -> None:
    # Not renamed: the new table's indexes have the names of the old one's.
    op.execute("CREATE TABLE notice_before AS SELECT * FROM notice")
    op.drop_table("notice")
    op.create_table(
        "notice",
        _col("id", Ident, primary_key=True),
        _col("source", _CODE),
        _col("subject", Ident),
        _col("person", Ident),
        _col("code", _CODE),
        _col("occasion", sa.Integer),
        _col("noun", _CODE),
        _col("params", Json),
        _col("at", Utc, index=True),
        _col("read", sa.Boolean),
        sa.UniqueConstraint("source", "subject", "person", "code", "occasion", name="notice_of_occasion"),
    )
    op.execute(_NOTICES)
    op.drop_table("notice_before")
    op.create_index("notice_of_person", "notice", ["person", "id"])
