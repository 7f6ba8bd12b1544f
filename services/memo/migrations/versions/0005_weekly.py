"""Weekly and monthly reports: how departments report, what is reported, and its lines."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from shared.db import Ident, Json, Utc

revision = "memo_0005"
down_revision = "memo_0004"


def _col(name: str, type_: Any, *, null: bool = False, **options: Any) -> sa.Column[Any]:
    return sa.Column(name, type_, nullable=null, **options)


def _plans() -> None:
    op.create_table(
        "weekly_plan",
        _col("id", Ident, primary_key=True),
        _col("department", Ident),
        _col("cadence", sa.String(10)),
        _col("name", sa.String(100)),
        _col("weekday", sa.Integer),
        _col("day", sa.Integer),
        _col("hour", sa.Integer),
        _col("active", sa.Boolean),
        _col("version", sa.Integer),
        _col("opened", sa.String(10), null=True),
        _col("next", Json, null=True),
    )
    op.create_index("weekly_plan_of_department", "weekly_plan", ["department", "cadence"], unique=True)


def _reports() -> None:
    op.create_table(
        "weekly_report",
        _col("id", Ident, primary_key=True),
        _col("kind", sa.String(10)),
        _col("unit", Ident),
        _col("unit_name", sa.String(100)),
        _col("title", sa.String(200)),
        *(_col(name, sa.String(10)) for name in ("cadence", "period", "starts_on", "ends_on", "state")),
        _col("version", sa.Integer),
        _col("sequence", sa.Integer),
        _col("writer_id", Ident),
        _col("writer", Json),
        _col("deputy_id", Ident, null=True),
        _col("deputy", Json, null=True),
        _col("above", Ident, null=True),
        _col("place", sa.Integer),
        _col("previous", Ident, null=True),
        _col("carried", sa.Boolean),
        _col("opened_at", Utc),
        _col("due_at", Utc),
        *(_col(name, Utc, null=True) for name in ("gathers_at", "submitted_at", "taken_at", "returned_at")),
        _col("reason", sa.Text),
        _col("asked_at", Utc, null=True),
        _col("sender", Json, null=True),
        _col("excused", sa.String(10), null=True),
    )
    op.create_index("weekly_report_of_unit", "weekly_report", ["unit", "cadence", "starts_on"], unique=True)
    op.create_index("weekly_report_of_department", "weekly_report", ["unit", "starts_on", "id"])
    op.create_index("weekly_report_of_writer", "weekly_report", ["writer_id", "starts_on", "id"])
    op.create_index("weekly_report_above", "weekly_report", ["above", "place", "id"])


def _lines() -> None:
    op.create_table(
        "weekly_line",
        _col("id", Ident, primary_key=True),
        _col("report", Ident),
        _col("place", sa.Integer),
        _col("section", sa.String(10)),
        _col("text", sa.Text),
        _col("writers", Json),
        _col("origin", Ident, null=True),
        _col("origin_report", Ident, null=True),
        _col("source", sa.Text),
        _col("carried_from", Ident, null=True),
        _col("editor", Json, null=True),
        _col("left_out", sa.Boolean),
        _col("withdrawn", sa.Boolean),
        _col("merged_into", Ident, null=True),
        _col("cards", Json),
    )
    op.create_index("weekly_line_of_report", "weekly_line", ["report", "place"])


def upgrade() -> None:
    """Creates the tables."""
    _plans()
    _reports()
    _lines()
