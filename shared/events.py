"""The envelope of an event: CloudEvents 1.0 in JSON, with tenant and trace context as extensions."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

import orjson

from shared import trace
from shared.context import Context
from shared.ids import new_id
from shared.trace import NOTHING, Nothing

if TYPE_CHECKING:
    from shared.otel import Step

EXCHANGE = "oneway.events"


@dataclass(frozen=True)
class Event:
    """Something that happened: `type` is `<service>.<past tense>`, `subject` the id of what it happened to."""

    id: str
    type: str
    subject: str
    tenant: str
    time: str
    data: dict[str, Any]
    context: Context
    body: bytes
    context_text: str
    # The span of its sending: from here, over the commit, until it is handed to the broker. One that is rolled back is
    # never ended, and so told of nowhere.
    step: Step | Nothing = field(default=NOTHING, compare=False, repr=False)

    @classmethod
    def new(cls, type_: str, subject: str, data: dict[str, Any], ctx: Context, now: datetime) -> Event:
        """A new event, with its wire form made once."""
        event_id = new_id()
        step = _sending(type_, event_id)
        ctx = trace.below(step, ctx)
        envelope = {
            "specversion": "1.0",
            "id": event_id,
            "source": f"/oneway/{type_.split('.', 1)[0]}",
            "type": type_,
            "subject": subject,
            "time": now.isoformat(),
            "tenant": ctx.tenant,
            "traceparent": ctx.traceparent,
            "datacontenttype": "application/json",
            "data": data,
        }
        body, context = orjson.dumps(envelope), ctx.to_wire()
        return cls(event_id, type_, subject, ctx.tenant, now.isoformat(), data, ctx, body, context, step)

    @classmethod
    def from_wire(cls, body: bytes, context_text: str) -> Event:
        """The event that a message carries."""
        envelope = orjson.loads(body)
        return cls(
            id=envelope["id"],
            type=envelope["type"],
            subject=envelope["subject"],
            tenant=envelope["tenant"],
            time=envelope["time"],
            data=envelope["data"],
            context=Context.from_wire(context_text),
            body=body,
            context_text=context_text,
        )

    @cached_property
    def at(self) -> datetime:
        """When it happened, aware, UTC."""
        return datetime.fromisoformat(self.time)


def _sending(type_: str, event_id: str) -> Step | Nothing:
    if not trace.recording():
        return NOTHING
    destination = f"{EXCHANGE}:{type_}"
    return trace.child(f"send {destination}", "producer", described("send", destination, type_, event_id))


def described(operation: str, destination: str, type_: str = "", event_id: str = "") -> dict[str, Any]:
    """A span's attributes by OpenTelemetry's conventions for messaging: of one event, or of several without `type_`."""
    found = {
        "messaging.system": "rabbitmq",
        "messaging.operation.name": operation,
        "messaging.operation.type": operation,
        "messaging.destination.name": destination,
    }
    if type_:
        found |= {"messaging.rabbitmq.destination.routing_key": type_, "messaging.message.id": event_id}
    return found
