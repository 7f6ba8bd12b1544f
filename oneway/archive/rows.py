"""A tenant's rows: read at one moment over all services, written as JSON lines, and read back into tables."""

from __future__ import annotations

import base64
import contextlib
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Boolean, Column, Connection, LargeBinary, MetaData, Select, Table, delete, insert, select, text
from sqlalchemy.types import JSON, NullType, TypeEngine

from oneway import parts
from oneway.provision import Provisioner
from shared.db import Json, Utc
from shared.tenants import Tenant

_BATCH = 1000
# What a column's values are in the archive, where they are not what JSON has of its own.
_KINDS: dict[str, Any] = {"time": Utc, "json": Json, "bytes": LargeBinary, "boolean": Boolean, "plain": NullType}


@contextlib.contextmanager
def snapshot(provisioner: Provisioner, tenant: Tenant) -> Iterator[dict[str, Connection]]:
    """A connection for each service; all of them see the tenant as it was at one and the same moment.

    PostgreSQL: one repeatable-read transaction over the schemas. SQLite: writers of every file are held up for as
    long as it takes to begin reading them all.
    """
    with ExitStack() as stack:
        if not tenant.database:
            yield _sqlite(stack, provisioner, tenant)
            return
        engine = provisioner.owner_engine(tenant, next(iter(parts.SERVICES)))
        stack.callback(engine.dispose)
        conn = stack.enter_context(engine.connect())
        conn = conn.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        conn.execute(text("SET LOCAL statement_timeout = 0"))
        # The snapshot is taken by the first query.
        conn.execute(text("SELECT 1"))
        yield dict.fromkeys(parts.SERVICES, conn)


def _sqlite(stack: ExitStack, provisioner: Provisioner, tenant: Tenant) -> dict[str, Connection]:
    reading: dict[str, Connection] = {}
    with ExitStack() as held:
        for name in parts.SERVICES:
            engine = provisioner.owner_engine(tenant, name)
            stack.callback(engine.dispose)
            held.enter_context(engine.connect()).execution_options(writes=True).begin()
            reading[name] = stack.enter_context(engine.connect())
        for conn in reading.values():
            # A read transaction begins with its first read.
            conn.execute(text("SELECT count(*) FROM sqlite_master"))
    return reading


def kind(type_: TypeEngine[Any]) -> str:
    """What values of a column's type are in the archive."""
    for name, cls in (("time", Utc), ("json", JSON), ("bytes", LargeBinary), ("boolean", Boolean)):
        if isinstance(type_, cls):
            return name
    return "plain"


def travels(table: Table) -> bool:
    """Whether a table goes with its tenant; sessions stay behind."""
    return not table.info.get("stays", False)


def within(service: str, conn: Connection, statement: Select[Any]) -> Select[Any]:
    """A query of a service's tables. On PostgreSQL the snapshot is one connection: the schema goes with the query."""
    if conn.dialect.name != "postgresql":
        return statement
    return statement.execution_options(schema_translate_map={None: service})


def dump(conn: Connection, service: str, table: Table, columns: list[Column[Any]]) -> Iterator[list[bytes]]:
    """The rows of a table as lines of JSON, in batches."""
    statement = within(service, conn, select(*columns).select_from(table)).execution_options(yield_per=_BATCH)
    names = [column.name for column in columns]
    for batch in conn.execute(statement).partitions():
        # A column's name may be one of SQLAlchemy's own kind of text.
        rows = (dict(zip(names, row, strict=True)) for row in batch)
        yield [orjson.dumps(row, default=_encoded, option=orjson.OPT_NON_STR_KEYS) + b"\n" for row in rows]


def _encoded(value: Any) -> str:
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(bytes(value)).decode()
    raise TypeError(type(value))


def table_of(name: str, columns: Iterable[tuple[str, str]]) -> Table:
    """The table as the archive describes it, which may be older than the models."""
    return Table(name, MetaData(), *(Column(str(column), _KINDS[kind_]) for column, kind_ in columns))


def load(conn: Connection, table: Table, found: Iterable[bytes]) -> int:
    """Fills a table with the rows of these lines, in place of those it has; how many."""
    conn.execute(delete(table))
    count, batch = 0, []
    for line in found:
        batch.append(_decoded(table, orjson.loads(line)))
        if len(batch) == _BATCH:
            conn.execute(insert(table), batch)
            count, batch = count + len(batch), []
    if batch:
        conn.execute(insert(table), batch)
    return count + len(batch)


def _decoded(table: Table, row: dict[str, Any]) -> dict[str, Any]:
    for column in table.c:
        value = row[column.name]
        if value is not None and isinstance(column.type, Utc):
            row[column.name] = datetime.fromisoformat(value)
        elif value is not None and isinstance(column.type, LargeBinary):
            row[column.name] = base64.b64decode(value)
    return row
