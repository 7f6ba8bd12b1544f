"""Tables of the kettle."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from shared import alarms
from shared.db import Ident, Utc
from shared.db.ground import tables


class Base(DeclarativeBase):
    """Base of the tables, with the ground's beside them."""


tables(Base.metadata)
ALARM = alarms.table(Base.metadata)


class Whistle(Base):
    """That it whistled."""

    __tablename__ = "whistle"
    id: Mapped[str] = mapped_column(Ident, primary_key=True)
    kettle: Mapped[str] = mapped_column(Ident)
    tune: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime] = mapped_column(Utc)
