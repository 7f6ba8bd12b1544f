"""Connections to many databases under one limit: what one tenant does not use at the moment another one can have.

Opening a connection costs twenty times what a query does (docs/sizing.md), so one is kept for as long as there is
room. Where there is none, the one that has not been used for longest is closed, whichever tenant's it is.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import ConnectionPoolEntry, Pool

# Seconds a request waits for a connection when all are in use.
_WAIT = 10.0


class Budget:
    """At most `most` connections, over all the pools that share it.

    `displaced` is called for each that is closed to make room for another pool's.
    """

    def __init__(self, most: int, wait: float = _WAIT, displaced: Callable[[], object] = lambda: None) -> None:
        self._displaced = displaced
        self._most = most
        self._wait = wait
        self._count = 0
        # Those nobody uses, the least recently used first.
        self._idle: OrderedDict[ConnectionPoolEntry, SharedPool] = OrderedDict()
        self._changed = threading.Condition()

    def usage(self) -> tuple[int, int]:
        """Connections in use, and open."""
        with self._changed:
            return self._count - len(self._idle), self._count

    def take(self, pool: SharedPool) -> ConnectionPoolEntry | None:
        """An idle connection of the pool, or None where it may open one.

        Raises SQLAlchemy's `TimeoutError` where for so long neither came about.
        """
        until = time.monotonic() + self._wait
        with self._changed:
            while True:
                if pool.idle:
                    entry = pool.idle.pop()
                    del self._idle[entry]
                    return entry
                found, oldest = self._room(pool)
                if found:
                    break
                if not self._changed.wait(max(0.0, until - time.monotonic())) and time.monotonic() >= until:
                    raise PoolTimeout(f"no connection became free within {self._wait:.0f} s")
        if oldest:
            self._displaced()
            oldest.close()
        return None

    def _room(self, pool: SharedPool) -> tuple[bool, ConnectionPoolEntry | None]:
        """Whether the pool may open one more, and the connection that is to be closed for it."""
        if pool.count >= pool.size:
            return False, None
        oldest = None
        if self._count >= self._most:
            if not self._idle:
                return False, None
            oldest, owner = self._idle.popitem(last=False)
            owner.idle.remove(oldest)
            owner.count -= 1
        else:
            self._count += 1
        pool.count += 1
        return True, oldest

    def give_back(self, pool: SharedPool, entry: ConnectionPoolEntry) -> None:
        """It is not used any more, or was lost meanwhile."""
        with self._changed:
            lost = entry.dbapi_connection is None
            kept = not (pool.closed or lost)
            if kept:
                pool.idle.append(entry)
                self._idle[entry] = pool
            else:
                self._drop(pool)
            self._changed.notify_all()
        if not (kept or lost):
            entry.close()

    def not_opened(self, pool: SharedPool) -> None:
        """What was allowed by `take` did not come about."""
        with self._changed:
            self._drop(pool)
            self._changed.notify_all()

    def clear(self, pool: SharedPool) -> None:
        """Closes the pool's idle connections; those in use are closed when they are given back."""
        with self._changed:
            pool.closed = True
            idle, pool.idle = pool.idle, []
            for entry in idle:
                del self._idle[entry]
                self._drop(pool)
            self._changed.notify_all()
        for entry in idle:
            entry.close()

    def _drop(self, pool: SharedPool) -> None:
        pool.count -= 1
        self._count -= 1


class SharedPool(Pool):
    """SQLAlchemy's pool for one database: at most `size` connections, and those of a budget shared with others."""

    def __init__(self, creator: Callable[[], Any], budget: Budget, size: int, **options: Any) -> None:
        super().__init__(creator, **options)
        self._opens = creator
        self._budget = budget
        self.size = size
        # Kept by the budget, under its lock.
        self.idle: list[ConnectionPoolEntry] = []
        self.count = 0
        self.closed = False

    def _do_get(self) -> ConnectionPoolEntry:
        entry = self._budget.take(self)
        if entry is not None:
            return entry
        try:
            return self._create_connection()
        except BaseException:
            self._budget.not_opened(self)
            raise

    def _do_return_conn(self, record: ConnectionPoolEntry) -> None:
        self._budget.give_back(self, record)

    def recreate(self) -> SharedPool:
        """See `Pool`: what an engine goes on with after `dispose`."""
        return SharedPool(self._opens, self._budget, self.size, dialect=self._dialect, _dispatch=self.dispatch)

    def dispose(self) -> None:
        """See `Pool`."""
        self._budget.clear(self)

    def status(self) -> str:
        """See `Pool`."""
        return f"{self.count} of {self.size} open, {len(self.idle)} idle"
