"""The toy services' tables; each has both of them in its schema."""

from __future__ import annotations

from sqlalchemy import Integer, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from shared import alarms
from shared.db import Ident
from shared.db.ground import tables


class Base(DeclarativeBase):
    """Base of the tables, with the ground's beside them."""


tables(Base.metadata)
alarms.table(Base.metadata)


class Thing(Base):
    """What `toy` made."""

    __tablename__ = "thing"
    id: Mapped[str] = mapped_column(Ident, primary_key=True)
    series: Mapped[str] = mapped_column(String(50))
    number: Mapped[int] = mapped_column(Integer)


class Effect(Base):
    """What `sink` did about it. Nothing but the inbox keeps it from being done twice."""

    __tablename__ = "effect"
    id: Mapped[str] = mapped_column(Ident, primary_key=True)
    series: Mapped[str] = mapped_column(String(50))
    number: Mapped[int] = mapped_column(Integer)


class Counter(Base):
    """A number that two transactions fight over."""

    __tablename__ = "counter"
    name: Mapped[str] = mapped_column(String(50), primary_key=True)
    value: Mapped[int] = mapped_column(Integer)
