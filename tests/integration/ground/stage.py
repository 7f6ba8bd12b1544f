"""An installation with the toy services: tenants in PostgreSQL, processes on RabbitMQ, and a client."""

from __future__ import annotations

import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import kombu
import requests
from sqlalchemy import Connection, create_engine, make_url, text
from sqlalchemy.pool import NullPool

from oneway.provision import Provisioner
from shared.bus.client import Client
from shared.bus.rabbit import RabbitBroker
from shared.context import Context, Signer
from shared.db.urls import service_secret
from shared.settings import Settings
from shared.tenants import Tenant, wrap_new_key
from tests.integration.ground.toy.install import installed
from tests.support.environment import without_settings
from tests.support.metrics import total
from tests.support.servers import Servers
from tests.support.waiting import until

TENANT, OTHER = "aa", "bb"
KEY = "the bus's key"
_ROOT = Path(__file__).parent.parent.parent.parent


def context(tenant: str = TENANT, **changes: object) -> Context:
    """Somebody of this tenant."""
    return Context(**{"tenant": tenant, "person": "p1", "name": "홍길동", "request_id": "r1", **changes})  # type: ignore[arg-type]


def part_of(name: str) -> str:
    """The service of a process called so."""
    return name.partition("-")[0]


@dataclass(eq=False)
class Toy:
    """One service in a process of its own; a second one is called `<service>-2`."""

    name: str
    var: Path
    environment: dict[str, str] = field(repr=False)
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> Toy:
        """Returns when it is ready."""
        self._port.unlink(missing_ok=True)
        with (self.var / f"{self.name}.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.integration.ground.toy", "service", part_of(self.name)],
                cwd=_ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
            )
        until(lambda: self.running and self._port.exists() and self.ready)
        return self

    @property
    def _port(self) -> Path:
        return self.var / "run" / f"{self.name}.metrics"

    @property
    def running(self) -> bool:
        """Whether the process is there."""
        return bool(self.process and self.process.poll() is None)

    @property
    def ready(self) -> bool:
        """Whether it can do its work."""
        return self._get("/readyz").status_code == 200

    def metrics(self) -> str:
        """What it counts."""
        return self._get("/metrics").text

    def counted(self, metric: str) -> float:
        """The sum of a metric over its labels."""
        return total(self.metrics(), metric)

    def _get(self, path: str) -> requests.Response:
        return requests.get(f"http://127.0.0.1:{self._port.read_text()}{path}", timeout=5)

    def end(self, how: int = signal.SIGTERM) -> None:
        """Ends it, and waits for that."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(how)
            self.process.wait(30)

    def gone(self) -> None:
        """Waits until it has ended by itself."""
        assert self.process
        self.process.wait(60)


class Stage:
    """The installation. `toy` and `sink` are there whenever they are asked for."""

    def __init__(self, servers: Servers) -> None:
        self.servers = servers
        self.postgres = servers.postgres("ground")
        self.var = servers.directory / "toys"
        (self.var / "run").mkdir(parents=True)
        self.settings = Settings(
            mode="full",
            var=self.var,
            database_url=self.postgres.url,
            broker_url=servers.rabbitmq.url,
            bus_key=KEY,
            database_secret="the databases' secret",
            storage_key="the storage's key",
            cookie_key="the cookies' key",
        )
        self.provisioner = Provisioner(self.settings)
        self.provisioner.prepare()
        for code in (TENANT, OTHER):
            self.add_tenant(code)
        self.signer = Signer.from_text(KEY)
        self.broker = RabbitBroker(servers.rabbitmq.url, "tests")
        self.client = Client(self.broker, self.signer)
        self.told: list[dict[str, object]] = []
        self.missed = 0
        self.client.on_live(self.told.append, self.count_missed)
        self.broker.start()
        self._toys: dict[str, Toy] = {}

    def count_missed(self) -> None:
        """Something may have been told that was not heard."""
        self.missed += 1

    def add_tenant(self, code: str) -> Tenant:
        """A tenant with the toys' schemas."""
        key = wrap_new_key(self.settings.storage_key, code)
        tenant = Tenant(code, code, "0000000", "active", self.provisioner.database_url(code), key)
        with installed():
            self.provisioner.create(tenant)
            for service in ("toy", "sink"):
                self.provisioner.migrate(tenant, service)
        self.provisioner.registry.add(tenant)
        return tenant

    def administrator(self) -> Connection:
        """The administrator's connection to the database server."""
        url = make_url(self.postgres.url).set(drivername="postgresql+psycopg")
        return create_engine(url, poolclass=NullPool).connect()

    def environment(self, service: str, **more: str) -> dict[str, str]:
        """What a process of this service is told."""
        kept = without_settings("PYTEST_")
        settings = self.settings
        return {
            **kept,
            "ONEWAY_MODE": "full",
            "ONEWAY_VAR": str(self.var),
            "ONEWAY_PROCESS": service,
            "ONEWAY_BROKER_URL": settings.broker_url,
            "ONEWAY_CONTROL_URL": self.provisioner.control_reader_url(),
            "ONEWAY_BUS_KEY": KEY,
            "ONEWAY_DATABASE_SECRET": service_secret(settings.database_secret, part_of(service)),
            **more,
        }

    def run(self, service: str, **more: str) -> Toy:
        """The service in a new process with `more` in its environment, in place of the one there was."""
        self.end(service)
        self._toys[service] = toy = Toy(service, self.var, self.environment(service, **more))
        return toy.start()

    def ordinary(self, service: str) -> Toy:
        """The service as it runs ordinarily."""
        toy = self._toys.get(service)
        environment = self.environment(service)
        return toy if toy and toy.running and toy.environment == environment else self.run(service)

    def end(self, service: str, how: int = signal.SIGTERM) -> None:
        """Ends a service, if it runs."""
        if service in self._toys:
            self._toys.pop(service).end(how)

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """What `oneway …` answers."""
        settings = self.settings
        given = ("database_url", "database_secret", "storage_key", "cookie_key")
        own = {f"ONEWAY_{name.upper()}": getattr(settings, name) for name in given}
        return subprocess.run(
            [sys.executable, "-m", "tests.integration.ground.toy", *arguments],
            cwd=_ROOT,
            env={**self.environment("", **own), "COLUMNS": "200"},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def make(
        self, series: str, count: int = 1, manner: str = "", first: int = 0, tenant: str = TENANT, timeout: float = 20
    ) -> None:
        """`toy` makes things, each with an event that `sink` hears."""
        data = {"series": series, "count": count, "first": first, "manner": manner}
        self.client.call("toy", "make", context(tenant), data, idempotency_key=f"{series}-{first}", timeout=timeout)

    def outbox(self, service: str, tenant: str = TENANT) -> int:
        """How many events of a tenant are not confirmed yet."""
        found = self.provisioner.registry.get(tenant)
        with self.provisioner.owner_engine(found, service).connect() as conn:
            return int(conn.execute(text("SELECT count(*) FROM outbox")).scalar_one())

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

    def close(self) -> None:
        """Ends everything."""
        for service in list(self._toys):
            self.end(service, signal.SIGKILL)
        self.broker.stop()
