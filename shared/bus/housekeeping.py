"""After the commit: events go out and leave the outbox, the record is sealed, and what a crash left is swept up."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Row, delete, select

from shared import log, metrics
from shared.bus import wire
from shared.bus.backlog import Backlog
from shared.bus.broker import Broker, NotConnected
from shared.context import Context, Signer
from shared.db import Databases, audit, sent
from shared.db.tx import Tx
from shared.errors import Problem
from shared.events import Event
from shared.ids import made_at
from shared.metrics import series

# Seconds in which more comes together before the outbox is cleared and the record sealed.
_GATHER = 0.25
# Seconds between two sweeps of all tenants, and until one that failed is tried again.
_SWEEP, _SWEEP_AGAIN = 300.0, 10.0
# Seconds between two tenants' turns in it.
_TURN = 0.02
# Seconds between two looks into the outbox of a tenant in which somebody is at work.
_LOOK = 5.0
# Seconds in which another process of this service may just be about to publish what stands in an outbox, or to seal.
_YOUNG = 2.0
# Seconds for which confirmations are waited for at the stop.
_CONFIRMED_WITHIN = 5.0
# Longer than an event may be sent again (`sent.KEEP`).
_KEEP = timedelta(days=14)
_BATCH = 500


class Housekeeping:
    """One for each process of a service. Idle, it does nothing between two sweeps.

    What its process emitted itself is its own to publish, also when the broker was away. What stands in the outbox
    longer than that takes is what a process left that ended: whoever sweeps next publishes it. A sweep may meet what
    another process has in flight all the same; then an event goes out twice, and takes effect once (inbox).
    """

    def __init__(self, service: str, databases: Databases, broker: Broker, signer: Signer) -> None:
        self._service = service
        self._databases = databases
        self._broker = broker
        self._signer = signer
        self.backlog = Backlog(service, databases)
        self._in_flight: set[str] = set()
        self._settled: defaultdict[str, list[str]] = defaultdict(list)
        self._unpublished: defaultdict[str, list[str]] = defaultdict(list)
        self._unsealed: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
        self._sealing: list[tuple[str, str]] = []
        self._forged: dict[str, int] = {}
        self._notes: defaultdict[str, list[tuple[Any, dict[str, Any]]]] = defaultdict(list)
        # Tenants that are to be swept before it is every tenant's turn, and when.
        self._to_sweep: dict[str, float] = {}
        self._looked: dict[str, float] = {}
        # When the broker was last seen to be away.
        self._away_at = float("-inf")
        self._wake = threading.Event()
        self._stopping = False
        self._sweep_at = float("-inf")
        self._thread = threading.Thread(target=self._run, name=f"{service}-housekeeping", daemon=True)
        self._log = log.get("housekeeping").bind(service=service)

    def start(self) -> None:
        """Begins with a sweep of every tenant: what a crash left goes out now."""
        self._thread.start()

    def stop(self) -> None:
        """Finishes what was gathered, once the broker has confirmed what is in flight (or has not, in 5 seconds)."""
        until = time.monotonic() + _CONFIRMED_WITHIN
        while self._in_flight and self._broker.connected and time.monotonic() < until:
            time.sleep(0.01)
        self._stopping = True
        self._wake.set()
        self._thread.join(10)

    def finish(self) -> None:
        """Does at once what was gathered, where nothing runs in the background."""
        self._settle_all()

    # -- after a commit -----------------------------------------------------------------------------

    def committed(self, tx: Tx) -> None:
        """Publishes what the transaction emitted, and gathers its part of the record for sealing."""
        for event in tx.events:
            self._publish(event)
        if tx.sealed:
            self._unsealed[tx.tenant].extend(tx.sealed)
            self._wake.set()
        self.noted(tx)
        for topic, people in tx.told.items():
            self._broker.tell(wire.live_message(self._signer, tx.tenant, sorted(people), topic))
        for hook in tx.hooks:
            hook()

    def noted(self, tx: Tx) -> None:
        """Gathers what the transaction noted (`Tx.note`), to be written with the next batch."""
        if tx.notes:
            self._notes[tx.tenant].extend(tx.notes)
            self._wake.set()

    def in_doubt(self, tenant: str) -> None:
        """A commit whose outcome was not heard of: what it may have left is looked for, once it must be known."""
        self._to_sweep.setdefault(tenant, time.monotonic() + 2 * _YOUNG)
        self.backlog.suspect(tenant)
        self._wake.set()

    def _publish(self, event: Event) -> None:
        self._in_flight.add(event.id)

        def settled(ok: bool) -> None:
            self._in_flight.discard(event.id)
            if ok:
                series(metrics.EMITTED, self._service).inc()
                self._settled[event.tenant].append(event.id)
            else:
                self._unpublished[event.tenant].append(event.id)
                self.backlog.suspect(event.tenant)
            self._wake.set()

        try:
            self._broker.publish_event(wire.event_message(self._signer, event), settled)
        except NotConnected:
            event.step.failed("not_connected")
            settled(False)
        event.step.end()

    def record(self) -> tuple[int, float, int]:
        """Rows of the record this process has yet to seal, when the oldest was written, and rows found forged.

        The time is in seconds since the epoch. What was forged is found by the sweep.
        """
        rows = [*self._sealing, *(row for rows in list(self._unsealed.values()) for row in rows)]
        oldest = min((id_ for id_, _ in rows), default="")
        return len(rows), made_at(oldest) if oldest else 0.0, sum(self._forged.values())

    # -- in the background --------------------------------------------------------------------------

    def _run(self) -> None:
        while not self._stopping:
            self._rest()
            try:
                self._settle_all()
                self._sweep_due()
            except Exception as error:
                # Whatever it was, the next round is due: without this thread no event would leave the outbox.
                self._log.error("housekeeping_failed", exc_info=error)
                time.sleep(_GATHER)
        self._settle_all()

    def _rest(self) -> None:
        """Until there is something to do, and a moment longer, in which more of it comes together."""
        if not self._broker.connected:
            self._away_at = time.monotonic()
        due = min((self._sweep_at, *self._to_sweep.values())) - time.monotonic()
        gathered = self._settled or self._unsealed or self._notes or (self._unpublished and self._broker.connected)
        if not gathered and due > 0 and not self._stopping:
            # A broker that is back does not wake anybody.
            self._wake.wait(min(due, 1.0) if self._unpublished else due)
        if not self._stopping:
            time.sleep(_GATHER)
        self._wake.clear()

    def _settle_all(self) -> None:
        for tenant in {*self._settled, *self._unsealed, *self._notes}:
            self._guard(tenant, self._settle)
        if self._broker.connected:
            for tenant in list(self._unpublished):
                self._guard(tenant, self._publish_again)

    def _guard(self, tenant: str, work: Callable[[str], None]) -> bool:
        """Runs one piece of work for a tenant; whether nothing of it is left to be done."""
        try:
            work(tenant)
            return True
        except Problem as problem:
            # There is no such tenant any more.
            self._log.error("tenant_gone", tenant=tenant, problem=problem.slug)
            for gathered in (self._settled, self._unsealed, self._notes, self._unpublished):
                gathered.pop(tenant, None)
            self._to_sweep.pop(tenant, None)
            return True
        except Exception as error:
            self._log.warning("housekeeping_failed", tenant=tenant, work=work.__name__, error=repr(error))
            time.sleep(_GATHER)
            return False

    def _settle(self, tenant: str) -> None:
        """Clears the outbox, seals the record and writes what was noted, in one transaction."""
        settled, unsealed = self._settled.pop(tenant, []), self._unsealed.pop(tenant, [])
        notes = self._notes.pop(tenant, [])
        self._sealing = unsealed
        by_model: defaultdict[Any, list[dict[str, Any]]] = defaultdict(list)
        for model, values in notes:
            by_model[model].append(values)
        try:
            with self._databases.write(Context(tenant=tenant), whatever_state=True) as tx:
                for model, rows in by_model.items():
                    tx.insert_many(model, rows)
                if settled:
                    sent.keep(tx, self._databases.ground, settled)
                if unsealed:
                    self._seal(tx, unsealed)
                self._look_for_leftovers(tx)
        except BaseException:
            self._settled[tenant].extend(settled)
            self._unsealed[tenant][:0] = unsealed
            self._notes[tenant][:0] = notes
            raise
        finally:
            self._sealing = []

    def _look_for_leftovers(self, tx: Tx) -> None:
        """Now and then, while somebody is at work in the tenant: a process that is killed may have no successor."""
        now = time.monotonic()
        if now < self._looked.get(tx.tenant, 0.0) + _LOOK:
            return
        self._looked[tx.tenant] = now
        outbox = self._databases.ground.outbox
        old = select(outbox.c.id).where(outbox.c.at < tx.now - timedelta(seconds=_LOOK)).limit(1)
        if tx.one(old) is not None:
            self._to_sweep.setdefault(tx.tenant, now)

    def _seal(self, tx: Tx, rows: list[tuple[str, str]]) -> None:
        seq, head = audit.seal(tx, self._databases.ground, tx.keys.record, rows)
        series(metrics.SEALED, self._service).inc(len(rows))
        # The head in the log is an anchor outside the database: cutting off the chain's end shows.
        self._log.debug("record_sealed", tenant=tx.tenant, seq=seq, head=head)

    def _publish_again(self, tenant: str) -> None:
        """What was emitted here and the broker did not take."""
        outbox = self._databases.ground.outbox
        ids = self._unpublished.pop(tenant)
        while ids:
            batch, ids = ids[:_BATCH], ids[_BATCH:]
            try:
                with self._databases.read(Context(tenant=tenant), whatever_state=True) as tx:
                    columns = (outbox.c.id, outbox.c.body, outbox.c.context)
                    rows = tx.all(select(*columns).where(outbox.c.id.in_(batch)).order_by(outbox.c.id))
            except BaseException:
                self._unpublished[tenant].extend(batch + ids)
                raise
            self._publish_all(rows)

    def _publish_all(self, rows: Sequence[Row[Any]]) -> None:
        """Publishes rows of an outbox, and waits where the broker is not as quick."""
        for row in rows:
            self._publish(Event.from_wire(row.body.encode(), row.context))
        while len(self._in_flight) >= _BATCH and self._broker.connected and not self._stopping:
            time.sleep(0.01)

    def _sweep_due(self) -> None:
        """Every tenant in turn, or those that are to be looked at before: what a crash left, and what is old."""
        now = settled_at = time.monotonic()
        whole, first = now >= self._sweep_at, self._sweep_at < 0
        if whole:
            self._sweep_at = now + _SWEEP
            tenants = [tenant.code for tenant in self._databases.registry.onboarded()]
        else:
            tenants = [tenant for tenant, at in self._to_sweep.items() if at <= now]
        for tenant in tenants:
            if self._stopping:
                return
            self._to_sweep.pop(tenant, None)
            done = [self._guard(tenant, work) for work in (self._publish_leftovers, self._seal_leftovers)]
            if not all(done):
                self._to_sweep.setdefault(tenant, time.monotonic() + _SWEEP_AGAIN)
            if whole:
                self._guard(tenant, self._forget)
                # Nobody is to notice that it is the others' turn; what a crash left, though, goes out at once.
                time.sleep(0 if first else _TURN)
            if time.monotonic() > settled_at + _GATHER:
                self._settle_all()
                settled_at = time.monotonic()

    def _publish_leftovers(self, tenant: str) -> None:
        """What stands in the outbox and nobody seems to be publishing."""
        if not self._broker.connected or time.monotonic() < self._away_at + 2 * _YOUNG:
            # When it is back, every process begins with its own.
            self.backlog.suspect(tenant, again=False)
            self._to_sweep[tenant] = time.monotonic() + 2 * _YOUNG
            return
        outbox = self._databases.ground.outbox
        columns = (outbox.c.id, outbox.c.at, outbox.c.body, outbox.c.context)
        statement, last = select(*columns).order_by(outbox.c.id).limit(_BATCH), ""
        while True:
            with self._databases.read(Context(tenant=tenant), whatever_state=True) as tx:
                rows = tx.all(statement.where(outbox.c.id > last))
            if not rows:
                return
            self.backlog.suspect(tenant)
            last = rows[-1].id
            own = self._in_flight.union(self._settled.get(tenant, ()), self._unpublished.get(tenant, ()))
            others = [row for row in rows if row.id not in own]
            left = [row for row in others if abs(datetime.now(UTC) - row.at) > timedelta(seconds=_YOUNG)]
            if len(left) < len(others):
                self._to_sweep.setdefault(tenant, time.monotonic() + _YOUNG)
            series(metrics.SWEPT, self._service).inc(len(left))
            self._publish_all(left)

    def _seal_leftovers(self, tenant: str) -> None:
        waiting = {id_ for id_, _ in self._unsealed.get(tenant, ())}
        key = self._databases.keys(tenant).record
        with self._databases.read(Context(tenant=tenant), whatever_state=True) as tx:
            older = datetime.now(UTC) - timedelta(seconds=_YOUNG)
            found = audit.unsealed(tx.connection, self._databases.ground, key, older, recent=True)
        self._forged[tenant] = len(found.forged)
        for id_ in found.forged:
            # Left as it is, for `oneway audit verify` to name.
            self._log.error("record_forged", tenant=tenant, row=id_)
        rows = [row for row in found.own if row[0] not in waiting]
        if rows:
            # Kept, with what is gathered meanwhile, until it is done.
            self._unsealed[tenant][:0] = rows
            self._settle(tenant)

    def _forget(self, tenant: str) -> None:
        ground = self._databases.ground
        before = datetime.now(UTC) - _KEEP
        with self._databases.write(Context(tenant=tenant), whatever_state=True) as tx:
            tx.execute(delete(ground.sent).where(ground.sent.c.at < datetime.now(UTC) - sent.KEEP))
            tx.execute(delete(ground.inbox).where(ground.inbox.c.at < before))
            tx.execute(delete(ground.idempotency).where(ground.idempotency.c.at < before))
