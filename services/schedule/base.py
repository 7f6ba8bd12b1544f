"""The base of the service's tables."""

from __future__ import annotations

from sqlalchemy.orm import DeclarativeBase

from shared.db.ground import tables


class Base(DeclarativeBase):
    """Base of the tables, with the ground's beside them."""


tables(Base.metadata)
