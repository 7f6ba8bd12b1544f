"""The directory's tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from shared.db import Ident, Json, Utc
from shared.db.ground import create_tables

revision = "directory_0001"
down_revision = None


def _sorted_text(length: int) -> sa.String:
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")


def _departments() -> None:
    op.create_table(
        "organisation",
        sa.Column("code", sa.String(7), primary_key=True),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("root", Ident, nullable=False),
        sa.Column("created_at", Utc, nullable=False),
    )
    op.create_table(
        "department",
        sa.Column("id", Ident, primary_key=True),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("code", sa.String(7), nullable=False, unique=True),
        sa.Column("parent", Ident, nullable=True, index=True),
        sa.Column("sort_order", sa.Integer, nullable=False),
        sa.Column("abolished", sa.Boolean, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
    )
    op.create_table(
        "department_name",
        sa.Column("department", Ident, primary_key=True),
        sa.Column("until", Utc, primary_key=True),
        sa.Column("name", sa.String(100), nullable=False),
    )


def _people() -> None:
    op.create_table(
        "person",
        sa.Column("id", Ident, primary_key=True),
        sa.Column("login", _sorted_text(100), nullable=False, unique=True),
        sa.Column("name", _sorted_text(100), nullable=False),
        sa.Column("email", sa.String(200), nullable=False),
        sa.Column("phone", sa.String(50), nullable=False),
        sa.Column("roles", Json, nullable=False),
        sa.Column("clearance", sa.Integer, nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("locale", sa.String(5), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
    )
    op.create_index("ix_person_name", "person", ["name", "id"])
    op.create_table(
        "person_term",
        sa.Column("term", _sorted_text(100), primary_key=True),
        sa.Column("person", Ident, primary_key=True, index=True),
    )
    op.create_table(
        "post",
        sa.Column("person", Ident, primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("department", Ident, nullable=False),
        sa.Column("position", sa.String(50), nullable=False),
        sa.Column("rank", sa.String(50), nullable=False),
        sa.Column("seniority", sa.Integer, nullable=False),
    )
    op.create_index("ix_post_department", "post", ["department", "seniority"])
    op.create_table(
        "absence",
        sa.Column("id", Ident, primary_key=True),
        sa.Column("person", Ident, nullable=False),
        sa.Column("starts_at", Utc, nullable=False),
        sa.Column("ends_at", Utc, nullable=False),
        sa.Column("reason", sa.String(20), nullable=False),
        sa.Column("deputy", Ident, nullable=True),
        sa.Column("note", sa.String(300), nullable=False),
    )
    op.create_index("ix_absence_person", "absence", ["person", "ends_at"])


def _access() -> None:
    op.create_table(
        "credential",
        sa.Column("person", Ident, primary_key=True),
        sa.Column("password_hash", sa.String(200), nullable=False),
        sa.Column("changed_at", Utc, nullable=False),
        sa.Column("totp_secret", sa.LargeBinary, nullable=True),
        sa.Column("totp_on", sa.Boolean, nullable=False),
        sa.Column("totp_step", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "sign_in_attempts",
        sa.Column("login_hash", sa.String(64), primary_key=True),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("last_at", Utc, nullable=False, index=True),
        sa.Column("locked_until", Utc, nullable=True),
    )
    op.create_table(
        "session",
        sa.Column("id", Ident, primary_key=True),
        sa.Column("token_hash", sa.String(64), nullable=False, unique=True),
        sa.Column("person", Ident, nullable=False, index=True),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("address", sa.String(100), nullable=False),
        sa.Column("agent", sa.String(300), nullable=False),
        sa.Column("created_at", Utc, nullable=False),
        sa.Column("expires_at", Utc, nullable=False),
    )
    op.create_table(
        "session_use",
        sa.Column("id", Ident, primary_key=True),
        sa.Column("session", Ident, nullable=False),
        sa.Column("at", Utc, nullable=False),
    )
    op.create_index("ix_session_use_session", "session_use", ["session", "at"])


def upgrade() -> None:
    """Creates the ground's tables and the directory's own."""
    create_tables(op)
    _departments()
    _people()
    _access()
