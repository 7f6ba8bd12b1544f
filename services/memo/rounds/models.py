"""Tables of opinion rounds."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from services.memo.base import Base
from shared.db import Ident, Json, Utc


class OpinionRound(Base):
    """A round: what is asked, of how many, until when. `sequence` grows with each change that is told."""

    __tablename__ = "opinion_round"
    id: Mapped[str] = mapped_column(Ident, primary_key=True)
    state: Mapped[str] = mapped_column(String(10))
    sequence: Mapped[int] = mapped_column(Integer)
    asker_id: Mapped[str] = mapped_column(Ident)
    asker: Mapped[dict[str, Any]] = mapped_column(Json)
    title: Mapped[str] = mapped_column(String(300))
    body: Mapped[str] = mapped_column(Text)
    questions: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    anonymous: Mapped[bool] = mapped_column(Boolean)
    late: Mapped[str] = mapped_column(String(10))
    sources: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    departments: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    asked: Mapped[int] = mapped_column(Integer)
    at: Mapped[datetime] = mapped_column(Utc)
    closes_at: Mapped[datetime] = mapped_column(Utc)
    ended_at: Mapped[datetime | None] = mapped_column(Utc)

    __table_args__ = (Index("opinion_round_of_asker", "asker_id", "at", "id"),)


class Asked(Base):
    """Somebody who is asked. `standing` is `waiting`, `answered` or `missed`; when it changed is kept of no one."""

    __tablename__ = "opinion_asked"
    round: Mapped[str] = mapped_column(Ident, primary_key=True)
    person: Mapped[str] = mapped_column(Ident, primary_key=True)
    ref: Mapped[dict[str, Any]] = mapped_column(Json)
    standing: Mapped[str] = mapped_column(String(10))
    # Somebody whose answer came too late, who is told when the round is extended.
    refused: Mapped[bool] = mapped_column(Boolean)
    is_open: Mapped[bool] = mapped_column(Boolean)
    at: Mapped[datetime] = mapped_column(Utc)

    __table_args__ = (Index("opinion_asked_of_person", "person", "is_open", "at", "round"),)


class OpenAnswer(Base):
    """What somebody answered in a round that is not anonymous."""

    __tablename__ = "opinion_answer"
    round: Mapped[str] = mapped_column(Ident, primary_key=True)
    person: Mapped[str] = mapped_column(Ident, primary_key=True)
    answers: Mapped[dict[str, Any]] = mapped_column(Json)
    at: Mapped[datetime] = mapped_column(Utc)


class Voice(Base):
    """An answer to one question of an anonymous round: by nobody, at no time, under an id that is drawn by lot."""

    __tablename__ = "opinion_voice"
    id: Mapped[str] = mapped_column(Ident, primary_key=True)
    round: Mapped[str] = mapped_column(Ident, index=True)
    question: Mapped[int] = mapped_column(Integer)
    value: Mapped[list[str]] = mapped_column(Json)
