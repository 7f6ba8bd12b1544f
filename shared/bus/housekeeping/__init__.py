"""After the commit: events go out and leave the outbox, the record is sealed, what was noted is written, what a crash
left is swept up, and alarms go off. Parts with a thread each: one that is stuck or fails holds up no other.
"""

from __future__ import annotations

import time

from shared.bus import wire
from shared.bus.backlog import Backlog
from shared.bus.broker import Broker
from shared.bus.housekeeping.clock import Clock, Ring
from shared.bus.housekeeping.noter import Noter
from shared.bus.housekeeping.part import Part
from shared.bus.housekeeping.publisher import Publisher
from shared.bus.housekeeping.sealer import Sealer
from shared.bus.housekeeping.sweeper import Sweeper
from shared.context import Signer
from shared.db import Databases
from shared.db.tx import Tx

# Seconds in which all parts together finish what they have gathered, at the stop.
_FINISHED_WITHIN = 10.0


class Housekeeping:
    """One for each process of a service. Idle, it does nothing between two sweeps.

    `ring` does what is due, in a service that sets itself alarms.
    """

    def __init__(
        self, service: str, databases: Databases, broker: Broker, signer: Signer, ring: Ring | None = None
    ) -> None:
        self._broker = broker
        self._signer = signer
        self.publisher = Publisher(service, databases, self._look, broker, signer)
        self.sealer = Sealer(service, databases, self._look)
        self.noter = Noter(service, databases, self._look)
        self.sweeper = Sweeper(service, databases, self.publisher, self.sealer)
        self.clock = Clock(service, databases, ring) if ring else None
        # The clock and the sweeper hand on to the others: they end first.
        first: list[Part] = [self.clock] if self.clock else []
        self._parts: tuple[Part, ...] = (*first, self.sweeper, self.publisher, self.sealer, self.noter)

    @property
    def backlog(self) -> Backlog:
        """What waits in the outboxes."""
        return self.publisher.backlog

    def start(self) -> None:
        """Begins with a sweep of every tenant: what a crash left goes out now."""
        for part in self._parts:
            part.start()

    def stop(self) -> None:
        """Finishes what was gathered, once the broker has confirmed what is in flight (or has not, in 5 seconds)."""
        self.publisher.publish_patient()
        self.publisher.wait_for_confirmations()
        until = time.monotonic() + _FINISHED_WITHIN
        for part in self._parts:
            part.tell_to_stop()
        for part in self._parts:
            part.join(until)

    def finish(self) -> None:
        """Does at once what was gathered, where nothing runs in the background."""
        for part in (self.publisher, self.sealer, self.noter):
            part.work()

    def committed(self, tx: Tx) -> None:
        """Publishes what the transaction emitted, and gathers its part of the record for sealing."""
        for event in tx.events:
            self.publisher.publish(event)
        self.publisher.publish_later(tx.patient)
        if tx.sealed:
            self.sealer.add(tx.tenant, tx.sealed)
        self.noted(tx)
        if tx.told:
            told = {topic: sorted(people) for topic, people in tx.told.items()}
            self._broker.tell(wire.live_message(self._signer, tx.tenant, told))
        if tx.alarms and self.clock:
            self.clock.expect(tx.tenant, min(tx.alarms))
        for hook in tx.hooks:
            hook()

    def noted(self, tx: Tx) -> None:
        """Gathers what the transaction noted (`Tx.note`), to be written with the next batch."""
        if tx.notes:
            self.noter.add(tx.tenant, tx.notes)

    def in_doubt(self, tenant: str) -> None:
        """A commit whose outcome was not heard of: what it may have left is swept up."""
        self.sweeper.in_doubt(tenant)

    def _look(self, tx: Tx) -> None:
        self.sweeper.look(tx)

    def record(self) -> tuple[int, float, int]:
        """Rows of the record this process has yet to seal, when the oldest was written, and rows found forged.

        The time is in seconds since the epoch. What was forged is found by the sweep.
        """
        return *self.sealer.unsealed(), self.sweeper.forged
