"""What was told, deliveries and messages, settings, devices, bounced addresses."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from shared.db import Ident, Json, Utc
from shared.db.ground import create_sent, create_tables

revision = "notify_0001"
down_revision = None

_CODE = sa.String(30)
_TOPIC = sa.String(40)
_CHANNEL = sa.String(4)


def _col(name: str, type_: Any, *, null: bool = False, **options: Any) -> sa.Column[Any]:
    return sa.Column(name, type_, nullable=null, **options)


def _only(condition: str) -> dict[str, Any]:
    return {"postgresql_where": sa.text(condition), "sqlite_where": sa.text(condition)}


def upgrade() -> None:
    """Creates the service's tables."""
    create_tables(op)
    create_sent(op)
    _create_heard()
    _create_deliveries()
    _create_messages()
    _create_settings()


def _create_heard() -> None:
    op.create_table(
        "subject",
        _col("source", _CODE, primary_key=True),
        _col("subject", Ident, primary_key=True),
        _col("cleared", sa.Integer),
        _col("heard_at", Utc, index=True),
    )
    op.create_table(
        "slot",
        _col("source", _CODE, primary_key=True),
        _col("subject", Ident, primary_key=True),
        _col("person", Ident, primary_key=True),
        _col("kind", _CODE, primary_key=True),
        _col("sequence", sa.Integer),
        _col("since", Utc, null=True),
        _col("heard_at", Utc, index=True),
    )


def _create_deliveries() -> None:
    op.create_table(
        "delivery",
        _col("id", Ident, primary_key=True),
        _col("source", _CODE),
        _col("subject", Ident),
        _col("person", Ident),
        _col("topic", _TOPIC),
        _col("mark", _TOPIC),
        _col("channel", _CHANNEL),
        _col("device", Ident),
        _col("noun", _CODE),
        _col("code", _CODE),
        _col("since", Utc, null=True),
        _col("at", Utc),
        _col("title", sa.String(300)),
        _col("params", Json),
        _col("sender", Json),
        _col("urgent", sa.Boolean),
        _col("grouped", sa.Boolean),
        _col("due", Utc),
        _col("state", sa.String(10)),
        _col("message", Ident, null=True, index=True),
        sa.UniqueConstraint(
            *("source", "subject", "person", "topic", "mark", "channel", "device"), name="delivery_of_thing"
        ),
    )
    waiting = _only("state = 'waiting'")
    op.create_index("delivery_due", "delivery", ["channel", "due", "id"], **waiting)
    op.create_index("delivery_of_person", "delivery", ["person", "channel", "due"], **waiting)
    op.create_index("delivery_at", "delivery", ["due"])


def _create_messages() -> None:
    op.create_table(
        "message",
        _col("id", Ident, primary_key=True),
        _col("channel", _CHANNEL),
        _col("person", Ident),
        _col("device", Ident),
        _col("test", sa.Boolean),
        _col("state", sa.String(10)),
        _col("tries", sa.Integer),
        _col("due", Utc, null=True),
        _col("lease", Ident, null=True),
        _col("wanted_at", Utc),
        _col("made_at", Utc),
        _col("ended_at", Utc, null=True),
        _col("reason", sa.String(200)),
    )
    lost = _only("state NOT IN ('leased', 'again', 'sent', 'void')")
    op.create_index("message_due", "message", ["channel", "due", "id"], **_only("due IS NOT NULL"))
    op.create_index("message_ended", "message", ["ended_at"])
    op.create_index("message_lost", "message", ["ended_at", "id"], **lost)


def _create_settings() -> None:
    op.create_table(
        "preference",
        _col("person", Ident, primary_key=True),
        _col("levels", Json),
        _col("quiet_from", sa.Integer, null=True),
        _col("quiet_until", sa.Integer, null=True),
        _col("digest_hour", sa.Integer, null=True),
        _col("version", sa.Integer),
    )
    op.create_table(
        "minimum",
        _col("id", sa.Integer, primary_key=True, autoincrement=False),
        _col("levels", Json),
        _col("titles", sa.Boolean),
        _col("version", sa.Integer),
    )
    op.create_table(
        "device",
        _col("id", Ident, primary_key=True),
        _col("person", Ident, index=True),
        _col("place", sa.String(64), unique=True),
        _col("endpoint", sa.String(1000)),
        _col("p256dh", sa.String(100)),
        _col("auth", sa.String(30)),
        _col("name", sa.String(100)),
        _col("created_at", Utc),
    )
    op.create_table(
        "bounced",
        _col("person", Ident, primary_key=True),
        _col("address", sa.String(200)),
        _col("at", Utc),
        _col("reason", sa.String(200)),
    )
