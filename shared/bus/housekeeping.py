"""After the commit: events go out and leave the outbox, the record is sealed, and what a crash left is swept up."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import delete, select

from shared import log, metrics
from shared.bus import wire
from shared.bus.broker import Broker, NotConnected
from shared.context import Context, Signer
from shared.db import Databases, audit
from shared.db.tx import Tx
from shared.errors import Problem
from shared.events import Event

# Seconds: gathering before the outbox is cleared and the record sealed; between two sweeps of all tenants.
_GATHER = 0.25
_SWEEP = 300.0
_KEEP = timedelta(days=14)
_BATCH = 500


class Housekeeping:
    """One for each service in a process. Idle, it does nothing between two sweeps."""

    def __init__(self, service: str, databases: Databases, broker: Broker, signer: Signer, secret: str) -> None:
        self._service = service
        self._databases = databases
        self._broker = broker
        self._signer = signer
        self._secret = secret
        self._in_flight: set[str] = set()
        self._settled: defaultdict[str, list[str]] = defaultdict(list)
        self._unpublished: set[str] = set()
        self._unsealed: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
        self._notes: defaultdict[str, list[tuple[Any, dict[str, Any]]]] = defaultdict(list)
        self._wake = threading.Event()
        self._stopping = False
        self._swept_at = float("-inf")
        self._thread = threading.Thread(target=self._run, name=f"{service}-housekeeping", daemon=True)
        self._log = log.get("housekeeping").bind(service=service)

    def start(self) -> None:
        """Begins with a sweep of every tenant: what a crash left goes out now."""
        self._thread.start()

    def stop(self) -> None:
        """Finishes what was gathered."""
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
        """A commit whose outcome was not heard of: what it may have emitted is looked for."""
        self._unpublished.add(tenant)
        self._wake.set()

    def _publish(self, event: Event) -> None:
        self._in_flight.add(event.id)
        metrics.OUTBOX.labels(self._service).set(len(self._in_flight))

        def settled(ok: bool) -> None:
            self._in_flight.discard(event.id)
            if ok:
                metrics.EMITTED.labels(self._service).inc()
                self._settled[event.tenant].append(event.id)
            else:
                self._unpublished.add(event.tenant)
            self._wake.set()

        try:
            self._broker.publish_event(wire.event_message(self._signer, event), settled)
        except NotConnected:
            settled(False)

    # -- in the background --------------------------------------------------------------------------

    def _run(self) -> None:
        while True:
            due = self._swept_at + _SWEEP - time.monotonic()
            pending = self._settled or self._unsealed or self._unpublished or self._notes
            if not pending and due > 0 and not self._stopping:
                self._wake.wait(due)
            if not self._stopping:
                time.sleep(_GATHER)
            self._wake.clear()
            self._settle_all()
            if self._stopping:
                return
            if time.monotonic() - self._swept_at >= _SWEEP:
                self._sweep_all()

    def _settle_all(self) -> None:
        for tenant in {*self._settled, *self._unsealed, *self._notes}:
            self._guard(tenant, self._settle)
        if self._broker.connected:
            for tenant in list(self._unpublished):
                self._unpublished.discard(tenant)
                if not self._guard(tenant, self._resend):
                    self._unpublished.add(tenant)

    def _guard(self, tenant: str, work: object) -> bool:
        """Runs one piece of work for a tenant; a failure is logged and tried again later: then the answer is no."""
        assert callable(work)
        try:
            work(tenant)
            return True
        except Problem:
            # The tenant was disabled. What is in its database waits there for the first sweep after it is enabled.
            for gathered in (self._settled, self._unsealed, self._notes):
                gathered.pop(tenant, None)
            return True
        except Exception as error:
            self._log.warning("housekeeping_failed", tenant=tenant, error=repr(error))
            time.sleep(_GATHER)
            return False

    def _settle(self, tenant: str) -> None:
        """Clears the outbox, seals the record and writes what was noted, in one transaction."""
        settled, unsealed = self._settled.pop(tenant, []), self._unsealed.pop(tenant, [])
        notes = self._notes.pop(tenant, [])
        outbox = self._databases.ground.outbox
        by_model: defaultdict[Any, list[dict[str, Any]]] = defaultdict(list)
        for model, values in notes:
            by_model[model].append(values)
        try:
            with self._databases.write(Context(tenant=tenant)) as tx:
                for model, rows in by_model.items():
                    tx.insert_many(model, rows)
                if settled:
                    tx.change(delete(outbox).where(outbox.c.id.in_(settled)), {})
                if unsealed:
                    self._seal(tx, unsealed)
        except BaseException:
            self._settled[tenant].extend(settled)
            self._unsealed[tenant][:0] = unsealed
            self._notes[tenant][:0] = notes
            raise

    def _seal(self, tx: Tx, rows: list[tuple[str, str]]) -> None:
        key = audit.chain_key(self._secret, tx.tenant, self._service)
        seq, head = audit.seal(tx, self._databases.ground, key, rows)
        metrics.SEALED.labels(self._service).inc(len(rows))
        # The head in the log is an anchor outside the database: cutting off the chain's end shows.
        self._log.debug("record_sealed", tenant=tx.tenant, seq=seq, head=head)

    def _sweep_all(self) -> None:
        """Every tenant in turn: unpublished events, unsealed rows, and what is old enough to forget."""
        self._swept_at = time.monotonic()
        for tenant in self._databases.registry.active():
            if self._stopping:
                return
            self._guard(tenant.code, self._resend)
            self._guard(tenant.code, self._seal_leftovers)
            self._guard(tenant.code, self._forget)

    def _resend(self, tenant: str) -> None:
        outbox = self._databases.ground.outbox
        with self._databases.read(Context(tenant=tenant)) as tx:
            rows = tx.all(select(outbox.c.id, outbox.c.body, outbox.c.context).order_by(outbox.c.id).limit(_BATCH))
        if len(rows) == _BATCH:
            # There may be more: the next round looks again.
            self._unpublished.add(tenant)
        cleared = {id_ for ids in self._settled.values() for id_ in ids}
        for row in rows:
            if row.id not in self._in_flight and row.id not in cleared:
                metrics.SWEPT.labels(self._service).inc()
                self._publish(Event.from_wire(row.body.encode(), row.context))

    def _seal_leftovers(self, tenant: str) -> None:
        waiting = {id_ for id_, _ in self._unsealed.get(tenant, ())}
        key = audit.chain_key(self._secret, tenant, self._service)
        with self._databases.read(Context(tenant=tenant)) as tx:
            # Not the youngest: another process may be about to seal them.
            older = datetime.now(UTC) - timedelta(seconds=5)
            found = audit.unsealed(tx.connection, self._databases.ground, key, older)
        for id_ in found.forged:
            # Left as it is, for `oneway audit verify` to name.
            self._log.error("record_forged", tenant=tenant, row=id_)
        rows = [row for row in found.own if row[0] not in waiting]
        if rows:
            with self._databases.write(Context(tenant=tenant)) as tx:
                self._seal(tx, rows)

    def _forget(self, tenant: str) -> None:
        ground = self._databases.ground
        before = datetime.now(UTC) - _KEEP
        with self._databases.write(Context(tenant=tenant)) as tx:
            tx.execute(delete(ground.inbox).where(ground.inbox.c.at < before))
            tx.execute(delete(ground.idempotency).where(ground.idempotency.c.at < before))
