"""What the bus asks of a broker: RabbitMQ and the in-process one of the embedded mode answer alike."""

from __future__ import annotations

import abc
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from shared.events import EXCHANGE

RPC_EXCHANGE = "nameko-rpc"
EVENT_EXCHANGE = EXCHANGE
LIVE_EXCHANGE = "oneway.live"
# Seconds an event waits before it is tried again, by attempt; after the last it is parked.
RETRY_DELAYS = (1, 5, 30, 120, 600)


def rpc_queue(service: str) -> str:
    """The queue of a service's RPC requests (nameko's name for it)."""
    return f"rpc-{service}"


def event_queue(service: str) -> str:
    """The queue of the events a service listens to."""
    return f"{service}.events"


def retry_queue(queue: str, delay: int) -> str:
    """Where the events of `queue` wait that are to be tried again after `delay` seconds."""
    return f"{queue}.retry.{delay}"


def dead_queue(service: str) -> str:
    """Where a service's events are parked that could not be handled."""
    return f"{service}.dead"


@dataclass(slots=True)
class Message:
    """What is published: the routing key, a JSON body and headers; `expiration` in seconds."""

    routing_key: str
    body: bytes
    headers: dict[str, Any] = field(default_factory=dict)
    reply_to: str = ""
    correlation_id: str = ""
    expiration: float | None = None


class Delivery(abc.ABC):
    """A message that came in from `queue`; `ack` once it is dealt with."""

    message: Message
    queue: str

    @abc.abstractmethod
    def ack(self) -> None:
        """It is dealt with. An acknowledgement that is lost means the message comes again."""

    @property
    def attempt(self) -> int:
        """How often it was tried before."""
        return int(self.message.headers.get("oneway-attempt", 0))


Receiver = Callable[[Delivery], None]


class NotConnected(Exception):
    """There is no connection to the broker at the moment."""


class Broker(abc.ABC):
    """A connection to the broker that mends itself. Callbacks are called from its reader and must not block."""

    @abc.abstractmethod
    def start(self) -> None:
        """Connects, and keeps connecting in the background."""

    @abc.abstractmethod
    def stop(self) -> None:
        """Closes the connection; what was delivered and not acknowledged goes back."""

    @property
    @abc.abstractmethod
    def connected(self) -> bool:
        """Whether messages can go in and out right now."""

    @property
    def takes_events(self) -> bool:
        """Whether events can be published right now."""
        return self.connected

    @abc.abstractmethod
    def waiting(self, service: str) -> dict[str, int]:
        """How many messages wait in each queue of a service that is run over this broker, as far as is known.

        Those handed out and not yet acknowledged are not among them. What was found may be some seconds old.
        """

    @abc.abstractmethod
    def consume_rpc(self, service: str, receiver: Receiver, prefetch: int) -> None:
        """Receives the requests to a service."""

    @abc.abstractmethod
    def consume_events(self, service: str, types: list[str], receiver: Receiver, prefetch: int) -> None:
        """Receives the events of these types (`*.desk`: of every service)."""

    @abc.abstractmethod
    def cancel(self) -> None:
        """Receives no more once it returns; what is in hand can still be acknowledged and answered."""

    @abc.abstractmethod
    def request(self, message: Message) -> None:
        """Sends an RPC request; the reply comes to `on_reply`. Raises `NotConnected`."""

    @abc.abstractmethod
    def on_reply(self, callback: Callable[[str, bytes], None], lost: Callable[[], None]) -> None:
        """Calls `callback(correlation id, body)` for each reply, `lost()` when replies under way may never come."""

    @abc.abstractmethod
    def reply(self, request: Message, body: bytes) -> None:
        """Answers a request; silently lost when the connection is (the caller has a deadline)."""

    @abc.abstractmethod
    def publish_event(self, message: Message, on_settled: Callable[[bool], None]) -> None:
        """Publishes durably; `on_settled(True)` once the broker has taken responsibility. Raises `NotConnected`."""

    @abc.abstractmethod
    def retry_later(self, delivery: Delivery, delay: int, *, counted: bool = True) -> None:
        """Brings an event back after `delay` seconds (one of `RETRY_DELAYS`) and acknowledges it.

        One attempt more is counted, unless `counted` says otherwise.
        """

    @abc.abstractmethod
    def park(self, delivery: Delivery, service: str, reason: str) -> None:
        """Puts an event among the service's dead letters and acknowledges it."""

    @abc.abstractmethod
    def tell(self, message: Message) -> None:
        """Tells every process that listens; the routing key is the topic; lossy."""

    @abc.abstractmethod
    def on_told(self, callback: Callable[[Message], None], topics: tuple[str, ...], missed: Callable[[], None]) -> None:
        """Calls `callback` for what is told under these topics (`#` for all).

        `missed()` is called when it listens again after a break: what was told meanwhile is lost.
        """
