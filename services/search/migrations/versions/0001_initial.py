"""Items with their audience, links, task cards and happenings; the words they are found by, and the index of these."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TSVECTOR

from shared import audience
from shared.db import Ident, Json, Utc
from shared.db.ground import create_sent, create_tables

revision = "search_0001"
down_revision = None


def _col(name: str, type_: Any, *, null: bool = False, **options: Any) -> sa.Column[Any]:
    return sa.Column(name, type_, nullable=null, **options)


def upgrade() -> None:
    """Creates the service's tables."""
    create_tables(op)
    create_sent(op)
    audience.create_table(op)
    op.create_table(
        "item",
        _col("subject", Ident, primary_key=True),
        _col("source", sa.String(20)),
        _col("sequence", sa.BigInteger),
        _col("noun", sa.String(20)),
        _col("number", sa.String(120), null=True),
        _col("title", sa.String(300)),
        _col("state", sa.String(20)),
        _col("at", Utc),
        _col("owner", Json, null=True),
        _col("department_id", Ident, null=True),
        _col("department", sa.String(100)),
        _col("people", Json),
        _col("text", sa.Text),
        _col("removed", sa.Boolean),
        _col("told_at", Utc),
        _col("waiting", sa.Boolean),
    )
    op.create_index("item_at", "item", ["at", "subject"])
    op.create_index(
        "item_waiting",
        "item",
        ["told_at"],
        postgresql_where=sa.text("waiting"),
        sqlite_where=sa.text("waiting = 1"),
    )
    op.create_table(
        "link",
        _col("subject", Ident, primary_key=True),
        _col("role", sa.String(20), primary_key=True),
        _col("target", Ident, primary_key=True, index=True),
    )
    op.create_table(
        "card",
        _col("card", Ident, primary_key=True),
        _col("subject", Ident, primary_key=True, index=True),
    )
    op.create_table(
        "happening",
        _col("subject", Ident, primary_key=True),
        _col("at", Utc, primary_key=True),
        _col("code", sa.String(20), primary_key=True),
        _col("person", Json, null=True),
    )
    op.create_table(
        "words",
        _col("place", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True, autoincrement=False),
        _col("subject", Ident, unique=True),
        _col("analyser", sa.String(20)),
        _col("title", sa.Text),
        _col("text", sa.Text),
    )
    if op.get_bind().dialect.name == "postgresql":
        _index_of_postgresql()
    else:
        _index_of_sqlite()


def _index_of_postgresql() -> None:
    """Words come parted by blanks and in their final form: the configuration `simple` takes them as they are."""
    op.create_table(
        "words_index",
        _col(
            "place",
            sa.BigInteger,
            primary_key=True,
            autoincrement=False,
        ),
        _col("vector", TSVECTOR),
        sa.ForeignKeyConstraint(["place"], ["words.place"], ondelete="CASCADE"),
        if_not_exists=True,
    )
    op.create_index("words_index_vector", "words_index", ["vector"], postgresql_using="gin", if_not_exists=True)
    op.execute(
        """
        CREATE OR REPLACE FUNCTION words_indexed() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            INSERT INTO words_index (place, vector) VALUES (
                NEW.place,
                setweight(to_tsvector('simple', NEW.title), 'A') || setweight(to_tsvector('simple', NEW.text), 'D')
            )
            ON CONFLICT (place) DO UPDATE SET vector = EXCLUDED.vector;
            RETURN NULL;
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER words_indexed AFTER INSERT OR UPDATE ON words FOR EACH ROW EXECUTE FUNCTION words_indexed()"
    )


def _index_of_sqlite() -> None:
    """An index that keeps no second copy of the words: it is told what went, and what came."""
    op.execute(
        "CREATE VIRTUAL TABLE IF NOT EXISTS words_index"
        " USING fts5(title, text, content='words', content_rowid='place', tokenize='unicode61')"
    )
    op.execute(
        "CREATE TRIGGER words_came AFTER INSERT ON words BEGIN"
        " INSERT INTO words_index (rowid, title, text) VALUES (new.place, new.title, new.text); END"
    )
    op.execute(
        "CREATE TRIGGER words_went AFTER DELETE ON words BEGIN"
        " INSERT INTO words_index (words_index, rowid, title, text)"
        " VALUES ('delete', old.place, old.title, old.text); END"
    )
