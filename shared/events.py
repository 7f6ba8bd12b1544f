"""The envelope of an event: CloudEvents 1.0 in JSON, with tenant and trace context as extensions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

import orjson

from shared.context import Context
from shared.ids import new_id


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

    @classmethod
    def new(cls, type_: str, subject: str, data: dict[str, Any], ctx: Context, now: datetime) -> Event:
        """A new event, with its wire form made once."""
        event_id = new_id()
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
        return cls(
            event_id, type_, subject, ctx.tenant, now.isoformat(), data, ctx, orjson.dumps(envelope), ctx.to_wire()
        )

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
