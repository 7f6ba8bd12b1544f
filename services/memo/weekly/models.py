"""Tables of weekly and monthly reports."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from services.memo.base import Base
from shared.db import Ident, Json, Utc


class WeeklyPlan(Base):
    """How a department reports, by the week or the month. `opened` is the first day of the last period it opened."""

    __tablename__ = "weekly_plan"
    id: Mapped[str] = mapped_column(Ident, primary_key=True)
    department: Mapped[str] = mapped_column(Ident)
    cadence: Mapped[str] = mapped_column(String(10))
    name: Mapped[str] = mapped_column(String(100))
    weekday: Mapped[int] = mapped_column(Integer)
    day: Mapped[int] = mapped_column(Integer)
    hour: Mapped[int] = mapped_column(Integer)
    active: Mapped[bool] = mapped_column(Boolean)
    version: Mapped[int] = mapped_column(Integer)
    opened: Mapped[str | None] = mapped_column(String(10))
    next: Mapped[dict[str, Any] | None] = mapped_column(Json)

    __table_args__ = (Index("weekly_plan_of_department", "department", "cadence", unique=True),)


class WeeklyReport(Base):
    """What a person or a department reports of a period, and to which report it goes (`above`).

    `version` guards what is written, `sequence` grows with each change that is told. `deputy` stands in for a writer
    who is away, `excused` says why it is not missing, `gathers_at` when those below are due, where there are some.
    """

    __tablename__ = "weekly_report"
    id: Mapped[str] = mapped_column(Ident, primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    unit: Mapped[str] = mapped_column(Ident)
    unit_name: Mapped[str] = mapped_column(String(100))
    title: Mapped[str] = mapped_column(String(200))
    cadence: Mapped[str] = mapped_column(String(10))
    period: Mapped[str] = mapped_column(String(10))
    starts_on: Mapped[str] = mapped_column(String(10))
    ends_on: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(10))
    version: Mapped[int] = mapped_column(Integer)
    sequence: Mapped[int] = mapped_column(Integer)
    writer_id: Mapped[str] = mapped_column(Ident)
    writer: Mapped[dict[str, Any]] = mapped_column(Json)
    deputy_id: Mapped[str | None] = mapped_column(Ident)
    deputy: Mapped[dict[str, Any] | None] = mapped_column(Json)
    above: Mapped[str | None] = mapped_column(Ident)
    place: Mapped[int] = mapped_column(Integer)
    previous: Mapped[str | None] = mapped_column(Ident)
    carried: Mapped[bool] = mapped_column(Boolean)
    opened_at: Mapped[datetime] = mapped_column(Utc)
    due_at: Mapped[datetime] = mapped_column(Utc)
    gathers_at: Mapped[datetime | None] = mapped_column(Utc)
    submitted_at: Mapped[datetime | None] = mapped_column(Utc)
    taken_at: Mapped[datetime | None] = mapped_column(Utc)
    returned_at: Mapped[datetime | None] = mapped_column(Utc)
    reason: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime | None] = mapped_column(Utc)
    sender: Mapped[dict[str, Any] | None] = mapped_column(Json)
    excused: Mapped[str | None] = mapped_column(String(10))

    __table_args__ = (
        Index("weekly_report_of_unit", "unit", "cadence", "starts_on", unique=True),
        Index("weekly_report_of_department", "unit", "starts_on", "id"),
        Index("weekly_report_of_writer", "writer_id", "starts_on", "id"),
        Index("weekly_report_above", "above", "place", "id"),
    )


class WeeklyLine(Base):
    """A line of a report, in its place in it; `domain/lines.py` says what the rest means."""

    __tablename__ = "weekly_line"
    id: Mapped[str] = mapped_column(Ident, primary_key=True)
    report: Mapped[str] = mapped_column(Ident)
    place: Mapped[int] = mapped_column(Integer)
    section: Mapped[str] = mapped_column(String(10))
    text: Mapped[str] = mapped_column(Text)
    writers: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    origin: Mapped[str | None] = mapped_column(Ident)
    origin_report: Mapped[str | None] = mapped_column(Ident)
    source: Mapped[str] = mapped_column(Text)
    carried_from: Mapped[str | None] = mapped_column(Ident)
    editor: Mapped[dict[str, Any] | None] = mapped_column(Json)
    left_out: Mapped[bool] = mapped_column(Boolean)
    withdrawn: Mapped[bool] = mapped_column(Boolean)
    merged_into: Mapped[str | None] = mapped_column(Ident)
    cards: Mapped[list[str]] = mapped_column(Json)

    __table_args__ = (Index("weekly_line_of_report", "report", "place"),)
