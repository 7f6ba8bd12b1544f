"""A broker that is new or was emptied drops no event: each is kept until who listens to it has a queue."""

from __future__ import annotations

import queue
import time
from collections.abc import Callable, Iterator
from uuid import uuid4

import kombu
import pytest

from shared.bus import listeners
from shared.bus.broker import Delivery, Message, NotConnected, event_queue, retry_queue
from shared.bus.rabbit import RabbitBroker
from tests.support.proxy import Proxy
from tests.support.servers import Servers
from tests.support.waiting import until

Start = Callable[..., RabbitBroker]


@pytest.fixture
def url(servers: Servers) -> str:
    return servers.virtual_host(uuid4().hex)


@pytest.fixture
def start(url: str) -> Iterator[Start]:
    """Starts a service's connection to the broker: what it listens to, and who listens to it."""
    started = []

    def begin(name: str, types: tuple[str, ...] = (), heard_by: tuple[str, ...] = ()) -> RabbitBroker:
        broker = RabbitBroker(url, name, listeners=heard_by)
        broker.heard = queue.Queue()  # type: ignore[attr-defined]
        if types:
            broker.consume_events(name, list(types), broker.heard.put, 10)  # type: ignore[attr-defined]
        broker.start()
        started.append(broker)
        until(lambda: broker.connected)
        return broker

    yield begin
    for broker in started:
        broker.stop()


def published(broker: RabbitBroker, type_: str) -> bool:
    taken: queue.Queue[bool] = queue.Queue()
    broker.publish_event(Message(type_, b"{}"), taken.put)
    return taken.get(timeout=10)


def heard(broker: RabbitBroker) -> str:
    delivery: Delivery = broker.heard.get(timeout=10)  # type: ignore[attr-defined]
    delivery.ack()
    return delivery.message.routing_key


def emptied(url: str, *services: str) -> None:
    with kombu.Connection(url) as connection:
        for service in services:
            for name in (event_queue(service), retry_queue(event_queue(service), 600)):
                connection.channel().queue_delete(name)


def test_an_event_is_not_taken_before_each_listener_has_a_queue(start: Start) -> None:
    publisher = start("speaks", heard_by=("early", "late"))
    early = start("early", ("speaks.did",))
    with pytest.raises(NotConnected):
        publisher.publish_event(Message("speaks.did", b"{}"), lambda _: None)
    assert publisher.connected and not publisher.takes_events
    late = start("late", ("speaks.did",))
    until(lambda: publisher.takes_events)
    assert published(publisher, "speaks.did")
    assert [heard(early), heard(late)] == ["speaks.did"] * 2


def test_who_has_a_queue_need_not_be_there(start: Start) -> None:
    start("early", ("speaks.did",)).stop()
    publisher = start("speaks", heard_by=("early",))
    assert published(publisher, "speaks.did")
    assert heard(start("early", ("speaks.did",))) == "speaks.did"


def test_a_broker_that_was_emptied_is_seen_by_the_next_connection(start: Start, url: str) -> None:
    start("early", ("speaks.did",)).stop()
    start("speaks", heard_by=("early",)).stop()
    emptied(url, "early")
    publisher = start("speaks", heard_by=("early",))
    assert not publisher.takes_events
    early = start("early", ("speaks.did",))
    until(lambda: publisher.takes_events)
    assert published(publisher, "speaks.did") and heard(early) == "speaks.did"


@pytest.mark.timeout(60)
def test_a_broker_that_says_nothing_holds_up_nobody_who_looks(
    servers: Servers, url: str, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listeners, "_ANSWERED_WITHIN", 1.0)
    with Proxy(servers.rabbitmq.port) as proxy:
        through = url.replace(f":{servers.rabbitmq.port}/", f":{proxy.port}/")
        publisher = RabbitBroker(through, "speaks", listeners=("early",))
        publisher.start()
        until(lambda: publisher.connected)
        proxy.swallow()
        for _ in range(3):
            assert not publisher.takes_events
            time.sleep(1.1)
        proxy.flow()
        early = start("early", ("speaks.did",))
        until(lambda: publisher.takes_events)
        assert published(publisher, "speaks.did") and heard(early) == "speaks.did"
        publisher.stop()
