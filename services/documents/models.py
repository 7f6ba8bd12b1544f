"""Tables of the documents service."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, Index, Integer, String, Text, UniqueConstraint, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from shared.db import Ident, Json, Utc
from shared.db.ground import tables
from shared.files.tables import table as files


class Base(DeclarativeBase):
    """Base of the tables, with the ground's beside them."""


tables(Base.metadata)
FILE = files(Base.metadata)

# Titles in the order of Hangul's code points, the same on both databases and served by an index.
_SORTED = String(300).with_variant(String(300, collation="C"), "postgresql")

# Registered documents only: these indexes cost nothing until a document has its number.
_REGISTERED: dict[str, Any] = {
    "postgresql_where": text("number IS NOT NULL"),
    "sqlite_where": text("number IS NOT NULL"),
}


class Document(Base):
    """A document's present standing; its content is in the version that `version` names."""

    __tablename__ = "document"
    id: Mapped[str] = mapped_column(Ident, primary_key=True)
    state: Mapped[str] = mapped_column(String(20))
    version: Mapped[int] = mapped_column(Integer)
    submission: Mapped[int] = mapped_column(Integer)
    sequence: Mapped[int] = mapped_column(Integer)
    title: Mapped[str] = mapped_column(_SORTED)
    drafter_id: Mapped[str] = mapped_column(Ident)
    drafter: Mapped[dict[str, Any]] = mapped_column(Json)
    department_id: Mapped[str] = mapped_column(Ident)
    department: Mapped[str] = mapped_column(String(100))
    folder_id: Mapped[str | None] = mapped_column(Ident)
    disclosure: Mapped[dict[str, Any]] = mapped_column(Json)
    disclosure_class: Mapped[str] = mapped_column(String(20))
    reading_scope: Mapped[str] = mapped_column(String(20))
    attachments: Mapped[int] = mapped_column(Integer)
    for_dispatch: Mapped[bool] = mapped_column(Boolean)
    content_hash: Mapped[str] = mapped_column(String(64))
    participants: Mapped[list[str]] = mapped_column(Json)
    # What it was made from, by which it is related; chosen with the draft and not part of what is decided.
    sources: Mapped[list[dict[str, Any]]] = mapped_column(Json, server_default="[]")
    history: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    created_at: Mapped[datetime] = mapped_column(Utc)
    updated_at: Mapped[datetime] = mapped_column(Utc)
    submitted_at: Mapped[datetime | None] = mapped_column(Utc)
    registered_at: Mapped[datetime | None] = mapped_column(Utc)
    number: Mapped[str | None] = mapped_column(String(120))
    number_year: Mapped[int] = mapped_column(Integer)
    number_serial: Mapped[int] = mapped_column(Integer)
    decision: Mapped[dict[str, Any] | None] = mapped_column(Json)

    __table_args__ = (
        Index("document_own", "drafter_id", "state", "updated_at", "id"),
        Index("document_own_title", "drafter_id", "title", "id", **_REGISTERED),
        Index("document_own_number", "drafter_id", "number_year", "number_serial", "id", **_REGISTERED),
        Index("document_register", "department_id", "number_year", "number_serial", unique=True, **_REGISTERED),
        Index("document_register_title", "department_id", "number_year", "title", "id", **_REGISTERED),
    )


class Version(Base):
    """One kept version, whole; never changed. `rest` is everything but title and body."""

    __tablename__ = "version"
    document: Mapped[str] = mapped_column(Ident, primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(Utc)
    person: Mapped[dict[str, Any]] = mapped_column(Json)
    title: Mapped[str] = mapped_column(String(300))
    body: Mapped[str] = mapped_column(Text)
    rest: Mapped[dict[str, Any]] = mapped_column(Json)
    content_hash: Mapped[str] = mapped_column(String(64))


class Folder(Base):
    """기록물철: a department's records of one unit task and year."""

    __tablename__ = "folder"
    id: Mapped[str] = mapped_column(Ident, primary_key=True)
    department_id: Mapped[str] = mapped_column(Ident)
    year: Mapped[int] = mapped_column(Integer)
    unit_task: Mapped[str] = mapped_column(String(100))
    title: Mapped[str] = mapped_column(String(200))
    retention: Mapped[str] = mapped_column(String(20))
    position: Mapped[int] = mapped_column(Integer)

    __table_args__ = (UniqueConstraint("department_id", "year", "unit_task", "title", name="folder_of_department"),)


class Form(Base):
    """서식 of the tenant's own, or in place of one that comes with the system."""

    __tablename__ = "form"
    id: Mapped[str] = mapped_column(String(50), primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    body: Mapped[str] = mapped_column(Text)
    retention: Mapped[str] = mapped_column(String(20))
    disclosure: Mapped[dict[str, Any]] = mapped_column(Json)


class Series(Base):
    """The yearly series of production numbers of one department; `last` is the serial given last."""

    __tablename__ = "series"
    department_id: Mapped[str] = mapped_column(Ident, primary_key=True)
    year: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    last: Mapped[int] = mapped_column(Integer)


class Reading(Base):
    """열람기록: somebody other than the drafter opened a document [PRA 28]."""

    __tablename__ = "reading"
    id: Mapped[str] = mapped_column(Ident, primary_key=True)
    document: Mapped[str] = mapped_column(Ident, index=True)
    version: Mapped[int] = mapped_column(Integer)
    person: Mapped[dict[str, Any]] = mapped_column(Json)
    session: Mapped[str] = mapped_column(String(36))
    at: Mapped[datetime] = mapped_column(Utc)
