"""SQLAlchemy engines for PostgreSQL and SQLite, set up the way this system needs them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import orjson
import psycopg
from prometheus_client import Counter
from psycopg.adapt import AdaptersMap
from psycopg.types.json import set_json_dumps, set_json_loads
from sqlalchemy import URL, Connection, Engine, ExceptionContext, create_engine, event
from sqlalchemy.dialects import registry
from sqlalchemy.pool import NullPool
from sqlalchemy.util import LRUCache

from shared.db import spans
from shared.db.faults import is_gone
from shared.db.pipeline import prepare_nothing
from shared.db.pool import Budget, SharedPool
from shared.db.urls import control_urls
from shared.keys import uses

# SQLAlchemy would give its dialect's serializers to the connections it makes; ours are made by `creator`.
_ADAPTERS = AdaptersMap(psycopg.adapters)
set_json_dumps(orjson.dumps, _ADAPTERS)
set_json_loads(orjson.loads, _ADAPTERS)

# Every service of every tenant has an engine of its own here: compiled by itself, each statement would be compiled
# anew for each of them.
_COMPILED: LRUCache[Any, Any] = LRUCache(4000)

registry.register("sqlite.oneway", "shared.db.sqlite", "SqliteDialect")


def connection_class() -> type[psycopg.Connection[Any]]:
    """The class for this process: green only where eventlet has patched sockets."""
    eventlet = sys.modules.get("eventlet")
    if eventlet and eventlet.patcher.is_monkey_patched("socket"):
        from shared.db.green import GreenConnection

        return GreenConnection
    return psycopg.Connection


def _dumps(value: Any) -> str:
    return orjson.dumps(value).decode()


class Login(NamedTuple):
    """One way to log in to a database, and the count of its uses."""

    url: URL
    used: Counter


def postgres_engine(
    url: URL | Sequence[Login],
    name: str,
    *,
    schema: str = "",
    pool: tuple[Budget, int] | None = None,
    prepared: bool = True,
) -> Engine:
    """An engine whose connections call themselves after `name`, and yield to other greenlets where there are any.

    Of several ways to log in the one is taken that is let in: a password may be changed meanwhile.
    A service's own role brings the schema, UTC and the time limits with it (`oneway.provision`): a connection that
    comes through PgBouncer cannot ask for them. The owner, who works directly, asks for a `schema`. Without `prepared`
    no statement is prepared, as a PgBouncer before 1.21 demands that gives out connections by the transaction.
    Connections are kept where there is a `pool`: what they share with those to other databases, and how many of them
    may be to this one.
    """
    options = " ".join(f"-c {k}={v}" for k, v in session_settings(schema).items()) if schema else ""
    connect = connection_class().connect

    def open_by(way: URL) -> Any:
        parameters: dict[str, Any] = dict(way.translate_connect_args(username="user", database="dbname"), **way.query)
        if options:
            parameters["options"] = options
        # psycopg prepares nothing itself: on a rollback it would deallocate the statements of `pipeline` as well.
        connection = connect(
            **parameters,
            connect_timeout=5,
            # Seconds; a server that has gone without a word is known to be away within a quarter of a minute.
            keepalives_idle=5,
            keepalives_interval=3,
            keepalives_count=3,
            tcp_user_timeout=15_000,
            application_name=f"oneway-{name}",
            context=_ADAPTERS,
            prepare_threshold=None,
        )
        if not prepared:
            prepare_nothing(connection)
        return connection

    creator: Callable[[], Any]
    if isinstance(url, URL):
        named, creator = url, partial(open_by, url)
    else:
        named, creator = url[0].url, _Door(url, open_by)
    kept: dict[str, Any] = {"pool": SharedPool(creator, *pool)} if pool else {"creator": creator, "poolclass": NullPool}
    engine = create_engine(
        named,
        use_native_hstore=False,
        hide_parameters=True,
        execution_options=spans.options(named, name),
        **kept,
    )
    spans.watch(engine)
    event.listen(engine, "handle_error", _let_go)
    return engine


def _let_go(context: ExceptionContext) -> None:
    """Where the server stops, no connection of the pool is used again, not only the one that was told of it."""
    if is_gone(context.original_exception):
        context.is_disconnect = True


class _Door:
    """Logs in by the first way that is let in, and begins there the next time."""

    def __init__(self, logins: Sequence[Login], open_by: Callable[[URL], Any]) -> None:
        self._logins = list(logins)
        self._open_by = open_by

    def __call__(self) -> Any:
        """A connection. Raises what the last way was answered with where none is let in."""
        refusal: psycopg.OperationalError | None = None
        for login in tuple(self._logins):
            try:
                connection = self._open_by(login.url)
            except psycopg.OperationalError as error:
                # What is told at the door has no code: a password was asked for, and it did not open.
                if error.pgconn is None or not error.pgconn.used_password:
                    raise
                refusal = error
                continue
            self._logins.sort(key=lambda other: other is not login)
            login.used.inc()
            return connection
        assert refusal
        raise refusal


def control_engine(settings_url: str) -> Engine:
    """An engine on the registry of tenants, from the setting that tells where it is."""
    urls = control_urls(settings_url)
    if urls[0].drivername.startswith("sqlite"):
        return sqlite_engine(urls[0])
    logins = [Login(url, uses("control", url.password or "")) for url in urls]
    return postgres_engine(logins, "control")


def session_settings(schema: str) -> dict[str, str]:
    """What PostgreSQL is to hold to in a session that works in `schema`."""
    return {"search_path": schema, "timezone": "UTC", "statement_timeout": "30s", "lock_timeout": "10s"}


def sqlite_engine(url: URL) -> Engine:
    """An engine on one file: write-ahead log, durable commits, and a writing transaction that owns the file at once."""
    assert url.database
    Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        url.set(drivername="sqlite+oneway"),
        hide_parameters=True,
        execution_options={**spans.options(url, ""), "compiled_cache": _COMPILED},
        json_serializer=_dumps,
        json_deserializer=orjson.loads,
        connect_args={"check_same_thread": False, "timeout": 10},
        pool_size=4,
        max_overflow=8,
    )

    spans.watch(engine)

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
