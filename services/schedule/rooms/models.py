"""Tables of rooms and their bookings."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from services.schedule.base import Base
from shared.db import Ident, Json, Utc


class Room(Base):
    """A room or a piece of equipment. Who books it locks its row: two never have the same time."""

    __tablename__ = "room"
    id: Mapped[str] = mapped_column(Ident, primary_key=True)
    version: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(String(10))
    name: Mapped[str] = mapped_column(String(100))
    place: Mapped[str] = mapped_column(String(200))
    capacity: Mapped[int] = mapped_column(Integer)
    fixtures: Mapped[list[str]] = mapped_column(Json)
    hours: Mapped[dict[str, Any]] = mapped_column(Json)
    bookers: Mapped[list[str]] = mapped_column(Json)
    approvers: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    no_show: Mapped[int | None] = mapped_column(Integer)
    door: Mapped[str] = mapped_column(String(80), unique=True)
    removed_at: Mapped[datetime | None] = mapped_column(Utc)


class Closure(Base):
    """A time for which a room cannot be booked."""

    __tablename__ = "closure"
    __table_args__ = (Index("closure_of_room", "room", "ends_at"),)
    id: Mapped[str] = mapped_column(Ident, primary_key=True)
    room: Mapped[str] = mapped_column(Ident)
    starts_at: Mapped[datetime] = mapped_column(Utc)
    ends_at: Mapped[datetime] = mapped_column(Utc)
    reason: Mapped[str] = mapped_column(String(200))


class Booking(Base):
    """What a room is booked for: a noun's subject, with all of its times. `sequence` grows with what is told."""

    __tablename__ = "booking"
    __table_args__ = (Index("booking_of_subject", "noun", "subject"),)
    id: Mapped[str] = mapped_column(Ident, primary_key=True)
    key: Mapped[str] = mapped_column(Ident, unique=True)
    room: Mapped[str] = mapped_column(Ident)
    noun: Mapped[str] = mapped_column(String(20))
    subject: Mapped[str] = mapped_column(Ident)
    title: Mapped[str] = mapped_column(String(300))
    open: Mapped[bool] = mapped_column(Boolean)
    by: Mapped[dict[str, Any]] = mapped_column(Json)
    state: Mapped[str] = mapped_column(String(10))
    since: Mapped[datetime] = mapped_column(Utc)
    sequence: Mapped[int] = mapped_column(Integer)
    skipped: Mapped[list[dict[str, Any]]] = mapped_column(Json)


class Use(Base):
    """Which time of which booking another noun's subject has, as its last event said."""

    __tablename__ = "use"
    noun: Mapped[str] = mapped_column(String(20), primary_key=True)
    subject: Mapped[str] = mapped_column(Ident, primary_key=True)
    booking: Mapped[str] = mapped_column(Ident)
    starts_at: Mapped[datetime] = mapped_column(Utc)
    ends_at: Mapped[datetime] = mapped_column(Utc)


class Period(Base):
    """A time of a booking; `taken` while nobody else can have it."""

    __tablename__ = "period"
    __table_args__ = (Index("period_of_room", "room", "taken", "ends_at"), Index("period_of_booking", "booking"))
    id: Mapped[str] = mapped_column(Ident, primary_key=True)
    booking: Mapped[str] = mapped_column(Ident)
    room: Mapped[str] = mapped_column(Ident)
    starts_at: Mapped[datetime] = mapped_column(Utc)
    ends_at: Mapped[datetime] = mapped_column(Utc)
    taken: Mapped[bool] = mapped_column(Boolean)
    checked_in_at: Mapped[datetime | None] = mapped_column(Utc)
