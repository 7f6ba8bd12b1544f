"""Tables of verification journals."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.memo.base import Base
from shared.audience import PRINCIPAL_LIMIT
from shared.db import Ident, Json, Utc

# Titles in the order of Hangul's code points, the same on both databases and served by an index.
_SORTED = String(300).with_variant(String(300, collation="C"), "postgresql")


class Journal(Base):
    """A journal (일지): who writes it and when, who verifies, and the draft of its form.

    `writers` are principals as they were named, `writes` those who may write now, `fields` the draft of the next form;
    `form_version` is the published one. `version` is that of these settings, `sequence` of what is told.
    """

    __tablename__ = "journal"
    id: Mapped[str] = mapped_column(Ident, primary_key=True)
    version: Mapped[int] = mapped_column(Integer)
    sequence: Mapped[int] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(_SORTED)
    about: Mapped[str] = mapped_column(Text)
    department_id: Mapped[str] = mapped_column(Ident)
    department: Mapped[str] = mapped_column(String(200))
    made_by: Mapped[dict[str, Any]] = mapped_column(Json)
    made_at: Mapped[datetime] = mapped_column(Utc)
    schedule: Mapped[dict[str, Any]] = mapped_column(Json)
    way: Mapped[str] = mapped_column(String(10))
    writers: Mapped[list[str]] = mapped_column(Json)
    writes: Mapped[list[str]] = mapped_column(Json)
    verifiers: Mapped[list[str]] = mapped_column(Json)
    managers: Mapped[list[str]] = mapped_column(Json)
    fields: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    form_version: Mapped[int | None] = mapped_column(Integer)

    __table_args__ = (Index("journal_by_title", "title", "id"),)


class JournalReader(Base):
    """A principal to which a journal is open; columns as in `shared.audience`."""

    __tablename__ = "journal_reader"
    subject: Mapped[str] = mapped_column(Ident, primary_key=True)
    principal: Mapped[str] = mapped_column(String(PRINCIPAL_LIMIT), primary_key=True)

    __table_args__ = (Index("journal_reader_of_principal", "principal", "subject"),)


class JournalForm(Base):
    """A published version of a journal's form; never changed."""

    __tablename__ = "journal_form"
    journal: Mapped[str] = mapped_column(Ident, primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    title: Mapped[str] = mapped_column(String(300))
    fields: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    note: Mapped[str] = mapped_column(String(300))
    person: Mapped[dict[str, Any]] = mapped_column(Json)
    at: Mapped[datetime] = mapped_column(Utc)


class JournalMonth(Base):
    """A month of a journal. Its lock puts everything that happens to its entries in order: `last_at` only grows.

    `entries`, `abnormal`, `verified` and `awaiting` are counts of now; `closed` is how the month was when it was
    signed off. `reopened` are the times it was signed off and opened again, the latest last: `{closed_at, closed_by,
    closed, at, by, reason}`.
    """

    __tablename__ = "journal_month"
    id: Mapped[str] = mapped_column(Ident, primary_key=True)
    journal: Mapped[str] = mapped_column(Ident)
    month: Mapped[str] = mapped_column(String(7))
    sequence: Mapped[int] = mapped_column(Integer)
    last_at: Mapped[datetime] = mapped_column(Utc)
    entries: Mapped[int] = mapped_column(Integer)
    abnormal: Mapped[int] = mapped_column(Integer)
    verified: Mapped[int] = mapped_column(Integer)
    awaiting: Mapped[int] = mapped_column(Integer)
    closed_at: Mapped[datetime | None] = mapped_column(Utc)
    closed_by: Mapped[dict[str, Any] | None] = mapped_column(Json)
    closed: Mapped[dict[str, Any] | None] = mapped_column(Json)
    reopened: Mapped[list[dict[str, Any]]] = mapped_column(Json, server_default="[]")

    __table_args__ = (UniqueConstraint("journal", "month", name="journal_month_of_journal"),)


class JournalRound(Base):
    """A day, week or shift of a journal: who was expected to write, and what it has put on desks.

    `expected` are those who were, with their absence, as they were last asked for; null before it opened. `asked` are
    those on whose desk it was put, `verifying` who is to verify. `to_verify` counts what waits for that,
    `sent_back` what waits for its writer.
    """

    __tablename__ = "journal_round"
    id: Mapped[str] = mapped_column(Ident, primary_key=True)
    journal: Mapped[str] = mapped_column(Ident)
    day: Mapped[str] = mapped_column(String(10))
    shift: Mapped[str] = mapped_column(String(30))
    shift_name: Mapped[str] = mapped_column(String(50))
    opens: Mapped[datetime] = mapped_column(Utc)
    ends: Mapped[datetime] = mapped_column(Utc)
    sequence: Mapped[int] = mapped_column(Integer)
    expected: Mapped[list[dict[str, Any]] | None] = mapped_column(Json)
    asked: Mapped[list[str]] = mapped_column(Json)
    asking: Mapped[bool] = mapped_column(Boolean)
    verifying: Mapped[list[str]] = mapped_column(Json)
    entries: Mapped[int] = mapped_column(Integer)
    to_verify: Mapped[int] = mapped_column(Integer)
    sent_back: Mapped[int] = mapped_column(Integer)
    abnormal: Mapped[int] = mapped_column(Integer)
    verify_since: Mapped[datetime | None] = mapped_column(Utc)

    __table_args__ = (
        UniqueConstraint("journal", "day", "shift", name="journal_round_of_journal"),
        # On a desk are the few that ask somebody.
        Index("journal_round_asking", "journal", "asking"),
    )


class JournalEntry(Base):
    """An entry as it is now. `version` 0 is one that is begun and not sent: a place for its photos.

    Times are `written_at` and `sent_at` by the device's clock, `received_at` by ours, `difference` in seconds.
    """

    __tablename__ = "journal_entry"
    id: Mapped[str] = mapped_column(Ident, primary_key=True)
    journal: Mapped[str] = mapped_column(Ident)
    month: Mapped[str] = mapped_column(Ident)
    round: Mapped[str] = mapped_column(Ident)
    day: Mapped[str] = mapped_column(String(10))
    shift: Mapped[str] = mapped_column(String(30))
    place: Mapped[str | None] = mapped_column(Ident)
    place_name: Mapped[str] = mapped_column(String(100))
    writer_id: Mapped[str] = mapped_column(Ident)
    writer_name: Mapped[str] = mapped_column(_SORTED)
    writer: Mapped[dict[str, Any]] = mapped_column(Json)
    version: Mapped[int] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(String(20))
    form_version: Mapped[int] = mapped_column(Integer)
    values: Mapped[dict[str, Any]] = mapped_column(Json)
    abnormal: Mapped[int] = mapped_column(Integer)
    notes: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    written_at: Mapped[datetime] = mapped_column(Utc)
    received_at: Mapped[datetime] = mapped_column(Utc)
    difference: Mapped[int] = mapped_column(Integer)
    flagged: Mapped[bool] = mapped_column(Boolean)
    decided_by: Mapped[dict[str, Any] | None] = mapped_column(Json)
    decided_for: Mapped[dict[str, Any] | None] = mapped_column(Json)
    decided_at: Mapped[datetime | None] = mapped_column(Utc)
    reason: Mapped[str] = mapped_column(Text)
    sequence: Mapped[int] = mapped_column(Integer)

    __table_args__ = (
        Index("journal_entry_by_day", "journal", "day", "received_at", "id"),
        Index("journal_entry_abnormal_first", "journal", "day", "abnormal", "received_at", "id"),
        Index("journal_entry_of_month", "month", "abnormal", "received_at", "id"),
        Index("journal_entry_of_writer", "writer_id", "day", "received_at", "id"),
        Index("journal_entry_by_writer", "journal", "writer_name", "writer_id", "day"),
        Index("journal_entry_of_round", "round", "writer_id"),
    )


class JournalVersion(Base):
    """One version of an entry with what was decided on it; its content is never changed, its decision made once.

    `abnormal` is what was found, `bad` how much. `counts_from` is when it came to count: at once, or when it was
    admitted into a closed month.
    """

    __tablename__ = "journal_version"
    entry: Mapped[str] = mapped_column(Ident, primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    month: Mapped[str] = mapped_column(Ident)
    form_version: Mapped[int] = mapped_column(Integer)
    values: Mapped[dict[str, Any]] = mapped_column(Json)
    abnormal: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    bad: Mapped[int] = mapped_column(Integer)
    person: Mapped[dict[str, Any]] = mapped_column(Json)
    at: Mapped[datetime] = mapped_column(Utc)
    written_at: Mapped[datetime] = mapped_column(Utc)
    sent_at: Mapped[datetime] = mapped_column(Utc)
    received_at: Mapped[datetime] = mapped_column(Utc)
    difference: Mapped[int] = mapped_column(Integer)
    flagged: Mapped[bool] = mapped_column(Boolean)
    counts_from: Mapped[datetime | None] = mapped_column(Utc)
    admitted_by: Mapped[dict[str, Any] | None] = mapped_column(Json)
    decision: Mapped[str] = mapped_column(String(20))
    decided_by: Mapped[dict[str, Any] | None] = mapped_column(Json)
    decided_for: Mapped[dict[str, Any] | None] = mapped_column(Json)
    decided_at: Mapped[datetime | None] = mapped_column(Utc)
    reason: Mapped[str] = mapped_column(Text)

    __table_args__ = (Index("journal_version_of_month", "month", "entry", "version"),)


class JournalPlace(Base):
    """A place (점검 장소) with the secret of its QR code."""

    __tablename__ = "journal_place"
    id: Mapped[str] = mapped_column(Ident, primary_key=True)
    journal: Mapped[str] = mapped_column(Ident)
    name: Mapped[str] = mapped_column(_SORTED)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    active: Mapped[bool] = mapped_column(Boolean)
    made_at: Mapped[datetime] = mapped_column(Utc)

    __table_args__ = (Index("journal_place_of_journal", "journal", "name", "id"),)


class JournalVisit(Base):
    """Somebody scanned the code of a place."""

    __tablename__ = "journal_visit"
    id: Mapped[str] = mapped_column(Ident, primary_key=True)
    place: Mapped[str] = mapped_column(Ident)
    person_id: Mapped[str] = mapped_column(Ident)
    person: Mapped[dict[str, Any]] = mapped_column(Json)
    at: Mapped[datetime] = mapped_column(Utc)

    __table_args__ = (Index("journal_visit_of_place", "place", "at"),)
