"""Statements that each database has in words of its own: `INSERT … ON CONFLICT`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite

_DIALECTS: dict[str, Any] = {"postgresql": postgresql, "sqlite": sqlite}


def insert(conn: Connection, table: Any) -> Any:
    """An `INSERT` that can say `ON CONFLICT`, for the database of this connection."""
    return _DIALECTS[conn.dialect.name].insert(table)


class Upsert:
    """An `INSERT … ON CONFLICT` that is made once, for each database: `made` takes an `INSERT` and says the rest."""

    def __init__(self, table: Any, made: Callable[[Any], Any]) -> None:
        self._of = {name: made(dialect.insert(table)) for name, dialect in _DIALECTS.items()}

    def on(self, conn: Connection) -> Any:
        """The statement for the database of this connection."""
        return self._of[conn.dialect.name]
