"""A service's way to its data: a transaction is opened through the caller's tenant, and no other way."""

from __future__ import annotations

import contextlib
import threading
from collections import OrderedDict
from collections.abc import Iterator

from sqlalchemy import Engine, MetaData
from sqlalchemy.exc import DBAPIError

from shared.context import Context
from shared.db import audit, ground
from shared.db.engines import postgres_engine, sqlite_engine
from shared.db.pipeline import FORGOTTEN
from shared.db.tx import Tx
from shared.db.urls import service_url
from shared.settings import Settings
from shared.tenants import Registry

# PostgreSQL: serialization failure, deadlock, a prepared statement that is no more; the command is run again.
TRANSIENT = {"40001", "40P01", *FORGOTTEN}


class Databases:
    """The engines of one service, one for each tenant in use; those least recently used are closed.

    Connections are bounded by `pool_size` times `pool_tenants`, and one for each request under way (`rpc_workers`).
    """

    def __init__(self, settings: Settings, registry: Registry, service: str, metadata: MetaData, secret: str) -> None:
        self.ground = ground.tables(metadata)
        self.registry = registry
        self._settings = settings
        self._service = service
        self._secret = secret
        self._engines: OrderedDict[str, Engine] = OrderedDict()
        self._locks: dict[str, threading.Lock] = {}
        self._lock = threading.Lock()

    def engine(self, tenant: str) -> Engine:
        """The engine of a tenant's database. Raises `NotFound` for a tenant that is unknown or disabled."""
        found = self.registry.get(tenant, onboarding=True)
        with self._lock:
            engine = self._engines.get(tenant)
            if engine is None:
                url = service_url(self._settings, found, self._service, self._secret)
                if url.drivername.startswith("sqlite"):
                    engine = sqlite_engine(url)
                else:
                    engine = postgres_engine(url, self._settings.pool_size, self._service)
                self._engines[tenant] = engine
            self._engines.move_to_end(tenant)
            self._make_room()
        return engine

    def _make_room(self) -> None:
        """Closes pools that nobody uses, the oldest first: one in use would keep what it has lent out for itself."""
        for code in list(self._engines)[:-1]:
            if len(self._engines) <= self._settings.pool_tenants:
                return
            if not getattr(self._engines[code].pool, "checkedout", int)():
                self._engines.pop(code).dispose()

    @contextlib.contextmanager
    def read(self, ctx: Context) -> Iterator[Tx]:
        """For a query: each statement sees what is committed; nothing can be written."""
        engine = self.engine(ctx.tenant)
        with engine.connect() as conn:
            yield Tx(conn, ctx, self.ground, self._service, writes=False)

    @contextlib.contextmanager
    def write(self, ctx: Context) -> Iterator[Tx]:
        """For a command: committed at the end of the block, rolled back on any exception."""
        engine = self.engine(ctx.tenant)
        with self._sole_writer(engine, ctx.tenant), engine.connect() as conn:
            conn = conn.execution_options(writes=True)
            transaction = conn.begin()
            key = audit.chain_key(self._secret, ctx.tenant, self._service)
            tx = Tx(conn, ctx, self.ground, self._service, writes=True, audit_key=key)
            try:
                yield tx
                tx.flush(commit=True)
                transaction.commit()
            except BaseException:
                transaction.rollback()
                raise

    @contextlib.contextmanager
    def _sole_writer(self, engine: Engine, tenant: str) -> Iterator[None]:
        """On SQLite one writer at a time, waiting without holding up the process."""
        if engine.dialect.name == "postgresql":
            yield
            return
        with self._lock:
            lock = self._locks.setdefault(tenant, threading.Lock())
        with lock:
            yield

    def usage(self) -> tuple[int, int]:
        """Connections in use, and open."""
        pools = [e.pool for e in self._engines.values()]
        in_use = sum(getattr(p, "checkedout", int)() for p in pools)
        return in_use, in_use + sum(getattr(p, "checkedin", int)() for p in pools)

    def close(self) -> None:
        """Closes every connection."""
        with self._lock:
            for engine in self._engines.values():
                engine.dispose()
            self._engines.clear()


def is_transient(error: BaseException) -> bool:
    """Whether running the same transaction again may well succeed."""
    driver = error.orig if isinstance(error, DBAPIError) else error
    return getattr(driver, "sqlstate", None) in TRANSIENT
