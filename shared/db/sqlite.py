"""SQLite's dialect, the same for every engine (`shared.db.engines` registers it as `sqlite+oneway`)."""

from __future__ import annotations

from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite


class SqliteDialect(SQLiteDialect_pysqlite):
    """That of one engine is like any other's, so that what was compiled for one is found by all."""

    supports_statement_cache = True

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other)

    def __hash__(self) -> int:
        return hash(type(self))
