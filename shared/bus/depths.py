"""How many messages wait in the queues of a service, asked of RabbitMQ over a connection the service has anyway."""

from __future__ import annotations

import threading
import time
from typing import Any

from amqp import spec

from shared.bus.broker import NotConnected
from shared.bus.link import Link

# Seconds an answer is good for, and how long one is waited for.
_FRESH, _ANSWERED_WITHIN = 5.0, 1.0


class Depths:
    """Asks by declaring passively: that needs no right, and tells how many messages are ready.

    The question is written like any message and its answer comes to the connection's reader: who asks reads nothing.
    A queue that is no more ends the connection. It is set up anew then, and the queue with it.
    """

    def __init__(self, link: Link) -> None:
        self._link = link
        self._channel: Any = None
        self._asked: set[str] = set()
        self._found: dict[str, int] = {}
        self._asked_at = float("-inf")
        self._complete = threading.Event()
        self._one_at_a_time = threading.Lock()

    def prepare(self, connection: Any) -> None:
        """On each new connection: a channel of its own, so that no other answer is taken for one of these."""
        self._channel = connection.channel()
        # py-amqp would have the asker read the connection until the answer is there.
        self._channel._callbacks[spec.Queue.DeclareOk] = self._answered
        self._asked_at = float("-inf")

    def of(self, queues: list[str]) -> dict[str, int]:
        """The messages ready in each of these queues, which are there; none where the broker is away."""
        with self._one_at_a_time:
            try:
                if time.monotonic() - self._asked_at > _FRESH:
                    self._ask(queues)
                elif not self._link.connected:
                    raise NotConnected
            except NotConnected:
                return {}
            self._complete.wait(_ANSWERED_WITHIN)
            return dict(self._found)

    def _ask(self, queues: list[str]) -> None:
        self._asked, self._found = set(queues), {}
        self._complete.clear()
        with self._link.channel():
            for queue in queues:
                passive = (0, queue, True, False, False, False, False, None)
                self._channel.send_method(spec.Queue.Declare, "BsbbbbbF", passive)
        self._asked_at = time.monotonic()

    def _answered(self, queue: str, messages: int, consumers: int) -> None:
        self._found[queue] = messages
        if self._found.keys() >= self._asked:
            self._complete.set()
