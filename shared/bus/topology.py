"""What stands in RabbitMQ: exchanges, queues and their bindings, declared anew on each connection."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from shared.bus.broker import (
    EVENT_EXCHANGE,
    LIVE_EXCHANGE,
    RETRY_DELAYS,
    RPC_EXCHANGE,
    dead_queue,
    event_queue,
    retry_queue,
    rpc_queue,
)

GATEWAY = "gateway"
# So often an event comes again that ended every process which handled it; then it is parked. RabbitMQ 3 has no limit
# of its own, RabbitMQ 4 drops a message after 20 times.
_DELIVERIES = 100
# Looking at dead letters delivers them as well.
_UNLIMITED = 1_000_000


def declare_exchanges(channel: Any) -> None:
    """The exchanges, which all processes share."""
    for name in (RPC_EXCHANGE, EVENT_EXCHANGE, LIVE_EXCHANGE):
        channel.exchange_declare(name, "topic", durable=True, auto_delete=False)


def declare_rpc(channel: Any, service: str) -> None:
    """The queue of a service's requests."""
    channel.queue_declare(rpc_queue(service), durable=True, auto_delete=False)
    channel.queue_bind(rpc_queue(service), RPC_EXCHANGE, f"{service}.*")


def declare_events(channel: Any, service: str, types: list[str]) -> None:
    """A service's queue of events, bound to `types`, those where they wait for another try, and that of the dead."""
    queue, dead = event_queue(service), dead_queue(service)
    _declare_quorum(channel, dead, {"x-delivery-limit": _UNLIMITED})
    _declare_quorum(channel, queue, {"x-delivery-limit": _DELIVERIES, **_onward_to(dead)})
    for type_ in types:
        channel.queue_bind(queue, EVENT_EXCHANGE, type_)
    for delay in RETRY_DELAYS:
        _declare_quorum(channel, retry_queue(queue, delay), {"x-message-ttl": delay * 1000, **_onward_to(queue)})


def queues_of_events(service: str) -> list[str]:
    """The names of what `declare_events` declares."""
    queue = event_queue(service)
    return [queue, dead_queue(service), *(retry_queue(queue, delay) for delay in RETRY_DELAYS)]


def _declare_quorum(channel: Any, name: str, arguments: dict[str, Any]) -> None:
    arguments = {"x-queue-type": "quorum", **arguments}
    channel.queue_declare(name, durable=True, auto_delete=False, arguments=arguments)


def _onward_to(queue: str) -> dict[str, Any]:
    """What makes messages go on to another queue, none lost, once their time is over or they failed too often."""
    return {
        "x-dead-letter-exchange": "",
        "x-dead-letter-routing-key": queue,
        "x-dead-letter-strategy": "at-least-once",
        "x-overflow": "reject-publish",
    }


@dataclass(frozen=True)
class Permissions:
    """What a user of RabbitMQ may do, as regular expressions over names; `events` over the types it may publish."""

    configure: str
    write: str
    read: str
    events: str


def permissions(process: str) -> Permissions:
    """The least rights with which a service, or the `gateway`, does its work.

    It reads its own queues alone, and publishes events of its own types alone. Every process declares the exchanges
    and may answer to any queue of replies (`amq.default`); what it could put into others' queues by that is refused
    there, for want of a signature of somebody who may act.
    """
    exchanges = "|".join(re.escape(name) for name in (RPC_EXCHANGE, EVENT_EXCHANGE, LIVE_EXCHANGE))
    # A queue that RabbitMQ names: what is told live comes over it.
    own = r"amq\.gen-.*"
    if process != GATEWAY:
        name = re.escape(process)
        own += rf"|rpc-{name}|{name}\.dead|{name}\.events(\.retry\.[0-9]+)?"
    return Permissions(
        configure=f"^({exchanges}|{own})$",
        write=rf"^({exchanges}|amq\.default|{own})$",
        read=f"^({exchanges}|{own})$",
        events="^$" if process == GATEWAY else rf"^{re.escape(process)}\.",
    )
