"""The publisher: events go out after the commit, and leave the outbox once the broker has confirmed them."""

from __future__ import annotations

import time
from collections import defaultdict, deque
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, select

from shared import metrics
from shared.bus import wire
from shared.bus.backlog import Backlog
from shared.bus.broker import Broker, NotConnected
from shared.bus.housekeeping.part import Look, Part
from shared.context import Signer
from shared.db import Databases, sent
from shared.events import Event
from shared.metrics import series

# Seconds in which more comes together before the outbox is cleared.
_GATHER = 1.0
# Seconds in which every process has begun to publish its own, once the broker is back.
_BACK = 4.0
# Seconds between two looks for a broker that is away: one that is back does not wake anybody.
_AWAY = 1.0
# Seconds for which confirmations are waited for at the stop.
_CONFIRMED_WITHIN = 5.0
_BATCH = 500


class Publisher(Part):
    """What its process emitted itself is its own to publish, also when the broker was away."""

    name = "publisher"

    def __init__(self, service: str, databases: Databases, look: Look, broker: Broker, signer: Signer) -> None:
        super().__init__(service, databases, _GATHER)
        self._look = look
        self.backlog = Backlog(service, databases)
        self._broker = broker
        self._signer = signer
        self._patient: deque[tuple[int, Event]] = deque()
        self._in_flight: set[str] = set()
        self._settled: defaultdict[str, list[str]] = defaultdict(list)
        self._unpublished: defaultdict[str, list[str]] = defaultdict(list)
        # When the broker was last seen to take none.
        self._away_at = float("-inf")

    def publish(self, event: Event) -> None:
        """Sends an event that is committed. What the broker does not take is sent again by and by."""
        self._in_flight.add(event.id)

        def settled(ok: bool) -> None:
            self._in_flight.discard(event.id)
            if ok:
                series(metrics.EMITTED, self.service).inc()
                self._settled[event.tenant].append(event.id)
            else:
                self._unpublished[event.tenant].append(event.id)
                self.backlog.suspect(event.tenant)
            self.wake()

        try:
            self._broker.publish_event(wire.event_message(self._signer, event), settled)
        except NotConnected:
            event.step.failed("not_connected")
            settled(False)
        event.step.end()

    def publish_later(self, events: list[tuple[int, Event]]) -> None:
        """Sends events with their sequences together with those of the next moment, but for those overtaken by then.

        At once where nothing runs in the background.
        """
        if events:
            self._patient.extend(events)
            self.wake() if self.runs else self.publish_patient()

    def publish_patient(self) -> None:
        """Sends what was to be sent later."""
        waiting = [self._patient.popleft() for _ in range(len(self._patient))]
        newest: dict[tuple[str, str, str], int] = {}
        for sequence, event in waiting:
            of = (event.tenant, event.type, event.subject)
            newest[of] = max(sequence, newest.get(of, sequence))
        for sequence, event in waiting:
            if sequence == newest[event.tenant, event.type, event.subject]:
                self.publish(event)
            else:
                self._settled[event.tenant].append(event.id)
                event.step.end()

    def publish_all(self, rows: Sequence[Row[Any]]) -> None:
        """Publishes rows of an outbox (id, body, context), and waits where the broker is not as quick."""
        for row in rows:
            self.publish(Event.from_wire(row.body.encode(), row.context))
        while len(self._in_flight) >= _BATCH and self._broker.connected and not self.stopping:
            time.sleep(0.01)

    def own(self, tenant: str) -> set[str]:
        """The events of a tenant that this process is publishing, by their ids."""
        patient = (event.id for _, event in list(self._patient))
        return self._in_flight.union(patient, self._settled.get(tenant, ()), self._unpublished.get(tenant, ()))

    def steady(self) -> bool:
        """Whether the broker takes events, and has for so long that every process has begun with its own."""
        self._look_for_broker()
        return self._broker.takes_events and time.monotonic() >= self._away_at + _BACK

    def wait_for_confirmations(self) -> None:
        """Until the broker has confirmed what is in flight, or has not for five seconds."""
        until = time.monotonic() + _CONFIRMED_WITHIN
        while self._in_flight and self._broker.connected and time.monotonic() < until:
            time.sleep(0.01)

    def due(self) -> float:
        """See `Part`."""
        self._look_for_broker()
        if self._patient or self._settled or (self._unpublished and self._broker.takes_events):
            return 0.0
        return _AWAY if self._unpublished else float("inf")

    def work(self) -> None:
        """See `Part`."""
        self.publish_patient()
        self.each(list(self._settled), self._clear)
        if self._broker.takes_events:
            self.each(list(self._unpublished), self._publish_again)

    def drop(self, tenant: str) -> None:
        """See `Part`."""
        self._settled.pop(tenant, None)
        self._unpublished.pop(tenant, None)

    def _look_for_broker(self) -> None:
        if not self._broker.takes_events:
            self._away_at = time.monotonic()

    def _clear(self, tenant: str) -> None:
        """Takes off the outbox what is confirmed."""
        settled = self._settled.pop(tenant, [])
        try:
            with self.databases.write(self.as_itself(tenant), whatever_state=True) as tx:
                sent.keep(tx, self.databases.ground, settled)
                self._look(tx)
        except BaseException:
            self._settled[tenant].extend(settled)
            raise

    def _publish_again(self, tenant: str) -> None:
        """What was emitted here and the broker did not take."""
        outbox = self.databases.ground.outbox
        ids = self._unpublished.pop(tenant)
        while ids:
            batch, ids = ids[:_BATCH], ids[_BATCH:]
            try:
                with self.databases.read(self.as_itself(tenant), whatever_state=True) as tx:
                    columns = (outbox.c.id, outbox.c.body, outbox.c.context)
                    rows = tx.all(select(*columns).where(outbox.c.id.in_(batch)).order_by(outbox.c.id))
            except BaseException:
                self._unpublished[tenant].extend(batch + ids)
                raise
            self.publish_all(rows)
