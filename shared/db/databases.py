"""A service's way to its data: a transaction is opened through the caller's tenant, and no other way."""

from __future__ import annotations

import contextlib
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, MetaData, RootTransaction

from shared import metrics, tenantkeys
from shared.context import Context
from shared.db import ground, spans
from shared.db.engines import Login, postgres_engine, sqlite_engine
from shared.db.pool import Budget
from shared.db.tx import Tx
from shared.db.urls import service_urls, sqlite_url
from shared.keys import split, uses
from shared.settings import Settings
from shared.tenantkeys import ServiceKeys
from shared.tenants import STATES, Registry, Tenant

# A tenant that is being onboarded is worked for by its onboarding.
SERVED = ("active", "onboarding")
_IN_USE = 40


class Databases:
    """The engines of one service, one for each tenant in use.

    Connections are bounded by `pool_size` for each tenant, and by `pool_connections` over all of them.
    """

    def __init__(self, settings: Settings, registry: Registry, service: str, metadata: MetaData, secret: str) -> None:
        self.ground = ground.tables(metadata)
        self.registry = registry
        self._settings = settings
        self._service = service
        self._secret = secret
        self._uses = [] if settings.embedded else [uses("database", each) for each in split(secret)]
        self._budget = Budget(settings.pool_connections, displaced=metrics.series(metrics.POOL_DISPLACED, service).inc)
        self._engines: OrderedDict[str, Engine] = OrderedDict()
        self._locks: dict[str, threading.Lock] = {}
        self._lock = threading.Lock()
        self._waits = metrics.series(metrics.POOL_WAIT, service)
        self.waiting = 0
        # What a transaction takes for now: the machine's clock, or that of a test.
        self.clock: Callable[[], datetime | None] = lambda: None

    def engine(self, tenant: str, *, whatever_state: bool = False) -> Engine:
        """The engine of a tenant's database. Raises `NotFound` for a tenant that is unknown or disabled.

        With `whatever_state` also that of a disabled one.
        """
        found = self.registry.get(tenant, STATES if whatever_state else SERVED)
        with self._lock:
            engine = self._engines.get(tenant)
            if engine is None:
                engine = self._engines[tenant] = self._made(found)
                metrics.begin(self._label(tenant))
            self._engines.move_to_end(tenant)
        return engine

    def keys(self, tenant: str) -> ServiceKeys:
        """The service's keys of a tenant. Raises `NotFound` for a tenant that is unknown."""
        return tenantkeys.of_tenant(self._secret, self.registry.get(tenant, STATES), self._service)

    def _label(self, tenant: str) -> str:
        return self.registry.label(tenant, self._settings.metrics_tenants)

    def _made(self, tenant: Tenant) -> Engine:
        settings, service = self._settings, self._service
        if not tenant.database:
            return sqlite_engine(sqlite_url(settings, tenant.code, service))
        urls = service_urls(settings, tenant, service, self._secret)
        logins = [Login(*each) for each in zip(urls, self._uses, strict=True)]
        pool = (self._budget, settings.pool_size)
        return postgres_engine(logins, service, pool=pool, prepared=settings.database_prepared)

    @contextlib.contextmanager
    def read(self, ctx: Context, *, whatever_state: bool = False) -> Iterator[Tx]:
        """For a query: each statement sees what is committed; nothing can be written."""
        engine = self.engine(ctx.tenant, whatever_state=whatever_state)
        with self._connect(engine) as conn:
            yield self._tx(conn, ctx, writes=False)

    @contextlib.contextmanager
    def write(self, ctx: Context, *, whatever_state: bool = False) -> Iterator[Tx]:
        """For a command: committed at the end of the block, rolled back on any exception."""
        engine = self.engine(ctx.tenant, whatever_state=whatever_state)
        with self._sole_writer(engine, ctx.tenant), self._connect(engine) as conn:
            conn = conn.execution_options(writes=True)
            transaction = conn.begin()
            tx = self._tx(conn, ctx, writes=True, keys=self.keys(ctx.tenant), label=self._label(ctx.tenant))
            try:
                yield tx
                tx.committing = True
                tx.flush(commit=True)
                _commit(conn, transaction, committed=self._settings.database_pipeline)
            except BaseException:
                transaction.rollback()
                raise

    def _tx(self, conn: Connection, ctx: Context, **more: Any) -> Tx:
        pipeline = self._settings.database_pipeline
        return Tx(conn, ctx, self.ground, self._service, pipeline=pipeline, now=self.clock(), **more)

    def _connect(self, engine: Engine) -> Connection:
        """A connection; where as many are lent out as the pool has, one is waited for."""
        began = time.perf_counter()
        self.waiting += 1
        try:
            return engine.connect()
        finally:
            self.waiting -= 1
            self._waits.observe(time.perf_counter() - began)

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

    def in_use(self) -> list[str]:
        """The tenants last worked for, the latest of them last; not all, where there are many."""
        with self._lock:
            return list(self._engines)[-_IN_USE:]

    def usage(self) -> tuple[int, int]:
        """Connections to PostgreSQL in use, and open."""
        return self._budget.usage()

    def close(self) -> None:
        """Closes every connection."""
        with self._lock:
            for engine in self._engines.values():
                engine.dispose()
            self._engines.clear()


def _commit(conn: Connection, transaction: RootTransaction, *, committed: bool) -> None:
    """Where the commit went with the last statements, on PostgreSQL in a pipeline, nothing is sent here."""
    if committed and conn.dialect.name == "postgresql":
        transaction.commit()
        return
    with spans.round_trip(conn, (), commit=True):
        transaction.commit()
