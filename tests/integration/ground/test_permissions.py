"""Each process's user of RabbitMQ may do what the process does, and no more."""

from __future__ import annotations

import contextlib
import queue
from collections.abc import Iterator

import kombu
import pytest
from amqp.exceptions import AccessRefused

from shared.bus.broker import EVENT_EXCHANGE, Delivery, Message, dead_queue, event_queue
from shared.bus.rabbit import RabbitBroker
from shared.bus.topology import GATEWAY, permissions
from tests.support.servers import Servers
from tests.support.waiting import until


@pytest.fixture(scope="module")
def users(servers: Servers) -> dict[str, str]:
    """The URL of each process: two services that listen to each other's events, and the gateway."""
    made = {}
    for name in ("left", "right", GATEWAY):
        rights = permissions(name)
        servers.rabbitmqctl("add_user", name, f"{name}-password")
        servers.rabbitmqctl("set_permissions", name, rights.configure, rights.write, rights.read)
        servers.rabbitmqctl("set_topic_permissions", name, EVENT_EXCHANGE, rights.events, ".*")
        made[name] = f"amqp://{name}:{name}-password@127.0.0.1:{servers.rabbitmq.port}//"
    return made


class Process:
    """What a process does with its broker: it keeps what it received."""

    def __init__(self, url: str, name: str, listens_to: list[str]) -> None:
        # That others have their queues is looked for by each user's own rights.
        others = tuple({"left", "right"} - {name})
        self.broker = RabbitBroker(url, name, listeners=others)
        self.events: queue.Queue[Delivery] = queue.Queue()
        self.replies: queue.Queue[bytes] = queue.Queue()
        self.told: queue.Queue[Message] = queue.Queue()
        self.broker.on_reply(lambda _, body: self.replies.put(body), lambda: None)
        self.broker.on_told(self.told.put, ("#",), lambda: None)
        if name != GATEWAY:
            self.broker.consume_rpc(name, self._answer, 1)
            self.broker.consume_events(name, listens_to, self.events.put, 10)
        self.broker.start()
        until(lambda: self.broker.connected)

    def _answer(self, delivery: Delivery) -> None:
        self.broker.reply(delivery.message, b"answer")
        delivery.ack()

    def publish(self, type_: str) -> bool:
        """Whether the broker took an event."""
        taken: queue.Queue[bool] = queue.Queue()
        until(lambda: self.broker.takes_events)
        self.broker.publish_event(Message(type_, b"{}"), taken.put)
        return taken.get(timeout=10)


@pytest.fixture
def processes(users: dict[str, str]) -> Iterator[dict[str, Process]]:
    """The three, running."""
    listens = {"left": ["right.happened"], "right": ["left.happened"], GATEWAY: []}
    with contextlib.ExitStack() as running:
        started = {}
        for name, url in users.items():
            started[name] = Process(url, name, listens[name])
            running.callback(started[name].broker.stop)
        yield started


def test_calls_events_retries_dead_letters_and_the_live_channel_work(processes: dict[str, Process]) -> None:
    left, right, gateway = processes["left"], processes["right"], processes[GATEWAY]
    gateway.broker.request(Message("left.method", b"{}", expiration=10))
    assert gateway.replies.get(timeout=10) == b"answer"
    assert left.publish("left.happened")
    first = right.events.get(timeout=10)
    right.broker.retry_later(first, 1)
    again = right.events.get(timeout=10)
    assert again.attempt == 1
    right.broker.park(again, "right", "of no use")
    left.broker.tell(Message("topic", b"{}"))
    for process in (left, right, gateway):
        assert process.told.get(timeout=10).body == b"{}"


def test_events_of_other_types_than_its_own_are_refused(processes: dict[str, Process]) -> None:
    # The channel is closed on it: nothing is confirmed.
    assert not processes["left"].publish("right.happened")
    assert not processes[GATEWAY].publish("left.happened")


@pytest.mark.parametrize("name", [event_queue("right"), dead_queue("right"), "right.events.retry.1", "rpc-right"])
@pytest.mark.parametrize("who", ["left", GATEWAY])
def test_nobody_reads_or_removes_what_is_anothers(
    users: dict[str, str], processes: dict[str, Process], who: str, name: str
) -> None:
    for forbidden in (
        lambda channel: channel.basic_get(name),
        lambda channel: channel.queue_purge(name),
        lambda channel: channel.queue_delete(name),
        lambda channel: channel.queue_bind(name, EVENT_EXCHANGE, "left.secret"),
    ):
        with kombu.Connection(users[who]) as connection, pytest.raises(AccessRefused):
            forbidden(connection.channel())
