"""Tables of the board."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Boolean
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from shared import threads
from shared.db import Ident, Json
from shared.db.ground import tables


class Base(DeclarativeBase):
    """Base of the tables, with the ground's beside them."""


tables(Base.metadata)
THREADS = threads.tables(Base.metadata)


class Topic(Base):
    """What is talked about, by whom, and whether it still is."""

    __tablename__ = "topic"
    id: Mapped[str] = mapped_column(Ident, primary_key=True)
    readers: Mapped[list[Any]] = mapped_column(Json)
    closed: Mapped[bool] = mapped_column(Boolean)
    # By person: the place in the thread after which they came.
    since: Mapped[dict[str, Any]] = mapped_column(Json)
