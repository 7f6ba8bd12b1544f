"""The broker of the embedded mode: everything in one process, handed over at once.

An event counts as settled only when every consumer has acknowledged it, so that what was published and
not consumed when the process ends is still in the outbox and comes again at the next start. Dead letters
are files, so that the command line can list and replay them from another process.
"""

from __future__ import annotations

import threading
import time
from collections import Counter, defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import orjson

from shared.bus.broker import (
    RETRY_DELAYS,
    Broker,
    Delivery,
    Message,
    Receiver,
    dead_queue,
    event_queue,
    retry_queue,
    rpc_queue,
)
from shared.bus.spec import pattern_of
from shared.ids import new_id


class _Settlement:
    """Counts the consumers that have yet to acknowledge one event."""

    def __init__(self, copies: int, on_settled: Callable[[bool], None]) -> None:
        self._open = copies
        self._on_settled = on_settled
        if not copies:
            on_settled(True)

    def one_done(self) -> None:
        self._open -= 1
        if self._open == 0:
            self._on_settled(True)


class LocalDelivery(Delivery):
    """A message handed over within the process."""

    def __init__(self, queue: _Queue, message: Message, settlement: _Settlement | None) -> None:
        self.message = message
        self.queue = queue.name
        self._of = queue
        self.settlement = settlement
        self._acked = False

    def ack(self) -> None:
        """Makes room for the next message, and settles the event."""
        if not self._acked:
            self._acked = True
            if self.settlement:
                self.settlement.one_done()
            self._of.release()

    def come_again(self, delay: int) -> None:
        """It has waited for another try."""
        self._of.retries[delay] -= 1
        self._of.put(self)


@dataclass
class _Queue:
    name: str
    receiver: Receiver | None = None
    prefetch: int = 0
    retries: Counter[int] = field(default_factory=Counter)
    waiting: deque[LocalDelivery] = field(default_factory=deque)
    in_hand: int = 0
    handing: bool = False

    def put(self, delivery: LocalDelivery) -> None:
        self.waiting.append(delivery)
        self.hand_over()

    def release(self) -> None:
        self.in_hand -= 1
        self.hand_over()

    def hand_over(self) -> None:
        # A receiver may acknowledge at once and so come back here: one loop serves, in order.
        if self.handing:
            return
        self.handing = True
        try:
            while self.receiver and self.waiting and self.in_hand < self.prefetch:
                self.in_hand += 1
                self.receiver(self.waiting.popleft())
        finally:
            self.handing = False


class LocalBroker(Broker):
    """One for the process; services and gateway share it."""

    def __init__(self, directory: Path) -> None:
        self.dead_letters = DeadLetterFiles(directory / "dead-letters")
        self._queues: dict[str, _Queue] = {}
        self._bindings: defaultdict[str, list[str]] = defaultdict(list)
        self._replies: list[Callable[[str, bytes], None]] = []
        self._told: list[tuple[Callable[[Message], None], tuple[str, ...]]] = []

    def start(self) -> None:
        """There is nothing to connect to."""

    def stop(self) -> None:
        """What was not acknowledged is still in the outbox."""
        self.cancel()

    @property
    def connected(self) -> bool:
        """Always."""
        return True

    def waiting(self, service: str) -> dict[str, int]:
        """See `Broker`."""
        rpc, events = rpc_queue(service), event_queue(service)
        found = {rpc: len(self._queue(rpc).waiting)}
        if any(events in queues for queues in self._bindings.values()):
            queue = self._queue(events)
            found |= {events: len(queue.waiting), dead_queue(service): len(self.dead_letters.paths(service))}
            found |= {retry_queue(events, delay): queue.retries[delay] for delay in RETRY_DELAYS}
        return found

    def _queue(self, name: str) -> _Queue:
        return self._queues.setdefault(name, _Queue(name))

    def _consume(self, name: str, receiver: Receiver, prefetch: int) -> None:
        queue = self._queue(name)
        queue.receiver, queue.prefetch = receiver, prefetch
        queue.hand_over()

    def consume_rpc(self, service: str, receiver: Receiver, prefetch: int) -> None:
        """See `Broker`."""
        self._consume(rpc_queue(service), receiver, prefetch)

    def consume_events(self, service: str, types: list[str], receiver: Receiver, prefetch: int) -> None:
        """See `Broker`."""
        self.bind(service, types)
        self._consume(event_queue(service), receiver, prefetch)

    def bind(self, service: str, types: list[str]) -> None:
        """Events of these types are kept for the service from now on, whether it is there or not."""
        for type_ in types:
            if event_queue(service) not in self._bindings[type_]:
                self._bindings[type_].append(event_queue(service))

    def cancel(self) -> None:
        """See `Broker`."""
        for queue in self._queues.values():
            queue.receiver = None

    def request(self, message: Message) -> None:
        """See `Broker`."""
        queue = self._queue(rpc_queue(message.routing_key.split(".", 1)[0]))
        queue.put(LocalDelivery(queue, message, None))

    def on_reply(self, callback: Callable[[str, bytes], None], lost: Callable[[], None]) -> None:
        """See `Broker`; replies are never lost here."""
        self._replies.append(callback)

    def reply(self, request: Message, body: bytes) -> None:
        """See `Broker`."""
        for callback in self._replies:
            callback(request.correlation_id, body)

    def publish_event(self, message: Message, on_settled: Callable[[bool], None]) -> None:
        """See `Broker`."""
        keys = (message.routing_key, pattern_of(message.routing_key))
        names = list(dict.fromkeys(name for key in keys for name in self._bindings[key]))
        settlement = _Settlement(len(names), on_settled)
        for name in names:
            queue = self._queue(name)
            queue.put(LocalDelivery(queue, message, settlement))

    def retry_later(self, delivery: Delivery, delay: int, *, counted: bool = True) -> None:
        """Keeps the event unsettled and unacknowledged until it is handled."""
        assert isinstance(delivery, LocalDelivery)
        headers = {**delivery.message.headers, "oneway-attempt": delivery.attempt + counted}
        again = LocalDelivery(delivery._of, replace(delivery.message, headers=headers), delivery.settlement)
        delivery.settlement = None
        delivery.ack()
        again._of.retries[delay] += 1
        timer = threading.Timer(delay, again.come_again, [delay])
        timer.daemon = True
        timer.start()

    def park(self, delivery: Delivery, service: str, reason: str) -> None:
        """See `Broker`."""
        self.dead_letters.add(service, delivery.message, reason)
        delivery.ack()

    def tell(self, message: Message) -> None:
        """See `Broker`."""
        for callback, topics in self._told:
            if "#" in topics or not set(topics).isdisjoint(message.routing_key.split(".")):
                callback(message)

    def on_told(self, callback: Callable[[Message], None], topics: tuple[str, ...], missed: Callable[[], None]) -> None:
        """See `Broker`; nothing is ever missed here."""
        self._told.append((callback, topics))

    def replay_requested(self) -> int:
        """Puts back the dead letters that the command line has asked for; how many."""
        count = 0
        for service, message in self.dead_letters.take_replays():
            queue = self._queue(event_queue(service))
            queue.put(LocalDelivery(queue, message, None))
            count += 1
        return count


class DeadLetterFiles:
    """One JSON file for each dead letter: `<service>/<id>.json`, renamed to `.replay` to be put back."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def add(self, service: str, message: Message, reason: str) -> None:
        """Writes a dead letter."""
        folder = self._directory / service
        folder.mkdir(parents=True, exist_ok=True)
        content = {
            "type": message.routing_key,
            "body": message.body.decode(),
            "headers": message.headers,
            "reason": reason,
            "at": time.time(),
        }
        path = folder / f"{new_id()}.json"
        path.with_suffix(".tmp").write_bytes(orjson.dumps(content))
        path.with_suffix(".tmp").rename(path)

    def paths(self, service: str) -> list[Path]:
        """The files of a service's dead letters, oldest first."""
        return sorted((self._directory / service).glob("*.json"))

    def take_replays(self) -> list[tuple[str, Message]]:
        """The letters to put back; their files are gone afterwards."""
        taken = []
        for path in sorted(self._directory.glob("*/*.replay")):
            content = orjson.loads(path.read_bytes())
            headers = {k: v for k, v in content["headers"].items() if k != "oneway-attempt"}
            taken.append((path.parent.name, Message(content["type"], content["body"].encode(), headers)))
            path.unlink()
        return taken
