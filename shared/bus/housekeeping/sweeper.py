"""The sweeper: what a crash left is published and sealed, and what is old is forgotten, for every tenant in turn."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

from sqlalchemy import Table, delete, select

from shared import metrics
from shared.bus.housekeeping.part import Part
from shared.bus.housekeeping.publisher import Publisher
from shared.bus.housekeeping.sealer import Sealer
from shared.db import Databases, Tx, audit, sent
from shared.metrics import series

_GATHER = 0.25
# Seconds between two sweeps of all tenants, and until one that failed is tried again.
_SWEEP, _SWEEP_AGAIN = 300.0, 10.0
# Seconds between two looks into the outbox of a tenant in which somebody is at work.
_LOOK = 5.0
# Seconds between two tenants' turns in it, and between two batches of what is forgotten.
_TURN = 0.02
# Seconds in which another process of this service may just be about to publish what stands in an outbox, or to seal.
_YOUNG = 3.0
# Longer than an event may be sent again (`sent.KEEP`).
_KEEP = timedelta(days=14)
# Events published, and rows forgotten, in one transaction.
_BATCH, _FORGOTTEN_AT_ONCE = 500, 1000


class Sweeper(Part):
    """What stands in an outbox longer than its process needs is what a process left that ended: it is published here.

    A sweep may meet what another process has in flight all the same; then an event goes out twice, and takes effect
    once (inbox).
    """

    name = "sweeper"

    def __init__(self, service: str, databases: Databases, publisher: Publisher, sealer: Sealer) -> None:
        super().__init__(service, databases, _GATHER)
        self._publisher = publisher
        self._sealer = sealer
        self._sweep_at = float("-inf")
        # Tenants that are to be swept before it is every tenant's turn, and when.
        self._to_sweep: dict[str, float] = {}
        self._looked: dict[str, float] = {}
        self._forged: dict[str, int] = {}

    @property
    def forged(self) -> int:
        """Rows of the record that the service has not written, as of the last sweep."""
        return sum(self._forged.values())

    def look(self, tx: Tx) -> None:
        """Now and then, while somebody is at work in the tenant: a process that is killed may have no successor."""
        now = time.monotonic()
        if now < self._looked.get(tx.tenant, 0.0) + _LOOK:
            return
        self._looked[tx.tenant] = now
        outbox = self.databases.ground.outbox
        old = select(outbox.c.id).where(outbox.c.at < tx.now - timedelta(seconds=_LOOK)).limit(1)
        if tx.one(old) is not None:
            self._to_sweep.setdefault(tx.tenant, now)
            self.wake()

    def in_doubt(self, tenant: str) -> None:
        """A commit whose outcome was not heard of: what it may have left is looked for, once it must be known."""
        self._to_sweep.setdefault(tenant, time.monotonic() + 2 * _YOUNG)
        self._publisher.backlog.suspect(tenant)
        self.wake()

    def due(self) -> float:
        """See `Part`."""
        return min((self._sweep_at, *list(self._to_sweep.values()))) - time.monotonic()

    def work(self) -> None:
        """Every tenant in turn, or those that are to be looked at before."""
        now = time.monotonic()
        if now < self._sweep_at:
            self._sweep([tenant for tenant, at in self._to_sweep.items() if at <= now])
            return
        first, self._sweep_at = self._sweep_at < 0, now + _SWEEP
        for tenant in self.databases.registry.onboarded():
            self._sweep([tenant.code])
            if self.stopping:
                return
            self.guard(tenant.code, self._forget)
            # Nobody is to notice that it is the others' turn; what a crash left, though, goes out at once.
            time.sleep(0 if first else _TURN)

    def drop(self, tenant: str) -> None:
        """See `Part`."""
        self._to_sweep.pop(tenant, None)

    def _sweep(self, tenants: list[str]) -> None:
        for tenant in tenants:
            if self.stopping:
                return
            self._to_sweep.pop(tenant, None)
            done = [self.guard(tenant, work) for work in (self._publish_leftovers, self._seal_leftovers)]
            if not all(done):
                self._to_sweep.setdefault(tenant, time.monotonic() + _SWEEP_AGAIN)

    def _publish_leftovers(self, tenant: str) -> None:
        """What stands in the outbox and nobody seems to be publishing."""
        publisher = self._publisher
        if not publisher.steady():
            # When it is back, every process begins with its own.
            publisher.backlog.suspect(tenant, again=False)
            self._to_sweep[tenant] = time.monotonic() + 2 * _YOUNG
            return
        outbox = self.databases.ground.outbox
        columns = (outbox.c.id, outbox.c.at, outbox.c.body, outbox.c.context)
        statement, last = select(*columns).order_by(outbox.c.id).limit(_BATCH), ""
        while True:
            with self.databases.read(self.as_itself(tenant), whatever_state=True) as tx:
                rows = tx.all(statement.where(outbox.c.id > last))
            if not rows:
                return
            publisher.backlog.suspect(tenant)
            last = rows[-1].id
            own = publisher.own(tenant)
            others = [row for row in rows if row.id not in own]
            left = [row for row in others if abs(datetime.now(UTC) - row.at) > timedelta(seconds=_YOUNG)]
            if len(left) < len(others):
                self._to_sweep.setdefault(tenant, time.monotonic() + _YOUNG)
            series(metrics.SWEPT, self.service).inc(len(left))
            publisher.publish_all(left)

    def _seal_leftovers(self, tenant: str) -> None:
        waiting = self._sealer.waiting(tenant)
        key = self.databases.keys(tenant).record
        with self.databases.read(self.as_itself(tenant), whatever_state=True) as tx:
            older = datetime.now(UTC) - timedelta(seconds=_YOUNG)
            found = audit.unsealed(tx.connection, self.databases.ground, key, older, recent=True)
        self._forged[tenant] = len(found.forged)
        for id_ in found.forged:
            # Left as it is, for `oneway audit verify` to name.
            self.log.error("record_forged", tenant=tenant, row=id_)
        rows = [row for row in found.own if row[0] not in waiting]
        if rows:
            self._sealer.add(tenant, rows)

    def _forget(self, tenant: str) -> None:
        """What is old, in small pieces: nobody is to wait for it, and it is not to fill the log of the database."""
        ground, now = self.databases.ground, datetime.now(UTC)
        old = ((ground.sent, sent.KEEP), (ground.inbox, _KEEP), (ground.idempotency, _KEEP))
        for table, kept in old:
            while self._forget_some(tenant, table, now - kept) == _FORGOTTEN_AT_ONCE and not self.stopping:
                time.sleep(_TURN)

    def _forget_some(self, tenant: str, table: Table, before: datetime) -> int:
        (key,) = table.primary_key
        some = select(key).where(table.c.at < before).order_by(table.c.at).limit(_FORGOTTEN_AT_ONCE)
        with self.databases.write(self.as_itself(tenant), whatever_state=True) as tx:
            return tx.execute(delete(table).where(key.in_(some))).rowcount
