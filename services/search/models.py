"""Tables of the search service."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Boolean, Index, Integer, String, Text, column, table, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from shared import audience
from shared.db import Ident, Json, Utc
from shared.db.ground import tables


class Base(DeclarativeBase):
    """Base of the tables, with the ground's beside them."""


tables(Base.metadata)
AUDIENCE = audience.table(Base.metadata)

_WAITING: dict[str, Any] = {"postgresql_where": text("waiting"), "sqlite_where": text("waiting = 1")}
_Place = BigInteger().with_variant(Integer(), "sqlite")


class Item(Base):
    """An object as its service told of it last; `waiting` while its words are not in the index."""

    __tablename__ = "item"
    subject: Mapped[str] = mapped_column(Ident, primary_key=True)
    source: Mapped[str] = mapped_column(String(20))
    sequence: Mapped[int] = mapped_column(BigInteger)
    noun: Mapped[str] = mapped_column(String(20))
    number: Mapped[str | None] = mapped_column(String(120))
    title: Mapped[str] = mapped_column(String(300))
    state: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime] = mapped_column(Utc)
    owner: Mapped[dict[str, Any] | None] = mapped_column(Json)
    department_id: Mapped[str | None] = mapped_column(Ident)
    department: Mapped[str] = mapped_column(String(100))
    people: Mapped[list[str]] = mapped_column(Json)
    text: Mapped[str] = mapped_column(Text)
    removed: Mapped[bool] = mapped_column(Boolean)
    told_at: Mapped[datetime] = mapped_column(Utc)
    waiting: Mapped[bool] = mapped_column(Boolean)

    __table_args__ = (
        Index("item_at", "at", "subject"),
        Index("item_waiting", "told_at", **_WAITING),
    )


class Words(Base):
    """What an item is found by, and which analyser made it of its text; triggers keep the index beside it."""

    __tablename__ = "words"
    place: Mapped[int] = mapped_column(_Place, primary_key=True, autoincrement=False)
    subject: Mapped[str] = mapped_column(Ident, unique=True)
    analyser: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)


class Link(Base):
    """That an item refers to an object."""

    __tablename__ = "link"
    subject: Mapped[str] = mapped_column(Ident, primary_key=True)
    role: Mapped[str] = mapped_column(String(20), primary_key=True)
    target: Mapped[str] = mapped_column(Ident, primary_key=True, index=True)


class Card(Base):
    """That an item belongs to a task card."""

    __tablename__ = "card"
    card: Mapped[str] = mapped_column(Ident, primary_key=True)
    subject: Mapped[str] = mapped_column(Ident, primary_key=True, index=True)


class Happening(Base):
    """Something that happened to an item: an entry of the timelines of its task cards."""

    __tablename__ = "happening"
    subject: Mapped[str] = mapped_column(Ident, primary_key=True)
    at: Mapped[datetime] = mapped_column(Utc, primary_key=True)
    code: Mapped[str] = mapped_column(String(20), primary_key=True)
    person: Mapped[dict[str, Any] | None] = mapped_column(Json)


# The index proper, which the database keeps: FTS5 on SQLite, a `tsvector` with a GIN index on PostgreSQL.
INDEX = table("words_index", column("rowid"), column("place"), column("vector"), column("words_index"))
