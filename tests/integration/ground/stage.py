"""An installation with the toy services: tenants in PostgreSQL, processes on RabbitMQ, and a client."""

from __future__ import annotations

from contextlib import AbstractContextManager

import kombu
from sqlalchemy import Connection, create_engine, make_url
from sqlalchemy.pool import NullPool

from tests.integration.ground.toy.install import SERVICES, installed
from tests.support.servers import Servers
from tests.support.services import KEY, OTHER, TENANT, ServiceSystem, context
from tests.support.services import ServiceProcess as Toy
from tests.support.waiting import until

__all__ = ["KEY", "OTHER", "TENANT", "Stage", "Toy", "context"]


class Stage(ServiceSystem):
    """The installation. `toy` and `sink` are there whenever they are asked for."""

    program = "tests.integration.ground.toy"

    def __init__(self, servers: Servers) -> None:
        # What a test does to the broker's queues it says by their bare names.
        super().__init__(servers, *SERVICES, name="ground", broker_url=servers.rabbitmq.url)

    def installed(self) -> AbstractContextManager[None]:
        """Within it this process knows the toys."""
        return installed()

    def administrator(self) -> Connection:
        """The administrator's connection to the database server."""
        url = make_url(self.postgres.url).set(drivername="postgresql+psycopg")
        return create_engine(url, poolclass=NullPool).connect()

    def make(
        self, series: str, count: int = 1, manner: str = "", first: int = 0, tenant: str = TENANT, timeout: float = 20
    ) -> None:
        """`toy` makes things, each with an event that `sink` hears."""
        data = {"series": series, "count": count, "first": first, "manner": manner}
        self.client.call("toy", "make", context(tenant), data, idempotency_key=f"{series}-{first}", timeout=timeout)

    def settle(self) -> None:
        """Returns when nothing that went before is left to publish or to hear: it would be the first a process does."""
        for service in SERVICES:
            self.ordinary(service)
        until(lambda: not self.outbox("toy") and not self.waiting("sink.events"))

    def effects(self, series: str, tenant: str = TENANT) -> list[int]:
        """The numbers of a series that `sink` did something about, as often as it did."""
        found: list[int] = self.client.call("sink", "effects", context(tenant), {"series": series})
        return found

    def waiting(self, queue: str) -> int:
        """How many messages are ready in a queue."""
        with kombu.Connection(self.settings.broker_url) as connection:
            return int(connection.channel().queue_declare(queue, passive=True).message_count)

    def purge(self, queue: str) -> None:
        """Empties a queue."""
        with kombu.Connection(self.settings.broker_url) as connection:
            connection.channel().queue_purge(queue)

    def put(self, queue: str, body: bytes) -> None:
        """Puts a message into a queue."""
        with kombu.Connection(self.settings.broker_url) as connection:
            producer = connection.Producer()
            producer.publish(body, routing_key=queue, content_type="application/json", content_encoding="utf-8")
