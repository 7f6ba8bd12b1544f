"""The broker of the full mode: RabbitMQ 3.10 or newer.

Two connections, so that RabbitMQ may hold back what publishes without holding up what consumes: `input` for
requests, events and acknowledgements, `output` for requests sent, replies and events published. Queues
are durable or exclusive and QoS is for one consumer, as RabbitMQ 4 demands. Queues of events are quorum queues.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable
from typing import Any

from amqp import spec

from shared import log
from shared.bus import frames, topology
from shared.bus.broker import (
    EVENT_EXCHANGE,
    LIVE_EXCHANGE,
    RPC_EXCHANGE,
    Broker,
    Delivery,
    Message,
    NotConnected,
    Receiver,
    dead_queue,
    event_queue,
    retry_queue,
    rpc_queue,
)
from shared.bus.depths import Depths
from shared.bus.link import Link
from shared.bus.listeners import Listeners

# RabbitMQ's pseudo queue for replies: no queue is made and nothing is left behind when a caller goes.
DIRECT_REPLY = "amq.rabbitmq.reply-to"
# Seconds until an event is returned that could be moved nowhere.
_RETURN_AFTER = 1.0
# Seconds the broker has to say that nothing more will be delivered.
_CANCELLED_WITHIN = 3.0


class RabbitDelivery(Delivery):
    """A message from RabbitMQ; its acknowledgement is void once the connection it came over is gone."""

    def __init__(self, link: Link, channel: Any, queue: str, raw: Any) -> None:
        properties = raw.properties
        body = raw.body
        self.message = Message(
            raw.delivery_info["routing_key"],
            body if isinstance(body, bytes) else body.encode(),
            properties.get("application_headers") or {},
            properties.get("reply_to", ""),
            properties.get("correlation_id", ""),
        )
        self.queue = queue
        self._link = link
        self._channel = channel
        self._tag = raw.delivery_info["delivery_tag"]

    def ack(self) -> None:
        """See `Delivery`."""
        try:
            # What is delivered while the channel is being made may be dealt with before that is done.
            with self._link.channel(of_now=False) as channel:
                if channel is self._channel:
                    channel.basic_ack(self._tag)
        except NotConnected:
            log.get("bus").info("acknowledgement_lost", queue=self.queue)

    def give_back(self) -> None:
        """Lets the broker deliver it again."""
        with contextlib.suppress(NotConnected), self._link.channel() as channel:
            if channel is self._channel:
                channel.basic_reject(self._tag, True)


class _Confirms:
    """Publisher confirms of one channel: who waits for which delivery tag."""

    def __init__(self) -> None:
        self._waiting: dict[int, Callable[[bool], None]] = {}
        self._next = 0

    def expect(self, callback: Callable[[bool], None]) -> None:
        self._next += 1
        self._waiting[self._next] = callback

    def settle(self, tag: int, multiple: bool, ok: bool) -> None:
        tags = [t for t in self._waiting if t <= tag] if multiple else [tag]
        for each in tags:
            callback = self._waiting.pop(each, None)
            if callback:
                callback(ok)

    def fail_all(self) -> None:
        waiting, self._waiting, self._next = self._waiting, {}, 0
        for callback in waiting.values():
            callback(False)


class RabbitBroker(Broker):
    """A process's connections to RabbitMQ. `name` is shown in RabbitMQ's own management.

    `ca` is the file of the authority that signed the certificate of an `amqps://` broker, where it is not a known one.
    No event is published before each of `listeners`, which are services, has its queue.
    """

    def __init__(self, url: str, name: str, ca: str = "", listeners: tuple[str, ...] = ()) -> None:
        self._name = name
        self._listeners = Listeners(url, ca, listeners)
        self._input = Link(url, ca, f"{name}-in", self._prepare_input, lambda: None)
        self._output = Link(url, ca, f"{name}-out", self._prepare_output, self._output_lost)
        self._depths = Depths(self._input)
        self._consumers: list[tuple[str, Receiver, int]] = []
        self._topology: list[Callable[[Any], None]] = []
        self._confirms = _Confirms()
        self._confirming: Any = None
        self._on_reply: Callable[[str, bytes], None] | None = None
        self._on_lost: Callable[[], None] = lambda: None
        self._on_told: Callable[[Message], None] | None = None
        self._topics: tuple[str, ...] = ()
        self._on_missed: Callable[[], None] = lambda: None
        self._listened = False
        self._tags: list[str] = []
        self._cancelled = False
        self._starting = threading.Lock()

    # -- connection ---------------------------------------------------------------------------------

    def start(self) -> None:
        """See `Broker`."""
        with self._starting:
            if not self._output._reader:
                self._output.start()
            if not self._input._reader and (self._consumers or self._on_told):
                self._input.start()

    def stop(self) -> None:
        """See `Broker`."""
        self._listeners.stop()
        self._input.stop()
        self._output.stop()

    @property
    def connected(self) -> bool:
        """See `Broker`."""
        return self._output.connected and (not self._input._reader or self._input.connected)

    @property
    def takes_events(self) -> bool:
        """See `Broker`."""
        return self.connected and self._listeners.there

    def waiting(self, service: str) -> dict[str, int]:
        """See `Broker`."""
        events = event_queue(service)
        queues = [rpc_queue(service)]
        if any(queue == events for queue, _, _ in self._consumers):
            queues += topology.queues_of_events(service)
        return self._depths.of(queues)

    def _prepare_output(self, channel: Any) -> None:
        topology.declare_exchanges(channel)
        # A channel of its own for what is confirmed: requests and replies need no confirming.
        confirms = _Confirms()
        confirming = channel.connection.channel()
        confirming.confirm_select()
        confirming.events["basic_ack"].add(lambda tag, multiple: confirms.settle(tag, multiple, True))
        confirming.events["basic_nack"].add(lambda tag, multiple, *_: confirms.settle(tag, multiple, False))
        self._confirms, self._confirming = confirms, confirming
        self._listeners.look(channel.connection)
        if self._on_reply:
            channel.basic_consume(DIRECT_REPLY, no_ack=True, callback=self._reply_came)

    def _output_lost(self) -> None:
        self._confirms.fail_all()
        self._on_lost()

    def _prepare_input(self, channel: Any) -> None:
        topology.declare_exchanges(channel)
        for declare in self._topology:
            declare(channel)
        if self._consumers:
            self._depths.prepare(channel.connection)
        self._tags = []
        if self._cancelled:
            return
        for queue, receiver, prefetch in self._consumers:
            channel.basic_qos(0, prefetch, False)
            self._tags.append(channel.basic_consume(queue, callback=self._receive(channel, queue, receiver)))
        if self._on_told:
            told = self._on_told
            queue = channel.queue_declare("", exclusive=True, durable=False, auto_delete=True).queue
            for topic in self._topics:
                # One message may tell of several.
                channel.queue_bind(queue, LIVE_EXCHANGE, topic if topic == "#" else f"#.{topic}.#")
            channel.basic_consume(queue, no_ack=True, callback=lambda raw: told(_message(raw)))
            if self._listened:
                self._on_missed()
            self._listened = True

    def _receive(self, channel: Any, queue: str, receiver: Receiver) -> Callable[[Any], None]:
        link = self._input
        return lambda raw: receiver(RabbitDelivery(link, channel, queue, raw))

    # -- in -----------------------------------------------------------------------------------------

    def consume_rpc(self, service: str, receiver: Receiver, prefetch: int) -> None:
        """See `Broker`."""
        self._topology.append(lambda channel: topology.declare_rpc(channel, service))
        self._consumers.append((rpc_queue(service), receiver, prefetch))

    def consume_events(self, service: str, types: list[str], receiver: Receiver, prefetch: int) -> None:
        """See `Broker`."""
        self._topology.append(lambda channel: topology.declare_events(channel, service, types))
        self._consumers.append((event_queue(service), receiver, prefetch))

    def cancel(self) -> None:
        """See `Broker`."""
        self._cancelled = True
        try:
            with self._input.channel() as channel:
                for tag in self._tags:
                    channel.send_method(spec.Basic.Cancel, "sb", (tag, False))
        except NotConnected:
            return
        # What was sent before the broker heard of it comes before its answer: py-amqp forgets the tag then.
        until = time.monotonic() + _CANCELLED_WITHIN
        while any(tag in channel.callbacks for tag in self._tags) and self.connected and time.monotonic() < until:
            time.sleep(0.01)

    def _reply_came(self, raw: Any) -> None:
        message = _message(raw)
        assert self._on_reply
        self._on_reply(message.correlation_id, message.body)

    def on_reply(self, callback: Callable[[str, bytes], None], lost: Callable[[], None]) -> None:
        """See `Broker`. To be called before `start`."""
        self._on_reply, self._on_lost = callback, lost

    def on_told(self, callback: Callable[[Message], None], topics: tuple[str, ...], missed: Callable[[], None]) -> None:
        """See `Broker`. To be called before `start`."""
        self._on_told, self._topics, self._on_missed = callback, topics, missed

    # -- out ----------------------------------------------------------------------------------------

    def _publish(
        self, exchange: str, message: Message, *, durable: bool = False, routing_key: str | None = None
    ) -> None:
        with self._output.channel() as channel:
            self._send(channel, exchange, message, durable, routing_key)

    def _send(self, channel: Any, exchange: str, message: Message, durable: bool, routing_key: str | None) -> None:
        key = message.routing_key if routing_key is None else routing_key
        frames.publish(channel, exchange, key, message, durable=durable)

    def request(self, message: Message) -> None:
        """See `Broker`."""
        message.reply_to = DIRECT_REPLY
        self._publish(RPC_EXCHANGE, message)

    def reply(self, request: Message, body: bytes) -> None:
        """See `Broker`; answers nameko's own proxies as well, whose reply queues are bound to its exchange."""
        exchange = "" if request.reply_to.startswith(DIRECT_REPLY) else RPC_EXCHANGE
        try:
            self._publish(exchange, Message(request.reply_to, body, correlation_id=request.correlation_id))
        except NotConnected:
            log.get("bus").info("reply_lost", method=request.routing_key)

    def publish_event(self, message: Message, on_settled: Callable[[bool], None]) -> None:
        """See `Broker`."""
        # Within the lock: no connection to another broker is made between the look and what is sent.
        with self._output.channel():
            if not self._listeners.there:
                raise NotConnected("a service that listens has no queue yet")
            self._publish_confirmed(EVENT_EXCHANGE, message, on_settled)

    def _publish_confirmed(
        self, exchange: str, message: Message, on_settled: Callable[[bool], None], routing_key: str | None = None
    ) -> None:
        with self._output.channel():
            self._confirms.expect(on_settled)
            self._send(self._confirming, exchange, message, True, routing_key)

    def retry_later(self, delivery: Delivery, delay: int, *, counted: bool = True) -> None:
        """See `Broker`. The event waits in a queue whose messages expire back into the queue it came from."""
        message, attempt = delivery.message, delivery.attempt + counted
        message.headers = {**message.headers, "oneway-attempt": attempt, "oneway-type": _type(message)}
        self._move(delivery, message, retry_queue(delivery.queue, delay))

    def park(self, delivery: Delivery, service: str, reason: str) -> None:
        """See `Broker`."""
        message = delivery.message
        message.headers = {**message.headers, "oneway-reason": reason[:500], "oneway-type": _type(message)}
        self._move(delivery, message, dead_queue(service))

    def _move(self, delivery: Delivery, message: Message, queue: str) -> None:
        assert isinstance(delivery, RabbitDelivery)

        def moved(ok: bool) -> None:
            if ok:
                delivery.ack()
                return
            # It came over the other connection, which may be well: it is to come again from where it is, but not at
            # once, for it would fail again just as fast.
            log.get("bus").warning("event_not_moved", queue=delivery.queue)
            timer = threading.Timer(_RETURN_AFTER, delivery.give_back)
            timer.daemon = True
            timer.start()

        try:
            self._publish_confirmed("", message, moved, queue)
        except NotConnected:
            moved(False)

    def tell(self, message: Message) -> None:
        """See `Broker`."""
        try:
            self._publish(LIVE_EXCHANGE, message)
        except NotConnected:
            return


def _type(message: Message) -> str:
    return str(message.headers.get("oneway-type") or message.routing_key)


def _message(raw: Any) -> Message:
    properties = raw.properties
    body = raw.body
    return Message(
        raw.delivery_info["routing_key"],
        body if isinstance(body, bytes) else body.encode(),
        properties.get("application_headers") or {},
        correlation_id=properties.get("correlation_id", ""),
    )
