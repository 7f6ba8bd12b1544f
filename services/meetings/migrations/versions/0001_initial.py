"""Meetings with their people, guests, agenda, results and lists; series; committees."""

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

revision = "meetings_0001"
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
    _meetings()
    _guests()
    _results()
    _committees()


def _meetings() -> None:
    op.create_table(
        "meeting",
        _key("id"),
        _col("version", sa.Integer),
        _col("sequence", sa.Integer),
        _col("itip", sa.Integer),
        _col("uid", sa.String(60)),
        _col("kind", sa.String(20)),
        _col("title", sa.String(300)),
        _col("purpose", sa.Text),
        _col("organiser", Json),
        _col("state", sa.String(20)),
        _col("starts_at", Utc),
        _col("ends_at", Utc),
        _col("place", sa.String(200)),
        _col("room", Ident, null=True),
        _col("booking", Ident, null=True),
        _col("link", sa.String(1000), null=True),
        _col("closed", sa.Boolean),
        _col("closed_until", sa.Date, null=True),
        _col("hide_guests", sa.Boolean),
        _col("papers_due", Utc, null=True),
        _col("series", Ident, null=True),
        _col("rid", sa.String(20), null=True),
        _col("committee", Ident, null=True),
        _col("committee_name", sa.String(100)),
        _col("quorum", sa.String(10)),
        _col("year", sa.Integer, null=True),
        _col("turn", sa.Integer, null=True),
        _col("number", sa.String(120), null=True),
        _col("code", sa.String(64)),
        _col("counts", Json),
        _col("sources", Json),
        _col("cards", Json),
        _col("at", Json),
        _col("review_due", Utc, null=True),
        _col("lapsed", sa.Boolean),
        _col("untold", sa.Boolean),
        _col("asks", sa.Boolean),
        _col("called_at", Utc),
    )
    op.create_index("ix_meeting_booking", "meeting", ["booking"])
    op.create_index("ix_meeting_uid", "meeting", ["uid"])
    op.create_index("meeting_of_committee", "meeting", ["committee", "year", "turn"])
    op.create_index("meeting_of_series", "meeting", ["series", "starts_at"])
    op.create_table(
        "person",
        _key("meeting"),
        _key("person_id"),
        _col("number", sa.Integer),
        _col("person", Json),
        _col("role", sa.String(10)),
        _col("answer", sa.String(10)),
        _col("word", sa.Text),
        _col("substitute", Json, null=True),
        _col("stands_for", Ident, null=True),
        _col("present", sa.Boolean, null=True),
        _col("present_at", Utc, null=True),
        _col("review", sa.String(10)),
        _col("note", sa.Text),
        _col("member", sa.Boolean),
        _col("active", sa.Boolean),
        _col("since", Utc, null=True),
    )
    op.create_table(
        "item",
        _key("id"),
        _col("meeting", Ident),
        _col("number", sa.Integer),
        _col("title", sa.String(300)),
        _col("presenter", Json, null=True),
        _col("minutes", sa.Integer, null=True),
        _col("ready", sa.Boolean),
        _col("gist", sa.Text),
        _col("started_at", Utc, null=True),
        _col("spent", sa.Integer),
    )
    op.create_index("item_of_meeting", "item", ["meeting", "number"])
    op.create_table(
        "entry",
        _key("meeting"),
        _key("number", sa.Integer, autoincrement=False),
        _col("at", Utc),
        _col("action", sa.String(30)),
        _col("person", Json, null=True),
        _col("detail", Json),
    )
    op.create_table(
        "place",
        _key("holder", sa.String(60)),
        _key("box", sa.String(20)),
        _key("meeting"),
        _col("ahead", sa.Boolean),
        _col("starts_at", Utc),
    )
    op.create_index("place_by_time", "place", ["holder", "box", "ahead", "starts_at", "meeting"])
    op.create_index("place_of_meeting", "place", ["meeting"])
    op.create_table(
        "series",
        _key("id"),
        _col("rule", sa.String(200)),
        _col("made_at", Utc),
    )


def _guests() -> None:
    op.create_table(
        "guest",
        _key("id"),
        _col("meeting", Ident),
        _col("name", sa.String(100)),
        _col("address", sa.String(254)),
        _col("normal", sa.String(254)),
        _col("answer", sa.String(10)),
        _col("word", sa.Text),
        _col("told_sequence", sa.Integer),
        _col("told_stamp", Utc, null=True),
        _col("present", sa.Boolean, null=True),
        _col("active", sa.Boolean),
    )
    op.create_index("ix_guest_meeting", "guest", ["meeting"])
    op.create_table(
        "letter",
        _key("id"),
        _col("meeting", Ident),
        _col("guest", Ident),
        _col("method", sa.String(10)),
        _col("sequence", sa.Integer),
        _col("state", sa.String(10)),
        _col("due", Utc, null=True),
        _col("lease", Ident, null=True),
        _col("tries", sa.Integer),
        _col("reason", sa.Text),
        _col("made_at", Utc),
    )
    op.create_index("letter_due", "letter", ["due", "id"])
    op.create_index("letter_of_guest", "letter", ["guest", "id"])
    op.create_table(
        "held_answer",
        _key("id"),
        _col("meeting", Ident),
        _col("address", sa.String(300)),
        _col("partstat", sa.String(20)),
        _col("comment", sa.Text),
        _col("at", Utc),
    )
    op.create_index("ix_held_answer_meeting", "held_answer", ["meeting"])


def _results() -> None:
    op.create_table(
        "minutes",
        _key("meeting"),
        _col("version", sa.Integer),
        _col("body", sa.Text),
        _col("state", sa.String(20)),
        _col("written_by", Json),
        _col("written_at", Utc),
        _col("digest", sa.String(64)),
    )
    op.create_table(
        "decision",
        _key("id"),
        _col("meeting", Ident),
        _col("item", Ident, null=True),
        _col("text", sa.Text),
        _col("quorate", sa.Boolean, null=True),
    )
    op.create_index("ix_decision_meeting", "decision", ["meeting"])
    op.create_table(
        "vote",
        _key("id"),
        _col("meeting", Ident),
        _col("item", Ident, null=True),
        _col("question", sa.String(300)),
        _col("secret", sa.Boolean),
        _col("closed", sa.Boolean),
        _col("in_favour", sa.Integer),
        _col("against", sa.Integer),
        _col("abstained", sa.Integer),
    )
    op.create_index("ix_vote_meeting", "vote", ["meeting"])
    op.create_table(
        "ballot",
        _key("vote"),
        _key("person_id"),
        _col("person", Json),
        _col("choice", sa.String(10), null=True),
    )
    op.create_table(
        "action",
        _key("id"),
        _col("meeting", Ident),
        _col("item", Ident, null=True),
        _col("title", sa.String(300)),
        _col("person", Json, null=True),
        _col("due", sa.Date, null=True),
        _col("request", Ident, null=True),
        _col("request_state", sa.String(20)),
        _col("request_sequence", sa.Integer),
    )
    op.create_index("ix_action_meeting", "action", ["meeting"])
    op.create_index("ix_action_request", "action", ["request"])


def _committees() -> None:
    op.create_table(
        "committee",
        _key("id"),
        _col("version", sa.Integer),
        _col("name", sa.String(100)),
        _col("purpose", sa.Text),
        _col("quorum", sa.String(10)),
        _col("closed", sa.Boolean),
        _col("agenda", Json),
        _col("members", Json),
        _col("founder", Json),
    )
    op.create_index("committee_by_name", "committee", ["name", "id"])
    op.create_table(
        "turn",
        _key("committee"),
        _key("year", sa.Integer, autoincrement=False),
        _col("last", sa.Integer),
    )
