"""Tables of the wall."""

from __future__ import annotations

from sqlalchemy import Integer
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from shared.db import Ident
from shared.db.ground import tables
from shared.files.tables import table


class Base(DeclarativeBase):
    """Base of the tables, with the ground's beside them."""


tables(Base.metadata)
FILE = table(Base.metadata)


class Note(Base):
    """A note and whose it is; `quoted` counts who refers to its files."""

    __tablename__ = "note"
    id: Mapped[str] = mapped_column(Ident, primary_key=True)
    person: Mapped[str] = mapped_column(Ident)
    quoted: Mapped[int] = mapped_column(Integer)
