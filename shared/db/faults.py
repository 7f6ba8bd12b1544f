"""What a database's failure tells about what to do next. PostgreSQL's codes: its manual, appendix A."""

from __future__ import annotations

import sqlite3

import psycopg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from shared.db.pipeline import FORGOTTEN


class InDoubt(Exception):
    """The database went away while it was committing: what was written is there or not."""


FAULTS = (DBAPIError, psycopg.Error, PoolTimeout, InDoubt)
# Serialization failure, deadlock, a prepared statement that is no more.
_TRANSIENT = frozenset(("40001", "40P01", *FORGOTTEN))
# No connection, no room (disk, memory, connections), a server that stops or starts, one that cannot read or write its
# files; and one that was the primary until a moment ago.
_AWAY = ("08", "53", "57P", "58")
_DEMOTED = "25006"
# Cancelled by the limit on a statement, or on waiting for a lock.
_OVERTAXED = frozenset(("57014", "55P03"))
_SQLITE_AWAY = frozenset(
    (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY)
)


def code(error: BaseException) -> str | None:
    """PostgreSQL's code of a failure (SQLSTATE); None where it could not tell one."""
    found: str | None = getattr(_driver_s(error), "sqlstate", None)
    return found


def _driver_s(error: BaseException) -> BaseException | None:
    return error.orig if isinstance(error, DBAPIError) else error


def is_transient(error: BaseException) -> bool:
    """Whether running the same transaction again at once may well succeed."""
    return code(error) in _TRANSIENT


def is_away(error: BaseException) -> bool:
    """Whether the database itself could not work: nothing is wrong with what was asked, and it may well come back."""
    if isinstance(error, (InDoubt, PoolTimeout)) or (isinstance(error, DBAPIError) and error.connection_invalidated):
        return True
    driver = _driver_s(error)
    if isinstance(driver, sqlite3.OperationalError):
        # An extended code's low byte is the primary one.
        return getattr(driver, "sqlite_errorcode", 0) & 0xFF in _SQLITE_AWAY
    told = code(error)
    if told is None:
        return isinstance(driver, psycopg.OperationalError)
    return told.startswith(_AWAY) or told == _DEMOTED


def is_overtaxed(error: BaseException) -> bool:
    """Whether a limit of time was reached, which another time may do."""
    return code(error) in _OVERTAXED


def is_gone(error: BaseException) -> bool:
    """Whether every connection to this server is of no use any more: it stops, or is no longer the primary."""
    told = code(error) or ""
    return told.startswith("08") or told in ("57P01", "57P02", _DEMOTED)
