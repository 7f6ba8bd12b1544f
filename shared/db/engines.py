"""SQLAlchemy engines for PostgreSQL and SQLite, set up the way this system needs them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import orjson
import psycopg
from psycopg.adapt import AdaptersMap
from psycopg.types.json import set_json_dumps, set_json_loads
from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.pool import NullPool

# SQLAlchemy would give its dialect's serializers to the connections it makes; ours are made by `creator`.
_ADAPTERS = AdaptersMap(psycopg.adapters)
set_json_dumps(orjson.dumps, _ADAPTERS)
set_json_loads(orjson.loads, _ADAPTERS)


def connection_class() -> type[psycopg.Connection[Any]]:
    """The class for this process: green only where eventlet has patched sockets."""
    eventlet = sys.modules.get("eventlet")
    if eventlet and eventlet.patcher.is_monkey_patched("socket"):
        from shared.db.green import GreenConnection

        return GreenConnection
    return psycopg.Connection


def _dumps(value: Any) -> str:
    return orjson.dumps(value).decode()


def postgres_engine(url: URL, pool_size: int, schema: str = "", *, pooled: bool = True) -> Engine:
    """An engine whose connections work in `schema`, in UTC, and yield to other greenlets where there are any."""
    options = "-c timezone=UTC -c statement_timeout=30s -c lock_timeout=10s"
    if schema:
        options += f" -c search_path={schema}"
    parameters: dict[str, Any] = dict(url.translate_connect_args(username="user", database="dbname"), **url.query)
    connect = connection_class().connect

    def creator() -> Any:
        # psycopg prepares nothing itself: on a rollback it would deallocate the statements of `pipeline` as well.
        return connect(
            **parameters,
            options=options,
            connect_timeout=5,
            application_name=f"oneway-{schema}",
            context=_ADAPTERS,
            prepare_threshold=None,
        )

    pool: dict[str, Any] = (
        {"pool_size": pool_size, "max_overflow": 0, "pool_timeout": 10, "pool_use_lifo": True}
        if pooled
        else {"poolclass": NullPool}
    )
    return create_engine(url, creator=creator, use_native_hstore=False, **pool)


def sqlite_engine(url: URL) -> Engine:
    """An engine on one file: write-ahead log, durable commits, and a writing transaction that owns the file at once."""
    assert url.database
    Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        url,
        json_serializer=_dumps,
        json_deserializer=orjson.loads,
        connect_args={"check_same_thread": False, "timeout": 10},
        pool_size=4,
        max_overflow=8,
    )

    @event.listens_for(engine, "connect")
    def _connected(connection: Any, _: Any) -> None:
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begun(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine
