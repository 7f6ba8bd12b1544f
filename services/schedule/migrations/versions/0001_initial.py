"""Calendars with their entries, what is told of others, presence, rooms and their bookings."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from shared import audience
from shared.alarms import create_alarm
from shared.db import Ident, Json, Utc
from shared.db.ground import create_sent, create_tables
from shared.files.tables import create_file

revision = "schedule_0001"
down_revision = None


def _col(name: str, type_: Any, *, null: bool = False, **options: Any) -> sa.Column[Any]:
    return sa.Column(name, type_, nullable=null, **options)


def _key(name: str, type_: Any = Ident) -> sa.Column[Any]:
    return _col(name, type_, primary_key=True)


def upgrade() -> None:
    """Creates the tables."""
    create_tables(op)
    create_sent(op)
    create_file(op)
    audience.create_table(op)
    create_alarm(op)
    _calendars()
    _entries()
    _told()
    _rooms()


def _calendars() -> None:
    op.create_table(
        "calendar",
        _key("id"),
        _col("holder", sa.String(60)),
        _col("slug", sa.String(36)),
        _col("kind", sa.String(20)),
        _col("name", sa.String(100)),
        _col("colour", sa.Integer),
        _col("counts", sa.Boolean),
        _col("number", sa.BigInteger),
        _col("version", sa.Integer),
        _col("department", Ident, null=True),
        _col("by_rule", sa.Boolean),
        _col("removed_at", Utc, null=True),
        sa.UniqueConstraint("holder", "slug"),
    )
    op.create_table(
        "share",
        _key("calendar"),
        _key("principal", sa.String(60)),
        _col("level", sa.String(10)),
    )
    op.create_index("share_of_principal", "share", ["principal", "calendar"])
    op.create_table(
        "feed",
        _key("id"),
        _col("secret_hash", sa.String(64), unique=True),
        _col("calendar", Ident),
        _col("person", Ident),
        _col("name", sa.String(100)),
        _col("level", sa.String(10)),
        _col("created_at", Utc),
        _col("read_at", Utc, null=True),
        _col("revoked_at", Utc, null=True),
    )
    op.create_index("ix_feed_calendar", "feed", ["calendar"])
    op.create_index("ix_feed_person", "feed", ["person"])


def _entries() -> None:
    op.create_table(
        "entry",
        _key("id"),
        _col("calendar", Ident),
        _col("name", sa.String(200)),
        _col("uid", sa.String(500)),
        _col("text", sa.Text),
        _col("tag", sa.String(64)),
        _col("version", sa.Integer),
        _col("sequence", sa.Integer),
        _col("revision", sa.BigInteger),
        _col("stamp", Utc),
        _col("kind", sa.String(20)),
        _col("title", sa.String(300)),
        _col("place", sa.String(300)),
        _col("link", sa.String(1000), null=True),
        _col("importance", sa.Integer),
        _col("visibility", sa.String(10)),
        _col("shown_as", sa.String(10)),
        _col("starts_at", Utc),
        _col("ends_at", Utc),
        _col("all_day", sa.Boolean),
        _col("recurring", sa.Boolean),
        _col("people", Json),
        _col("cards", Json),
        _col("source_noun", sa.String(20), null=True),
        _col("source_subject", Ident, null=True),
        _col("made_from", Json, null=True),
        _col("booking", Ident, null=True),
        _col("entered_by", Json, null=True),
        _col("changed_at", Utc),
        sa.UniqueConstraint("calendar", "name"),
        sa.UniqueConstraint("calendar", "uid"),
    )
    op.create_index("entry_by_end", "entry", ["calendar", "recurring", "ends_at", "starts_at"])
    op.create_index("entry_of_source", "entry", ["source_noun", "source_subject"])
    op.create_table(
        "expansion",
        _key("entry"),
        _col("from_at", Utc),
        _col("to_at", Utc),
        _col("instances", Json),
        _col("truncated", sa.Boolean),
    )
    op.create_index("expansion_until", "expansion", ["to_at"])
    op.create_table(
        "resource",
        _key("calendar"),
        _key("name", sa.String(200)),
        _col("number", sa.BigInteger),
        _col("tag", sa.String(64), null=True),
    )
    op.create_index("resource_by_number", "resource", ["calendar", "number"])
    op.create_table(
        "diary",
        _key("entry"),
        _key("rid", sa.String(40)),
        _col("text", sa.Text),
        _col("progress", sa.Integer, null=True),
        _col("by", Json),
        _col("at", Utc),
    )


def _told() -> None:
    op.create_table(
        "due",
        _key("source", sa.String(20)),
        _key("subject"),
        _key("person", sa.String(36)),
        _key("kind", sa.String(30)),
        _col("sequence", sa.BigInteger),
        _col("noun", sa.String(20)),
        _col("title", sa.String(300)),
        _col("due", Utc, null=True),
        _col("heard_at", Utc),
    )
    op.create_index("due_heard", "due", ["heard_at"])
    op.create_index("due_of_person", "due", ["person", "due"])
    op.create_table(
        "heard",
        _key("source", sa.String(20)),
        _key("subject"),
        _key("person", sa.String(36)),
        _col("sequence", sa.BigInteger),
        _col("heard_at", Utc),
    )
    op.create_index("heard_long_ago", "heard", ["heard_at"])
    op.create_table(
        "absence",
        _key("id"),
        _col("sequence", sa.Integer),
        _col("person", Ident),
        _col("starts_at", Utc),
        _col("ends_at", Utc),
        _col("reason", sa.String(20)),
        _col("deputy", Ident, null=True),
        _col("ended", sa.Boolean),
    )
    op.create_index("absence_of_deputy", "absence", ["deputy", "ends_at"])
    op.create_index("absence_of_person", "absence", ["person", "ends_at"])
    op.create_table(
        "presence",
        _key("person"),
        _col("status", sa.String(10)),
        _col("until", Utc),
        _col("by", Json),
    )
    op.create_table(
        "executive",
        _key("person"),
        _col("ref", Json),
        _col("place", sa.Integer),
        _col("viewers", Json),
        _col("writers", Json),
    )


def _rooms() -> None:
    op.create_table(
        "room",
        _key("id"),
        _col("version", sa.Integer),
        _col("kind", sa.String(10)),
        _col("name", sa.String(100)),
        _col("place", sa.String(200)),
        _col("capacity", sa.Integer),
        _col("fixtures", Json),
        _col("hours", Json),
        _col("bookers", Json),
        _col("approvers", Json),
        _col("no_show", sa.Integer, null=True),
        _col("door", sa.String(80), unique=True),
        _col("removed_at", Utc, null=True),
    )
    op.create_table(
        "closure",
        _key("id"),
        _col("room", Ident),
        _col("starts_at", Utc),
        _col("ends_at", Utc),
        _col("reason", sa.String(200)),
    )
    op.create_index("closure_of_room", "closure", ["room", "ends_at"])
    op.create_table(
        "booking",
        _key("id"),
        _col("key", Ident, unique=True),
        _col("room", Ident),
        _col("noun", sa.String(20)),
        _col("subject", Ident),
        _col("title", sa.String(300)),
        _col("open", sa.Boolean),
        _col("by", Json),
        _col("state", sa.String(10)),
        _col("since", Utc),
        _col("sequence", sa.Integer),
        _col("skipped", Json),
    )
    op.create_index("booking_of_subject", "booking", ["noun", "subject"])
    op.create_table(
        "use",
        _key("noun", sa.String(20)),
        _key("subject"),
        _col("booking", Ident),
        _col("starts_at", Utc),
        _col("ends_at", Utc),
    )
    op.create_table(
        "period",
        _key("id"),
        _col("booking", Ident),
        _col("room", Ident),
        _col("starts_at", Utc),
        _col("ends_at", Utc),
        _col("taken", sa.Boolean),
        _col("checked_in_at", Utc, null=True),
    )
    op.create_index("period_of_booking", "period", ["booking"])
    op.create_index("period_of_room", "period", ["room", "taken", "ends_at"])
