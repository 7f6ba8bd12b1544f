"""Tables of the desk service."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, Index, Integer, String, UniqueConstraint, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from shared.contracts.desk import CODE_LENGTH
from shared.db import Ident, Json, Utc
from shared.db.ground import tables


class Base(DeclarativeBase):
    """Base of the tables, with the ground's beside them."""


tables(Base.metadata)

_CODE = String(CODE_LENGTH)


def _shown(name: str, *columns: str, also: str = "") -> Index:
    """An index of what is shown, by person: it stays as small as that is little."""
    where: dict[str, Any] = {
        "postgresql_where": text(f"shown IS true{also}"),
        "sqlite_where": text(f"shown IS 1{also}"),
    }
    return Index(name, "person", *columns, **where)


class Subject(Base):
    """How far a source has told of a subject, and below which sequence its slots are empty; forgotten after its end."""

    __tablename__ = "subject"
    source: Mapped[str] = mapped_column(_CODE, primary_key=True)
    subject: Mapped[str] = mapped_column(Ident, primary_key=True)
    sequence: Mapped[int] = mapped_column(Integer)
    cleared: Mapped[int] = mapped_column(Integer)
    ended_at: Mapped[datetime | None] = mapped_column(Utc, index=True)


class Slot(Base):
    """A place on somebody's desk and the to-do (할 일) in it; without `since` it is empty, and kept for its sequence.

    `dismissed` is the `since` of what its person took off the desk. What is `shown` has indexes of its own, so that a
    list costs the same however much is there, empty or shown. `doubted`: not told again since a rebuild has begun.
    """

    __tablename__ = "slot"
    source: Mapped[str] = mapped_column(_CODE, primary_key=True)
    subject: Mapped[str] = mapped_column(Ident, primary_key=True)
    person: Mapped[str] = mapped_column(Ident, primary_key=True)
    kind: Mapped[str] = mapped_column(_CODE, primary_key=True)
    sequence: Mapped[int] = mapped_column(Integer)
    shown: Mapped[bool] = mapped_column(Boolean)
    doubted: Mapped[bool] = mapped_column(Boolean)
    dismissed: Mapped[datetime | None] = mapped_column(Utc)
    id: Mapped[str] = mapped_column(Ident)
    since: Mapped[datetime | None] = mapped_column(Utc)
    noun: Mapped[str] = mapped_column(_CODE)
    role: Mapped[str] = mapped_column(_CODE)
    title: Mapped[str] = mapped_column(String(300))
    due: Mapped[datetime | None] = mapped_column(Utc)
    urgency: Mapped[int] = mapped_column(Integer)
    sender: Mapped[dict[str, Any] | None] = mapped_column(Json, nullable=False)
    dismissible: Mapped[bool] = mapped_column(Boolean)
    params: Mapped[dict[str, Any]] = mapped_column(Json)

    __table_args__ = (
        _shown("slot_of_person", "since", "id"),
        _shown("slot_of_kind", "kind", "since", "id"),
        _shown("slot_by_due", "due", "since", "id", also=" AND urgency < 2"),
        _shown("slot_urgent", "due", "since", "id", also=" AND urgency = 2"),
    )


class Notice(Base):
    """알림: told once for each occasion; forgotten some time later, read or not."""

    __tablename__ = "notice"
    id: Mapped[str] = mapped_column(Ident, primary_key=True)
    source: Mapped[str] = mapped_column(_CODE)
    subject: Mapped[str] = mapped_column(Ident)
    person: Mapped[str] = mapped_column(Ident)
    code: Mapped[str] = mapped_column(_CODE)
    occasion: Mapped[int] = mapped_column(Integer)
    noun: Mapped[str] = mapped_column(_CODE)
    params: Mapped[dict[str, Any]] = mapped_column(Json)
    at: Mapped[datetime] = mapped_column(Utc, index=True)
    read: Mapped[bool] = mapped_column(Boolean)

    __table_args__ = (
        Index("notice_of_person", "person", "id"),
        UniqueConstraint("source", "subject", "person", "code", "occasion", name="notice_of_occasion"),
    )
