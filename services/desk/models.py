"""Tables of the desk service."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from shared.db import Ident, Json, Utc
from shared.db.ground import tables


class Base(DeclarativeBase):
    """Base of the tables, with the ground's beside them."""


tables(Base.metadata)


class Process(Base):
    """How far the process of a document has been followed; forgotten some time after its end."""

    __tablename__ = "process"
    document: Mapped[str] = mapped_column(Ident, primary_key=True)
    sequence: Mapped[int] = mapped_column(Integer)
    ended_at: Mapped[datetime | None] = mapped_column(Utc, index=True)


class Todo(Base):
    """할 일: open ones only, so that counting and listing cost the same however much is finished."""

    __tablename__ = "todo"
    id: Mapped[str] = mapped_column(Ident, primary_key=True)
    person: Mapped[str] = mapped_column(Ident)
    kind: Mapped[str] = mapped_column(String(20))
    subject: Mapped[str] = mapped_column(Ident)
    title: Mapped[str] = mapped_column(String(300))
    role: Mapped[str] = mapped_column(String(20))
    sender: Mapped[dict[str, Any]] = mapped_column(Json)
    since: Mapped[datetime] = mapped_column(Utc)

    __table_args__ = (
        Index("todo_of_person", "person", "since", "id"),
        UniqueConstraint("subject", "person", "kind", name="todo_of_subject"),
    )


class Notice(Base):
    """알림: told once for each occasion; forgotten some time later, read or not."""

    __tablename__ = "notice"
    id: Mapped[str] = mapped_column(Ident, primary_key=True)
    person: Mapped[str] = mapped_column(Ident)
    code: Mapped[str] = mapped_column(String(20))
    subject: Mapped[str] = mapped_column(Ident)
    occasion: Mapped[int] = mapped_column(Integer)
    params: Mapped[dict[str, Any]] = mapped_column(Json)
    at: Mapped[datetime] = mapped_column(Utc, index=True)
    read: Mapped[bool] = mapped_column(Boolean)

    __table_args__ = (
        Index("notice_of_person", "person", "id"),
        UniqueConstraint("subject", "person", "code", "occasion", name="notice_of_occasion"),
    )
