"""Tables of the approval service."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from shared.db import Ident, Json, Utc
from shared.db.ground import tables


class Base(DeclarativeBase):
    """Base of the tables, with the ground's beside them."""


tables(Base.metadata)

# Titles in the order of Hangul's code points, the same on both databases and served by an index.
_SORTED = String(300).with_variant(String(300, collation="C"), "postgresql")


class Process(Base):
    """A document's process: its present run, and who may look at it. `sequence` is that of the last event told."""

    __tablename__ = "process"
    document: Mapped[str] = mapped_column(Ident, primary_key=True)
    sequence: Mapped[int] = mapped_column(Integer)
    title: Mapped[str] = mapped_column(_SORTED)
    drafter: Mapped[dict[str, Any]] = mapped_column(Json)
    reading_scope: Mapped[str] = mapped_column(String(20))
    closed: Mapped[bool] = mapped_column(Boolean)
    participants: Mapped[list[str]] = mapped_column(Json)
    submission: Mapped[int] = mapped_column(Integer)
    version: Mapped[int] = mapped_column(Integer)
    content_hash: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(20))
    submitted_at: Mapped[datetime] = mapped_column(Utc)
    ended_at: Mapped[datetime | None] = mapped_column(Utc)
    reason: Mapped[str] = mapped_column(Text)
    steps: Mapped[list[dict[str, Any]]] = mapped_column(Json)


class EarlierRun(Base):
    """A run before the present one, as it ended; never changed."""

    __tablename__ = "earlier_run"
    document: Mapped[str] = mapped_column(Ident, primary_key=True)
    submission: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(Integer)
    content_hash: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(20))
    submitted_at: Mapped[datetime] = mapped_column(Utc)
    ended_at: Mapped[datetime] = mapped_column(Utc)
    reason: Mapped[str] = mapped_column(Text)
    steps: Mapped[list[dict[str, Any]]] = mapped_column(Json)


class Place(Base):
    """One person's part in a process that is running; gone when it ends, so that the table stays small."""

    __tablename__ = "place"
    document: Mapped[str] = mapped_column(Ident, primary_key=True)
    person: Mapped[str] = mapped_column(Ident, primary_key=True)
    role: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime] = mapped_column(Utc)

    __table_args__ = (Index("place_of_person", "person", "at", "document"),)


class Decision(Base):
    """What a person decided last on a document, for the box of decided ones; every decision is in the runs' steps."""

    __tablename__ = "decision"
    document: Mapped[str] = mapped_column(Ident, primary_key=True)
    person: Mapped[str] = mapped_column(Ident, primary_key=True)
    title: Mapped[str] = mapped_column(_SORTED)
    role: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime] = mapped_column(Utc)

    __table_args__ = (
        Index("decision_of_person", "person", "at", "document"),
        Index("decision_of_person_title", "person", "title", "document"),
    )


class Opening(Base):
    """Somebody opened a document while it was their turn; the first opening of a step is its reading time."""

    __tablename__ = "opening"
    id: Mapped[str] = mapped_column(Ident, primary_key=True)
    document: Mapped[str] = mapped_column(Ident, index=True)
    submission: Mapped[int] = mapped_column(Integer)
    step: Mapped[int] = mapped_column(Integer)
    at: Mapped[datetime] = mapped_column(Utc)


class SavedLine(Base):
    """개인 결재선: a line somebody keeps for themselves. `steps` with their people as they were when it was saved."""

    __tablename__ = "saved_line"
    id: Mapped[str] = mapped_column(Ident, primary_key=True)
    person: Mapped[str] = mapped_column(Ident)
    name: Mapped[str] = mapped_column(String(100))
    steps: Mapped[list[dict[str, Any]]] = mapped_column(Json)

    __table_args__ = (UniqueConstraint("person", "name", name="saved_line_of_person"),)
