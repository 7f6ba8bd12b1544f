"""Tables of the memo service."""

from __future__ import annotations

from services.memo.base import Base
from shared import alarms, audience, threads
from shared.files.tables import table as file_table

__all__ = ["ALARM", "AUDIENCE", "FILE", "THREADS", "Base"]

FILE = file_table(Base.metadata)
THREADS = threads.tables(Base.metadata)
AUDIENCE = audience.table(Base.metadata)
ALARM = alarms.table(Base.metadata)
