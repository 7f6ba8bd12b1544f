"""A network that swallows everything: who waits for an answer is told soon, and finds the broker again."""

from __future__ import annotations

import threading

import pytest

from shared.bus import link
from shared.bus.broker import Message, NotConnected
from shared.bus.rabbit import RabbitBroker
from tests.support.proxy import Proxy
from tests.support.servers import Servers
from tests.support.waiting import until


def test_a_broker_that_says_nothing_is_given_up_also_by_who_is_stuck_in_writing(
    servers: Servers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(link, "HEARTBEAT", 2)
    monkeypatch.setattr(link, "SILENCE", 3)
    refused = threading.Event()

    def write() -> None:
        try:
            while True:
                broker.request(message)
        except NotConnected:
            refused.set()

    with Proxy(servers.rabbitmq.port) as proxy:
        broker = RabbitBroker(f"amqp://guest:guest@127.0.0.1:{proxy.port}//", "silent")
        broker.start()
        assert broker.connected
        message = Message("nobody.listens", b"x" * 500_000)
        proxy.swallow()
        writer = threading.Thread(target=write, daemon=True)
        writer.start()
        # Its buffers are full long before: it holds the lock that the reader would need to send its heartbeat.
        until(refused.is_set)
        until(lambda: not broker.connected)
        proxy.flow()
        until(lambda: broker.connected)
        broker.stop()
