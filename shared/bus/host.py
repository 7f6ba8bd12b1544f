"""The service on nameko: its container runs the service's life, these extensions are its entrypoints."""

from __future__ import annotations

import threading
import time
from collections import defaultdict, deque
from typing import Any

import eventlet
from eventlet.greenpool import GreenPool
from nameko.containers import ServiceContainer
from nameko.extensions import Entrypoint, SharedExtension

from shared import log, metrics
from shared.bus import wire
from shared.bus.broker import RETRY_DELAYS, Broker, Delivery
from shared.bus.runtime import Runtime, is_outage
from shared.bus.spec import Service
from shared.context import Signer
from shared.errors import Poison, Problem, Refused
from shared.events import Event

_EVENT_BATCH = 100


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
            self._broker.reply(
                message, wire.failure(Problem(401, "refused", "The message is not signed as it must be"))
            )
            delivery.ack()
            return
        # After its deadline nobody listens any more; a command would only surprise.
        if request.deadline > time.time():
            try:
                body = wire.answer(self._runtime.execute(request))
            except Problem as problem:
                body = wire.failure(problem)
            self._broker.reply(message, body)
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
                self._park(delivery, repr(error), "refused")
            else:
                by_tenant[event.tenant].append((delivery, event))
        for tenant, pairs in by_tenant.items():
            self._apply(tenant, pairs)

    def _apply(self, tenant: str, pairs: list[tuple[Delivery, Event]]) -> None:
        try:
            self._persist(tenant, [event for _, event in pairs])
        except Exception as error:
            if len(pairs) > 1:
                for pair in pairs:
                    self._apply(tenant, [pair])
            else:
                self._failed(*pairs[0], error)
            return
        for delivery, _ in pairs:
            delivery.ack()

    def _persist(self, tenant: str, events: list[Event]) -> None:
        """Applies; while the database is away, waits for it: that is not the events' fault."""
        while True:
            try:
                return self._runtime.apply(tenant, events)
            except Exception as error:
                if not is_outage(error) or self._stopping:
                    raise
                self._log.warning("database_away", tenant=tenant, error=repr(error))
                time.sleep(0.5)

    def _failed(self, delivery: Delivery, event: Event, error: Exception) -> None:
        name = self._runtime.name
        if isinstance(error, Poison) or delivery.attempt >= len(RETRY_DELAYS):
            self._log.error("event_parked", type=event.type, id=event.id, attempt=delivery.attempt, exc_info=error)
            self._park(delivery, repr(error), event.type)
            return
        delay = RETRY_DELAYS[delivery.attempt]
        self._log.warning("event_failed", type=event.type, id=event.id, retry_in=delay, exc_info=error)
        metrics.EVENTS.labels(name, event.type, "retried").inc()
        self._broker.retry_later(delivery, delay)

    def _park(self, delivery: Delivery, reason: str, type_: str) -> None:
        metrics.DEAD.labels(self._runtime.name, type_).inc()
        self._broker.park(delivery, self._runtime.name, reason)


class Host(SharedExtension):  # type: ignore[misc]
    """Starts and stops with nameko's container what the service needs."""

    def setup(self) -> None:
        """Takes the parts from the container's configuration."""
        parts: Parts = self.container.config["oneway"]
        self._parts = parts
        self._requests = Requests(parts.runtime, parts.broker, parts.signer, parts.workers)
        self._events = Events(parts.runtime, parts.broker, parts.signer)

    def start(self) -> None:
        """Sweeps up what a crash left, then receives."""
        self._requests.start()
        self._events.start()
        self._parts.broker.start()
        self._parts.runtime.housekeeping.start()

    def stop(self) -> None:
        """Receives no more, finishes what is in hand, then lets go."""
        if self._parts.own_broker:
            self._parts.broker.cancel()
        self._requests.wait()
        self._events.stop()
        self._parts.runtime.housekeeping.stop()
        if self._parts.own_broker:
            self._parts.broker.stop()
        self._parts.runtime.databases.close()


class Life(Entrypoint):  # type: ignore[misc]
    """The one nameko entrypoint of a service: binds the host to the container's life."""

    host = Host()


class Parts:
    """What a host is made of; `own_broker` when no other service of the process shares it."""

    def __init__(self, runtime: Runtime, broker: Broker, signer: Signer, workers: int, own_broker: bool) -> None:
        self.runtime = runtime
        self.broker = broker
        self.signer = signer
        self.workers = workers
        self.own_broker = own_broker


def container(cls: type[Service], parts: Parts) -> ServiceContainer:
    """A nameko container that runs the service once it is started."""

    def live(self: Any) -> None:
        """Never fired: it stands for the service's whole life."""

    hosted = type(cls.__name__, (), {"name": cls.name, "live": Life.decorator(live)})
    return ServiceContainer(hosted, {"oneway": parts})
