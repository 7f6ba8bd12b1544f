"""What a service looks at when it is scraped: what stands somewhere, and is not counted as it happens."""

from __future__ import annotations

import time

from shared import metrics
from shared.bus.broker import Broker, dead_queue
from shared.bus.runtime import Runtime
from shared.bus.turns import FULL, LATE
from shared.metrics import series


class Looks:
    """One for each service in a process. Each look is bounded in time, and asks nobody who is known to be away."""

    def __init__(self, runtime: Runtime, broker: Broker) -> None:
        self._runtime = runtime
        self._broker = broker
        self._queues: set[str] = set()
        self._begin(runtime.name)

    def _begin(self, name: str) -> None:
        """What is counted begins with 0: an increase shows the first as well."""
        for counter in (metrics.RPC_EXPIRED, metrics.OUTAGES, metrics.EMITTED, metrics.SWEPT, metrics.SEALED):
            series(counter, name)
        series(metrics.REFUSED, name, "rpc")
        if self._runtime.turns:
            for reason in (FULL, LATE):
                series(metrics.TURNS_REFUSED, name, reason)
        if self._runtime.handlers:
            series(metrics.REFUSED, name, "event")
            series(metrics.DEAD, name, "refused")
        for type_ in (type_ for type_ in self._runtime.handlers if "*" not in type_):
            series(metrics.DEAD, name, type_)
            for outcome in ("ok", "retried"):
                series(metrics.EVENTS, name, type_, outcome)

    def look(self, in_hand: int) -> None:
        """Brings the service's gauges up to date; `in_hand` is how many requests it works on."""
        name = self._runtime.name
        series(metrics.RPC_IN_HAND, name).set(in_hand)
        if self._runtime.turns:
            series(metrics.TURNS_WAITING, name).set(sum(turns.waiting for turns in self._runtime.turns))
        series(metrics.BUS, name).set(self._broker.connected)
        series(metrics.READY, name).set(self._broker.connected)
        self._look_at_pools(name)
        self._look_at_record(name)
        self._look_at_queues(name)
        self._look_at_outbox(name)

    def _look_at_pools(self, name: str) -> None:
        databases = self._runtime.databases
        in_use, opened = databases.usage()
        series(metrics.POOL, name, "in_use").set(in_use)
        series(metrics.POOL, name, "open").set(opened)
        series(metrics.POOL_WAITING, name).set(databases.waiting)

    def _look_at_record(self, name: str) -> None:
        rows, since, forged = self._runtime.housekeeping.record()
        series(metrics.UNSEALED, name).set(rows)
        series(metrics.UNSEALED_AGE, name).set(max(0.0, time.time() - since) if rows else 0)
        series(metrics.FORGED, name).set(forged)

    def _look_at_queues(self, name: str) -> None:
        waiting = self._broker.waiting(name)
        for queue in self._queues - waiting.keys():
            # Nothing is told rather than what is not true any more.
            metrics.QUEUE.remove(queue)
        self._queues = set(waiting)
        for queue, messages in waiting.items():
            metrics.QUEUE.labels(queue).set(messages)
        if dead_queue(name) in waiting:
            metrics.DEAD_WAITING.labels(name).set(waiting[dead_queue(name)])
        else:
            metrics.DEAD_WAITING.remove(name)

    def _look_at_outbox(self, name: str) -> None:
        found = self._runtime.housekeeping.backlog.look()
        if found:
            pending, age = found
            series(metrics.OUTBOX, name).set(pending)
            series(metrics.OUTBOX_AGE, name).set(age)
