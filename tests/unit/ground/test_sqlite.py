"""SQLite's engines: what one has compiled serves the others, and nothing else of it does."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import JSON, URL, Column, Integer, MetaData, Table, event, insert, select
from sqlalchemy.engine import Engine

from shared.db.engines import sqlite_engine

THINGS = Table("thing", MetaData(), Column("id", Integer, primary_key=True), Column("data", JSON))


def database(directory: Path, name: str) -> Engine:
    """A database with one row, which says whose it is."""
    engine = sqlite_engine(URL.create("sqlite", database=str(directory / f"{name}.sqlite")))
    with engine.begin() as conn:
        THINGS.create(conn)
        conn.execute(insert(THINGS).values(id=1, data={"of": name}))
    return engine


def looked(engine: Engine) -> tuple[Any, Any]:
    """What the row holds, and what the statement that asked was compiled into."""
    compiled: list[Any] = []

    def before(conn: Any, cursor: Any, statement: str, parameters: Any, context: Any, many: bool) -> None:
        compiled.append(context.compiled)

    event.listen(engine, "before_cursor_execute", before)
    with engine.connect() as conn:
        return conn.execute(select(THINGS.c.data).where(THINGS.c.id == 1)).scalar_one(), compiled.pop()


def test_what_was_compiled_for_one_database_is_found_by_another(tmp_path: Path) -> None:
    (mine, first), (yours, second) = (looked(database(tmp_path, name)) for name in ("mine", "yours"))
    assert first is second
    assert (mine, yours) == ({"of": "mine"}, {"of": "yours"})
