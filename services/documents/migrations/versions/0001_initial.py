"""Documents, their versions, attachments, record folders, forms, number series and readings."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from shared.db import Ident, Json, Utc
from shared.db.ground import create_tables

revision = "documents_0001"
down_revision = None

_SORTED = sa.String(300).with_variant(sa.String(300, collation="C"), "postgresql")
_REGISTERED: dict[str, Any] = {
    "postgresql_where": sa.text("number IS NOT NULL"),
    "sqlite_where": sa.text("number IS NOT NULL"),
}


def _col(name: str, type_: Any, *, null: bool = False, **options: Any) -> sa.Column[Any]:
    return sa.Column(name, type_, nullable=null, **options)


def _documents() -> None:
    op.create_table(
        "document",
        _col("id", Ident, primary_key=True),
        _col("state", sa.String(20)),
        _col("version", sa.Integer),
        _col("submission", sa.Integer),
        _col("sequence", sa.Integer),
        _col("title", _SORTED),
        _col("drafter_id", Ident),
        _col("drafter", Json),
        _col("department_id", Ident),
        _col("department", sa.String(100)),
        _col("folder_id", Ident, null=True),
        _col("disclosure", Json),
        _col("disclosure_class", sa.String(20)),
        _col("reading_scope", sa.String(20)),
        _col("attachments", sa.Integer),
        _col("for_dispatch", sa.Boolean),
        _col("content_hash", sa.String(64)),
        _col("participants", Json),
        _col("history", Json),
        _col("created_at", Utc),
        _col("updated_at", Utc),
        _col("submitted_at", Utc, null=True),
        _col("registered_at", Utc, null=True),
        _col("number", sa.String(120), null=True),
        _col("number_year", sa.Integer),
        _col("number_serial", sa.Integer),
        _col("decision", Json, null=True),
    )
    op.create_index("document_own", "document", ["drafter_id", "state", "updated_at", "id"])
    for name, columns in (
        ("document_own_title", ["drafter_id", "title", "id"]),
        ("document_own_number", ["drafter_id", "number_year", "number_serial", "id"]),
        ("document_register_title", ["department_id", "number_year", "title", "id"]),
    ):
        op.create_index(name, "document", columns, **_REGISTERED)
    series = ["department_id", "number_year", "number_serial"]
    op.create_index("document_register", "document", series, unique=True, **_REGISTERED)


def _contents() -> None:
    op.create_table(
        "version",
        _col("document", Ident, primary_key=True),
        _col("version", sa.Integer, primary_key=True, autoincrement=False),
        _col("at", Utc),
        _col("person", Json),
        _col("title", sa.String(300)),
        _col("body", sa.Text),
        _col("rest", Json),
        _col("content_hash", sa.String(64)),
    )
    op.create_table(
        "attachment",
        _col("id", Ident, primary_key=True),
        _col("document", Ident, index=True),
        _col("object", sa.String(200)),
        _col("name", sa.String(255)),
        _col("stored", sa.Boolean),
        _col("size", sa.BigInteger, null=True),
        _col("type", sa.String(100)),
        _col("sha256", sa.String(64)),
        _col("person", Ident),
        _col("at", Utc),
    )


def _surroundings() -> None:
    op.create_table(
        "folder",
        _col("id", Ident, primary_key=True),
        _col("department_id", Ident),
        _col("year", sa.Integer),
        _col("unit_task", sa.String(100)),
        _col("title", sa.String(200)),
        _col("retention", sa.String(20)),
        _col("position", sa.Integer),
        sa.UniqueConstraint("department_id", "year", "unit_task", "title", name="folder_of_department"),
    )
    op.create_table(
        "form",
        _col("id", sa.String(50), primary_key=True),
        _col("name", sa.String(100)),
        _col("body", sa.Text),
        _col("retention", sa.String(20)),
        _col("disclosure", Json),
    )
    op.create_table(
        "series",
        _col("department_id", Ident, primary_key=True),
        _col("year", sa.Integer, primary_key=True, autoincrement=False),
        _col("last", sa.Integer),
    )
    op.create_table(
        "reading",
        _col("id", Ident, primary_key=True),
        _col("document", Ident, index=True),
        _col("version", sa.Integer),
        _col("person", Json),
        _col("session", sa.String(36)),
        _col("at", Utc),
    )


def upgrade() -> None:
    """Creates the service's tables."""
    create_tables(op)
    _documents()
    _contents()
    _surroundings()
