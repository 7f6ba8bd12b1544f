"""What stands in RabbitMQ: exchanges, queues and their bindings, declared anew on each connection."""

from __future__ import annotations

from typing import Any

from shared.bus.broker import (
    EVENT_EXCHANGE,
    LIVE_EXCHANGE,
    RETRY_DELAYS,
    RPC_EXCHANGE,
    dead_queue,
    event_queue,
    rpc_queue,
)

_QUORUM = {"x-queue-type": "quorum"}
# So often an event comes again that ended every process which handled it; then it is parked. RabbitMQ 3 has no limit
# of its own, RabbitMQ 4 drops a message after 20 times.
_DELIVERIES = 100
# Looking at dead letters delivers them as well.
_UNLIMITED = 1_000_000


def declare_exchanges(channel: Any) -> None:
    """The exchanges, and the queues in which events wait for another try."""
    channel.exchange_declare(RPC_EXCHANGE, "topic", durable=True, auto_delete=False)
    channel.exchange_declare(EVENT_EXCHANGE, "topic", durable=True, auto_delete=False)
    channel.exchange_declare(LIVE_EXCHANGE, "topic", durable=True, auto_delete=False)
    for delay in RETRY_DELAYS:
        name = f"oneway.retry.{delay}"
        channel.exchange_declare(name, "fanout", durable=True, auto_delete=False)
        arguments = {
            **_QUORUM,
            "x-message-ttl": delay * 1000,
            # To the default exchange under the routing key it came with: the name of the queue to return to.
            "x-dead-letter-exchange": "",
            "x-dead-letter-strategy": "at-least-once",
            "x-overflow": "reject-publish",
        }
        channel.queue_declare(name, durable=True, auto_delete=False, arguments=arguments)
        channel.queue_bind(name, name)


def declare_rpc(channel: Any, service: str) -> None:
    """The queue of a service's requests."""
    channel.queue_declare(rpc_queue(service), durable=True, auto_delete=False)
    channel.queue_bind(rpc_queue(service), RPC_EXCHANGE, f"{service}.*")


def declare_events(channel: Any, service: str, types: list[str]) -> None:
    """A service's queue of events, bound to `types`, and the one of its dead letters."""
    parked = {**_QUORUM, "x-delivery-limit": _UNLIMITED}
    channel.queue_declare(dead_queue(service), durable=True, auto_delete=False, arguments=parked)
    arguments = {
        **_QUORUM,
        "x-delivery-limit": _DELIVERIES,
        "x-dead-letter-exchange": "",
        "x-dead-letter-routing-key": dead_queue(service),
        "x-dead-letter-strategy": "at-least-once",
        "x-overflow": "reject-publish",
    }
    channel.queue_declare(event_queue(service), durable=True, auto_delete=False, arguments=arguments)
    for type_ in types:
        channel.queue_bind(event_queue(service), EVENT_EXCHANGE, type_)
