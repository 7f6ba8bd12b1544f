"""Tables of the memo service."""

from __future__ import annotations

from sqlalchemy.orm import DeclarativeBase

from shared import alarms, audience, threads
from shared.db.ground import tables
from shared.files.tables import table as file_table


class Base(DeclarativeBase):
    """Base of the tables, with the ground's beside them."""


tables(Base.metadata)
FILE = file_table(Base.metadata)
THREADS = threads.tables(Base.metadata)
AUDIENCE = audience.table(Base.metadata)
ALARM = alarms.table(Base.metadata)
