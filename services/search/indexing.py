"""Reading what waits to be read, beside the events: slow words hold up nothing else."""

from __future__ import annotations

import threading
import time
from typing import Any

from sqlalchemy import Row, func, select, update

from services.search import figures, index
from services.search.analysers import Analyser, Read
from services.search.models import Item
from shared import log
from shared.context import Context
from shared.db import Databases, Tx
from shared.errors import Problem

_BATCH = 20
# Seconds until what failed is tried again, between two tenants' turns at the start, and in which items are gathered:
# one that is told of again meanwhile is read once.
_AGAIN, _TURN, _GATHER = 5.0, 0.02, 0.3
_NEXT = (
    select(Item.subject, Item.sequence, Item.title, Item.text, Item.told_at)
    .where(Item.waiting)
    .order_by(Item.told_at)
    .limit(_BATCH)
)
_HOW_MANY = select(func.count()).select_from(Item).where(Item.waiting)


class Indexing:
    """What waits is a column of the tables: a process that ends leaves it to the next, which looks when it starts.

    Two processes may read the same item; its words are the same then.
    """

    def __init__(self, databases: Databases, analyser: Analyser) -> None:
        self._databases = databases
        self._analyser = analyser
        self._lock = threading.Lock()
        self._tenants: dict[str, int] = {}
        self._thread: threading.Thread | None = None
        self._came = threading.Event()
        self._stopping = False
        self._log = log.get("indexing")

    def start(self) -> None:
        """Begins with a look at every tenant: what a process left is read now."""
        self.wake(*(tenant.code for tenant in self._databases.registry.onboarded()))

    def wake(self, *tenants: str) -> None:
        """Something waits in these tenants."""
        with self._lock:
            if self._stopping or not tenants:
                return
            for tenant in tenants:
                self._tenants.setdefault(tenant, 0)
            self._came.set()
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="indexing", daemon=True)
                self._thread.start()

    def stop(self) -> None:
        """Finishes the item in hand."""
        self._stopping = True
        self._came.set()
        self._analyser.worker.close()
        if self._thread is not None:
            self._thread.join(10)

    def _run(self) -> None:
        while not self._stopping:
            with self._lock:
                tenants = list(self._tenants)
                self._came.clear()
            for tenant in tenants:
                self._of_tenant(tenant)
                time.sleep(_TURN)
            if not self._tenants:
                self._came.wait()
                time.sleep(_GATHER)
            elif not self._stopping and not self._came.is_set():
                self._came.wait(_AGAIN)

    def _of_tenant(self, tenant: str) -> None:
        with self._lock:
            self._tenants.pop(tenant, None)
        try:
            while not self._stopping and self.read_some(tenant) == _BATCH:
                # Everybody has a turn between two batches.
                time.sleep(0)
        except Problem as problem:
            self._log.error("tenant_gone", tenant=tenant, problem=problem.slug)
        except Exception as error:
            self._log.warning("indexing_failed", tenant=tenant, exc_info=error)
            with self._lock:
                self._tenants.setdefault(tenant, 0)

    def read_some(self, tenant: str) -> int:
        """Reads up to a batch of what waits in a tenant; how many."""
        ctx = Context(tenant=tenant)
        with self._databases.read(ctx, whatever_state=True) as tx:
            rows = tx.all(_NEXT)
            figures.WAITING.set(len(rows) if len(rows) < _BATCH else tx.scalar(_HOW_MANY))
        # Before the transaction: words may take seconds.
        read = [(row, self._analyser.read(row.title, row.text)) for row in rows if not self._stopping]
        if read:
            with self._databases.write(ctx, whatever_state=True) as tx:
                for row, words in read:
                    self._put(tx, row, words)
            for hook in tx.hooks:
                hook()
        if len(rows) < _BATCH:
            figures.WAITING.set(0)
        return len(read)

    @staticmethod
    def _put(tx: Tx, row: Row[Any], read: Read) -> None:
        """Unless the item was told of again meanwhile: then that waits."""
        same = (Item.subject == row.subject, Item.sequence == row.sequence, Item.waiting)
        if tx.execute(update(Item).where(*same).values(waiting=False)).rowcount:
            index.put(tx, row.subject, read)
            tx.observe(figures.LAG, max(0.0, (tx.now - row.told_at).total_seconds()))
