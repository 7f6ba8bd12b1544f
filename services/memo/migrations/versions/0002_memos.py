"""Memos, their deliveries and what happened to them; templates and settings."""

from __future__ import annotations

import re
from typing import Any

import sqlalchemy as sa
from alembic import op

from shared.db import Ident, Json, Utc

revision = "memo_0002"
down_revision = "memo_0001"


def _only(condition: str) -> dict[str, Any]:
    # SQLite knows no booleans, and takes an index only where its condition reads as the query's does.
    sqlite = re.sub(r"\b(unread|urgent)\b", r"\1 = 1", condition)
    return {"postgresql_where": sa.text(condition), "sqlite_where": sa.text(sqlite)}


def _required(name: str, type_: Any) -> sa.Column[Any]:
    return sa.Column(name, type_, nullable=False)


def upgrade() -> None:
    """Creates the tables."""
    _memos()
    _deliveries()
    _rest()


def _memos() -> None:
    op.create_table(
        "memo",
        sa.Column("id", Ident, primary_key=True),
        _required("state", sa.String(10)),
        _required("shelf", sa.String(10)),
        _required("version", sa.Integer),
        _required("sequence", sa.Integer),
        _required("kind", sa.String(20)),
        _required("title", sa.String(300)),
        _required("urgent", sa.Boolean),
        _required("asks", sa.Boolean),
        _required("no_forward", sa.Boolean),
        sa.Column("escalate_after", sa.Integer),
        sa.Column("send_at", Utc),
        _required("sender_id", Ident),
        _required("sender", Json),
        _required("first", Json),
        _required("named", sa.Integer),
        _required("files", sa.Integer),
        _required("receivers", sa.Integer),
        _required("read", sa.Integer),
        _required("answered", sa.Integer),
        _required("sources", Json),
        _required("created_at", Utc),
        _required("updated_at", Utc),
        sa.Column("sent_at", Utc),
        _required("at", Utc),
    )
    op.create_index("memo_own", "memo", ["sender_id", "shelf", "at", "id"])
    op.create_table(
        "content",
        sa.Column("memo", Ident, primary_key=True),
        _required("body", sa.Text),
        _required("to", Json),
        _required("cc", Json),
    )


def _deliveries() -> None:
    op.create_table(
        "delivery",
        sa.Column("memo", Ident, primary_key=True),
        sa.Column("person", Ident, primary_key=True),
        sa.Column("id", Ident, nullable=False, unique=True),
        _required("number", sa.Integer),
        _required("ref", Json),
        _required("role", sa.String(10)),
        _required("via", sa.String(10)),
        sa.Column("by", Json),
        _required("note", sa.Text),
        _required("arrived_at", Utc),
        _required("state", sa.String(10)),
        _required("asks", sa.Boolean),
        _required("urgent", sa.Boolean),
        sa.Column("read_at", Utc),
        sa.Column("channel", sa.String(10)),
        sa.Column("answer", sa.String(10)),
        _required("text", sa.Text),
        sa.Column("answered_at", Utc),
        _required("place", sa.String(10)),
        _required("at", Utc),
        _required("unread", sa.Boolean),
        sa.Column("pinned_at", Utc),
        sa.Column("snoozed_till", Utc),
        _required("todo", sa.String(10)),
        _required("since", Utc),
        sa.Column("escalate_at", Utc),
        _required("gone_to", Json),
        _required("joined", sa.Integer),
        sa.Column("sees_from", Utc),
    )
    for name, columns, condition in (
        ("box", ["person", "place", "at", "memo"], ""),
        ("unread", ["person", "place", "at", "memo"], "unread"),
        ("pinned", ["person", "pinned_at", "memo"], "pinned_at IS NOT NULL"),
        ("alert", ["person", "at"], "urgent AND todo = 'read'"),
        ("receipts", ["memo", "number"], ""),
        ("todo", ["memo"], "todo <> ''"),
        ("due", ["memo", "escalate_at"], "escalate_at IS NOT NULL"),
    ):
        op.create_index(f"delivery_{name}", "delivery", columns, **(_only(condition) if condition else {}))


def _rest() -> None:
    op.create_table(
        "step",
        sa.Column("memo", Ident, primary_key=True),
        sa.Column("sequence", sa.Integer, primary_key=True, autoincrement=False),
        _required("code", sa.String(20)),
        sa.Column("person", Json),
        _required("at", Utc),
        _required("params", Json),
        _required("notified", Json),
    )
    op.create_index("step_at", "step", ["at", "memo"])
    op.create_table(
        "viewing",
        sa.Column("id", Ident, primary_key=True),
        sa.Column("memo", Ident, nullable=False, index=True),
        _required("person", Json),
        _required("session", sa.String(36)),
        _required("at", Utc),
    )
    op.create_table(
        "template",
        sa.Column("id", Ident, primary_key=True),
        _required("department_id", Ident),
        _required("name", sa.String(100)),
        _required("kind", sa.String(20)),
        _required("title", sa.String(300)),
        _required("body", sa.Text),
        _required("person", Json),
        _required("at", Utc),
        sa.UniqueConstraint("department_id", "name", name="template_of_department"),
    )
    op.create_table(
        "setting",
        sa.Column("name", sa.String(30), primary_key=True),
        _required("value", sa.Integer),
    )
