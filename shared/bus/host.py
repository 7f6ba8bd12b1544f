"""The service on nameko: what its entrypoints (`shared.bus.entrypoints`) receive with."""

from __future__ import annotations

import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable
from typing import Any

import eventlet
from eventlet.greenpool import GreenPool
from nameko.constants import MAX_WORKERS_CONFIG_KEY
from nameko.containers import ServiceContainer

from shared import log, metrics, scrape
from shared.bus import wire
from shared.bus.attempts import Attempts
from shared.bus.broker import RETRY_DELAYS, Broker, Delivery
from shared.bus.entrypoints import HOST
from shared.bus.looks import Looks
from shared.bus.runtime import Runtime
from shared.bus.spec import Service
from shared.context import Signer
from shared.db.faults import FAULTS, is_away
from shared.errors import Expired, Poison, Problem, Refused, Unavailable
from shared.events import Event

_EVENT_BATCH = 100
_UNSIGNED = Problem(401, "refused", "The message is not signed as it must be")
# Seconds for which everything waits for a database that is away, and then, by the index of the delay, its events alone.
_PATIENCE, _POSTPONED = 5.0, 1


class Requests:
    """Answers RPC requests, each in a greenlet of its own; as many at once as the pool has."""

    def __init__(self, runtime: Runtime, broker: Broker, signer: Signer, workers: int) -> None:
        self._runtime = runtime
        self._broker = broker
        self._signer = signer
        self._workers = workers
        self._pool = GreenPool(workers)
        self._log = log.get("rpc").bind(service=runtime.name)

    def start(self) -> None:
        """Begins to receive."""
        self._broker.consume_rpc(self._runtime.name, self._receive, self._workers)

    @property
    def in_hand(self) -> int:
        """How many are being worked on."""
        return int(self._pool.running())

    def wait(self) -> None:
        """Until everything in hand is answered."""
        self._pool.waitall()

    def _receive(self, delivery: Delivery) -> None:
        self._pool.spawn_n(self._answer, delivery)

    def _answer(self, delivery: Delivery) -> None:
        message = delivery.message
        try:
            request = wire.read_request(self._signer, message)
        except Refused as error:
            self._log.warning("request_refused", method=message.routing_key, reason=str(error))
            metrics.series(metrics.REFUSED, self._runtime.name, "rpc").inc()
            # A clock that is wrong is not the caller's fault, who is not to be told to sign in.
            problem = Unavailable(self._runtime.name) if isinstance(error, Expired) else _UNSIGNED
            self._broker.reply(message, wire.failure(problem))
            delivery.ack()
            return
        try:
            body = wire.answer(self._runtime.execute(request))
        except Problem as problem:
            body = wire.failure(problem)
        self._broker.reply(message, body)
        if time.monotonic() > request.deadline:
            metrics.series(metrics.RPC_EXPIRED, self._runtime.name).inc()
        delivery.ack()


class Events:
    """Handles events in the order they come, as many in one transaction as are waiting."""

    def __init__(self, runtime: Runtime, broker: Broker, signer: Signer) -> None:
        self._runtime = runtime
        self._broker = broker
        self._signer = signer
        self._waiting: deque[Delivery] = deque()
        self._wake = threading.Event()
        self._idle = threading.Event()
        self._stopping = False
        self._thread: Any = None
        self._log = log.get("events").bind(service=runtime.name)

    def start(self) -> None:
        """Begins to receive, if the service listens to anything."""
        if self._runtime.handlers:
            self._thread = eventlet.spawn(self._run)
            types = sorted(self._runtime.handlers)
            self._broker.consume_events(self._runtime.name, types, self._receive, _EVENT_BATCH)

    def stop(self) -> None:
        """Finishes the batch in hand; what waits goes back to the broker."""
        self._stopping = True
        self._wake.set()
        if self._thread is not None:
            self._thread.wait()

    def _receive(self, delivery: Delivery) -> None:
        self._waiting.append(delivery)
        self._wake.set()

    def _run(self) -> None:
        while not self._stopping:
            self._wake.wait()
            self._wake.clear()
            while self._waiting and not self._stopping:
                batch = [self._waiting.popleft() for _ in range(min(len(self._waiting), _EVENT_BATCH))]
                self._handle(batch)

    def _handle(self, batch: list[Delivery]) -> None:
        by_tenant: defaultdict[str, list[tuple[Delivery, Event]]] = defaultdict(list)
        for delivery in batch:
            try:
                event = wire.read_event(self._signer, delivery.message)
            except Refused as error:
                metrics.series(metrics.REFUSED, self._runtime.name, "event").inc()
                self._park(delivery, repr(error), "refused")
            else:
                if self._runtime.hears(event.type):
                    by_tenant[event.tenant].append((delivery, event))
                else:
                    # Another version of this service beside this one listens to it: it is to get its turn.
                    self._failed(delivery, event, LookupError(f"no handler of {event.type} in this version"))
        for tenant, pairs in by_tenant.items():
            self._apply(tenant, pairs)

    def _apply(self, tenant: str, pairs: list[tuple[Delivery, Event]]) -> None:
        try:
            self._persist(tenant, [event for _, event in pairs])
        except Exception as error:
            if is_away(error):
                self._postpone(tenant, pairs, error)
            elif len(pairs) > 1:
                for pair in pairs:
                    self._apply(tenant, [pair])
            else:
                self._failed(*pairs[0], error)
            return
        for delivery, _ in pairs:
            delivery.ack()

    def _persist(self, tenant: str, events: list[Event]) -> None:
        attempts = Attempts(self._runtime.name, _PATIENCE)
        while True:
            try:
                return self._runtime.apply(tenant, events)
            except FAULTS as error:
                if self._stopping:
                    raise
                attempts.after(error)

    def _postpone(self, tenant: str, pairs: list[tuple[Delivery, Event]], error: Exception) -> None:
        """While a database is away its events come again and again, which is not their fault; others go on."""
        self._log.warning("database_away", tenant=tenant, events=len(pairs), error=repr(error))
        # At the stop they go back to the broker by themselves.
        if not self._stopping:
            for delivery, _ in pairs:
                self._broker.retry_later(delivery, RETRY_DELAYS[_POSTPONED], counted=False)

    def _failed(self, delivery: Delivery, event: Event, error: Exception) -> None:
        with log.about(event.context, self._runtime.name):
            self._try_again_or_park(delivery, event, error)

    def _try_again_or_park(self, delivery: Delivery, event: Event, error: Exception) -> None:
        name = self._runtime.name
        if isinstance(error, Poison) or delivery.attempt >= len(RETRY_DELAYS):
            self._log.error("event_parked", type=event.type, id=event.id, attempt=delivery.attempt, exc_info=error)
            self._park(delivery, repr(error), self._runtime.label(event.type))
            return
        delay = RETRY_DELAYS[delivery.attempt]
        self._log.warning("event_failed", type=event.type, id=event.id, retry_in=delay, exc_info=error)
        metrics.series(metrics.EVENTS, name, self._runtime.label(event.type), "retried").inc()
        self._broker.retry_later(delivery, delay)

    def _park(self, delivery: Delivery, reason: str, type_: str) -> None:
        metrics.series(metrics.DEAD, self._runtime.name, type_).inc()
        self._broker.park(delivery, self._runtime.name, reason)


class Parts:
    """What a host is made of; `own_broker` when no other service of the process shares it."""

    def __init__(self, runtime: Runtime, broker: Broker, signer: Signer, workers: int, own_broker: bool) -> None:
        self.runtime = runtime
        self.broker = broker
        self.signer = signer
        self.workers = workers
        self.own_broker = own_broker


class Host:
    """What receives for a service: started and stopped by its entrypoints, with nameko's container."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._requests = Requests(parts.runtime, parts.broker, parts.signer, parts.workers)
        self._events = Events(parts.runtime, parts.broker, parts.signer)
        self._look_no_more: Callable[[], None] = lambda: None

    def start(self) -> None:
        """Sweeps up what a crash left, then receives."""
        self._parts.runtime.service.begin(self._parts.runtime.databases)
        self._requests.start()
        self._events.start()
        self._parts.broker.start()
        self._parts.runtime.housekeeping.start()
        looks = Looks(self._parts.runtime, self._parts.broker)
        self._look_no_more = scrape.before_scrape(lambda: looks.look(self._requests.in_hand))

    def finish(self) -> None:
        """Receives no more, and finishes what is in hand."""
        self._look_no_more()
        if self._parts.own_broker:
            self._parts.broker.cancel()
        self._requests.wait()
        self._events.stop()
        self._parts.runtime.service.end()
        self._parts.runtime.housekeeping.stop()

    def close(self) -> None:
        """Lets go of the broker and the databases."""
        if self._parts.own_broker:
            self._parts.broker.stop()
        self._parts.runtime.databases.close()


def configuration(parts: Parts) -> dict[str, Any]:
    """What the configuration of a nameko container needs to hold so that the service runs in it."""
    return {HOST: Host(parts), MAX_WORKERS_CONFIG_KEY: parts.workers}


def container(cls: type[Service], parts: Parts) -> ServiceContainer:
    """A nameko container that runs the service once it is started."""
    return ServiceContainer(cls, configuration(parts))
