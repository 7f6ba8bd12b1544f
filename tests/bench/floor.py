"""The floor: the commits and messages of a journey and nothing else, by bare psycopg and bare amqp.

No rules, no permissions, no JSON, no HTTP, no hop from process to process: each client of the floor writes rows, sends
messages and takes them in again one after the other. What the system takes beyond it is what it does.
"""

from __future__ import annotations

import secrets
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import amqp
import psycopg

from tests.bench.work import Work

_TEXT = "가나다라" * 60


def _shares(total: float, parts: float) -> Iterator[int]:
    """Whole numbers whose mean is `total / parts`, for ever."""
    owed = 0.0
    while True:
        owed += total / parts if parts else 0.0
        whole = int(owed)
        owed -= whole
        yield whole


class Rows:
    """The commits: as many transactions, with as many rows written in each, one round trip a transaction."""

    def __init__(self, url: str, work: Work) -> None:
        self._conn = psycopg.connect(url)
        self._transactions = _shares(work.transactions, 1)
        parts = (work.inserted, work.updated, work.deleted)
        self._inserted, self._updated, self._deleted = (_shares(rows, work.transactions) for rows in parts)
        self._ids: list[str] = []

    def journey(self) -> None:
        """Writes what one journey writes."""
        for _ in range(next(self._transactions)):
            with self._conn.pipeline(), self._conn.cursor() as cursor:
                for _ in range(next(self._inserted)):
                    self._ids.append(secrets.token_hex(18))
                    cursor.execute("INSERT INTO floor VALUES (%s, %s)", (self._ids[-1], _TEXT))
                for number in range(min(next(self._updated), len(self._ids))):
                    cursor.execute("UPDATE floor SET body = %s WHERE id = %s", (_TEXT, self._ids[-1 - number]))
                for _ in range(min(next(self._deleted), len(self._ids))):
                    cursor.execute("DELETE FROM floor WHERE id = %s", (self._ids.pop(),))
                self._conn.commit()

    def close(self) -> None:
        """Closes the connection."""
        self._conn.close()


class Messages:
    """The messages: RPCs there and back, not durable; events confirmed by the broker, and acknowledged."""

    def __init__(self, port: int, work: Work) -> None:
        self._conn = amqp.Connection(f"127.0.0.1:{port}", "guest", "guest")
        self._conn.connect()
        self._conn.transport.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._calls = _shares(work.calls * 2, 1)
        self._published, self._handled = _shares(work.published, 1), _shares(work.handled, work.published)
        self._came = self._confirmed = 0
        self._channel, self._confirming = self._conn.channel(), self._conn.channel()
        self._confirming.confirm_select()
        self._confirming.events["basic_ack"].add(self._settled)
        self._queue = self._channel.queue_declare("", exclusive=True).queue
        self._channel.basic_consume(self._queue, no_ack=True, callback=self._in)
        quorum = {"x-queue-type": "quorum"}
        name = f"floor-{secrets.token_hex(4)}"
        self._events = self._channel.queue_declare(name, durable=True, auto_delete=False, arguments=quorum).queue
        self._tag = self._channel.basic_consume(self._events, callback=self._in_and_acknowledged)

    def _in(self, message: Any) -> None:
        self._came += 1

    def _in_and_acknowledged(self, message: Any) -> None:
        self._channel.basic_ack(message.delivery_tag)
        self._came += 1

    def _settled(self, tag: int, multiple: bool) -> None:
        self._confirmed = max(self._confirmed, tag)

    def journey(self) -> None:
        """Sends and takes in what one journey sends."""
        for _ in range(next(self._calls)):
            self._channel.basic_publish(amqp.Message(_TEXT, delivery_mode=1), routing_key=self._queue)
            self._until(lambda: self._came == 1)
        for _ in range(next(self._published)):
            confirmed, copies = self._confirmed, next(self._handled)
            # An event for nobody still has to be taken over by the broker.
            for _ in range(max(1, copies)):
                self._confirming.basic_publish(amqp.Message(_TEXT, delivery_mode=2), routing_key=self._events)
            wanted = max(1, copies)
            self._until(lambda: self._came >= wanted and self._confirmed >= confirmed + wanted)  # noqa: B023

    def _until(self, done: Any) -> None:
        while not done():
            self._conn.drain_events(timeout=10)
        self._came = 0

    def close(self) -> None:
        """Removes its queue and closes the connection."""
        self._channel.basic_cancel(self._tag)
        self._channel.queue_delete(self._events)
        self._conn.close()


def run(database_url: str, broker_port: int, work: Work, clients: int, seconds: float) -> float:
    """Journeys' worth of `work` a second, by so many clients at once."""
    with psycopg.connect(database_url, autocommit=True) as conn:
        conn.execute("DROP TABLE IF EXISTS floor")
        conn.execute("CREATE TABLE floor (id text PRIMARY KEY, body text NOT NULL)")
    parts: list[tuple[Rows, Messages]] = [
        (Rows(database_url, work), Messages(broker_port, work)) for _ in range(clients)
    ]
    done = [0] * clients
    began = time.perf_counter()

    def client(number: int) -> None:
        while time.perf_counter() - began < seconds:
            for part in parts[number]:
                part.journey()
            done[number] += 1

    threads = [threading.Thread(target=client, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.perf_counter() - began
    for part in (part for pair in parts for part in pair):
        part.close()
    return sum(done) / took
