"""Calls and events in a trace, named as OpenTelemetry's conventions for RPC and messaging have it."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from shared import trace
from shared.bus.broker import event_queue
from shared.context import Context
from shared.errors import Problem
from shared.events import EXCHANGE, Event, described
from shared.trace import NOTHING, Nothing

if TYPE_CHECKING:
    from opentelemetry.trace import Link

    from shared.otel import Step


def _rpc(service: str, method: str) -> tuple[str, dict[str, str]]:
    called = f"{service}/{method}"
    return called, {"rpc.system.name": "nameko", "rpc.method": called}


def asking(service: str, method: str) -> Step | Nothing:
    """A call under way, until it is answered or given up."""
    if not trace.recording():
        return NOTHING
    called, attributes = _rpc(service, method)
    return trace.child(called, "client", {**attributes, "server.address": service})


def answering(service: str, method: str, ctx: Context) -> Step | Nothing:
    """A method at work."""
    if not trace.on():
        return NOTHING
    called, attributes = _rpc(service, method)
    return trace.entry(service, called, "server", ctx, attributes)


def ended(step: Step | Nothing, problem: Problem | None = None) -> str:
    """Ends a call; how it ended, `ok` or a status. Only what is a fault of ours is a failure of the span."""
    outcome = str(problem.status) if problem else "ok"
    if step.recording:
        step.set("oneway.outcome", outcome)
        step.set("rpc.response.status_code", outcome)
        if problem and problem.status >= 500:
            step.failed(problem.slug)
    step.end()
    return outcome


class Handling:
    """Events of one tenant handled in one transaction; used in a `with` around it.

    One event has its own span, below the sender's. Of several, each has that as well, with what its handlers do; the
    transaction itself has one that links to all of them.
    """

    def __init__(self, service: str, events: Sequence[Event]) -> None:
        self._service = service
        self._whole: Step | Nothing = NOTHING
        self._each: list[tuple[Step | Nothing, int]] = []
        self._several = len(events) > 1
        if trace.on():
            self._whole = self._transaction(events) if self._several else self._one(events[0])

    def _one(self, event: Event, links: Sequence[Link] = ()) -> Step | Nothing:
        destination = f"{EXCHANGE}:{event.type}:{event_queue(self._service)}"
        attributes = described("process", destination, event.type, event.id)
        return trace.entry(self._service, f"process {destination}", "consumer", event.context, attributes, links)

    def _transaction(self, events: Sequence[Event]) -> Step | Nothing:
        from shared.otel import link_to

        senders = [(event, link) for event in events if (link := link_to(event.context.traceparent))]
        if not senders:
            return NOTHING
        queue = event_queue(self._service)
        attributes = {**described("process", queue), "messaging.batch.message_count": len(events)}
        # It is told in the trace of one of them, so that no sampler decides anew.
        first = senders[0][0].context
        requests = {event.context.request_id for event, _ in senders}
        of_one = requests.pop() if len(requests) == 1 else ""
        context = Context(first.tenant, request_id=of_one, traceparent=first.traceparent)
        return trace.entry(
            self._service, f"process {queue}", "consumer", context, attributes, [link for _, link in senders]
        )

    @contextlib.contextmanager
    def of(self, event: Event) -> Iterator[None]:
        """While the handlers of one of the events are at work."""
        if not self._several or not self._whole.recording:
            yield
            return
        step = self._one(event, self._whole.links)
        step.enter()
        try:
            yield
        finally:
            step.leave()
            self._each.append((step, time.time_ns()))

    def __enter__(self) -> Handling:
        self._whole.enter()
        return self

    def __exit__(self, _: Any, error: BaseException | None, __: Any) -> None:
        self._whole.leave()
        # What one of them broke is undone for all.
        for step, at in [*self._each, (self._whole, None)]:
            step.set("oneway.outcome", "failed" if error else "ok")
            if error:
                step.broke(error)
            step.end(at)
