"""Fills a tenant's database with copies of what was made by the API: the only way to hundreds of thousands in seconds.

Copies are numbered `i`, from `first` to `last`, and hang together by it: what is copied of one object has its number in
its identifier, in every table.
"""

from __future__ import annotations

from collections.abc import Mapping

import psycopg
from psycopg import sql

# By table: the column by which the rows to be copied are found, and what differs from one copy to the next, as
# arguments of `jsonb_build_object`. `{id}` is the copy's identifier of what is copied, `{row}` that of a row by itself.
Rows = Mapping[str, tuple[str, str]]


def numbered(identifier: str, number: str = "i") -> str:
    """In SQL, as both arguments are: the identifier of the copy with this number of what has `identifier`."""
    return f"substr({identifier}, 1, 23) || '-' || lpad(to_hex({number}), 12, '0')"


def copy_of(identifier: str, number: int) -> str:
    """The same, of the copy with this number."""
    return f"{identifier[:23]}-{number:012x}"


def add(url: str, rows: Rows, of: str, first: int, last: int) -> None:
    """Adds copies of the object `of` with its rows."""
    with psycopg.connect(url, autocommit=True) as conn:
        for table, (key, differs) in rows.items():
            conn.execute(_statement(table, key, differs), {"first": first, "last": last, "of": of})
        conn.execute("VACUUM (ANALYZE)")


def _statement(table: str, key: str, differs: str) -> sql.Composed:
    differs = differs.format(id=numbered(f't."{key}"'), row=numbered("t.id"))
    schema, name = table.split(".")
    return sql.SQL(
        "INSERT INTO {table} SELECT (jsonb_populate_record(t, jsonb_build_object(" + differs + "))).*"
        " FROM {table} t, generate_series({first}::int, {last}::int) i WHERE t.{key} = {of}"
    ).format(
        table=sql.Identifier(schema, name),
        key=sql.Identifier(key),
        first=sql.Placeholder("first"),
        last=sql.Placeholder("last"),
        of=sql.Placeholder("of"),
    )
