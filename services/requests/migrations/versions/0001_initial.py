"""Requests with their parts, history, lists, extensions, outcomes, series and the rule of reminders."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from shared import audience
from shared.alarms import create_alarm
from shared.db import Ident, Json, Utc
from shared.db.ground import create_sent, create_tables
from shared.files.tables import create_file
from shared.threads import create_threads

revision = "requests_0001"
down_revision = None


def _col(name: str, type_: Any, *, null: bool = False, **options: Any) -> sa.Column[Any]:
    return sa.Column(name, type_, nullable=null, **options)


def _key(name: str, type_: Any = Ident, **options: Any) -> sa.Column[Any]:
    return _col(name, type_, primary_key=True, **options)


def upgrade() -> None:
    """Creates the tables."""
    create_tables(op)
    create_sent(op)
    create_file(op)
    create_threads(op)
    audience.create_table(op)
    create_alarm(op)
    _requests()
    _parts()
    _lists()
    _rules()


def _requests() -> None:
    op.create_table(
        "request",
        _key("id"),
        _col("version", sa.Integer),
        _col("sequence", sa.Integer),
        _col("kind", sa.String(20)),
        _col("title", sa.String(300)),
        _col("body", sa.Text),
        _col("text", sa.Text),
        _col("asker", Json),
        _col("entered_by", Json, null=True),
        _col("unconfirmed", sa.Boolean),
        _col("state", sa.String(20)),
        _col("urgency", sa.Integer),
        _col("due_at", Utc, null=True),
        _col("whole_day", sa.Boolean),
        _col("first_due_at", Utc, null=True),
        _col("first_whole_day", sa.Boolean),
        _col("sources", Json),
        _col("cards", Json),
        _col("parent", Ident, null=True),
        _col("weight", sa.Integer),
        _col("own", sa.Integer),
        _col("progress", sa.Integer),
        _col("waits_for", Ident, null=True),
        _col("blocked", sa.Boolean),
        _col("series", Ident, null=True),
        _col("extension", Ident, null=True),
        _col("former", Json),
        _col("word", Json, null=True),
        _col("asked_at", Utc),
        _col("handed_in_at", Utc, null=True),
        _col("ended_at", Utc, null=True),
        _col("escalated_at", Utc, null=True),
    )
    op.create_index("request_of_parent", "request", ["parent", "id"])
    op.create_index("request_waiting", "request", ["waits_for", "id"])


def _parts() -> None:
    op.create_table(
        "part",
        _key("request"),
        _key("number", sa.Integer, autoincrement=False),
        _col("lead", sa.Boolean),
        _col("state", sa.String(20)),
        _col("since", Utc),
        _col("tenant", sa.String(50)),
        _col("person", Json, null=True),
        _col("person_id", Ident, null=True),
        _col("department", Json, null=True),
        _col("candidates", Json),
        _col("offers", sa.String(10)),
        _col("percent", sa.Integer),
    )
    op.create_table(
        "entry",
        _key("request"),
        _key("number", sa.Integer, autoincrement=False),
        _col("at", Utc),
        _col("action", sa.String(30)),
        _col("person", Json, null=True),
        _col("detail", Json),
    )
    op.create_table(
        "extension",
        _key("id"),
        _col("request", Ident),
        _col("asker", Json),
        _col("at", Utc),
        _col("due_at", Utc),
        _col("whole_day", sa.Boolean),
        _col("before_at", Utc),
        _col("before_whole_day", sa.Boolean),
        _col("reason", sa.Text),
    )


def _lists() -> None:
    op.create_table(
        "place",
        _key("holder", sa.String(60)),
        _key("box", sa.String(20)),
        _key("request"),
        _col("running", sa.Boolean),
        _col("due", Utc),
        _col("at", Utc),
    )
    op.create_index("place_by_due", "place", ["holder", "box", "running", "due", "request"])
    op.create_index("place_by_time", "place", ["holder", "box", "running", "at", "request"])
    op.create_index("place_of_request", "place", ["request"])
    op.create_table(
        "outcome",
        _key("request"),
        _col("month", sa.String(7)),
        _col("department_id", Ident),
        _col("department", sa.String(100)),
        _col("asker", Ident),
        _col("lead", sa.Integer),
        _col("late", sa.Integer),
        _col("late_first", sa.Integer),
    )
    op.create_index("outcome_of_department", "outcome", ["department_id", "month"])
    op.create_index("outcome_of_asker", "outcome", ["asker", "month"])
    op.create_index("outcome_of_month", "outcome", ["month"])


def _rules() -> None:
    op.create_table(
        "series",
        _key("id"),
        _col("owner", Ident),
        _col("asker", Json),
        _col("content", Json),
        _col("rule", Json),
        _col("next_due", sa.String(10), null=True),
        _col("last", Ident),
        _col("stopped_at", Utc, null=True),
    )
    op.create_index("ix_series_owner", "series", ["owner"])
    op.create_table(
        "reminder_rule",
        _key("id", sa.Integer, autoincrement=False),
        _col("version", sa.Integer),
        _col("rule", Json),
    )
    op.create_table("tree_lock", _key("id", sa.Integer, autoincrement=False))
