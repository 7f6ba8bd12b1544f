"""Some services in processes of their own on RabbitMQ and PostgreSQL, with a client that signs; no gateway, no demo."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path

import kombu
import requests
from sqlalchemy import text

from oneway.provision import Provisioner
from shared.bus import topology
from shared.bus.client import Client
from shared.bus.listeners import listeners_of
from shared.bus.rabbit import RabbitBroker
from shared.context import Context, Signer
from shared.db.urls import service_secret
from shared.settings import Settings
from shared.tenants import Tenant, wrap_new_key
from tests.support.environment import without_settings
from tests.support.metrics import total
from tests.support.servers import Servers
from tests.support.waiting import until

TENANT, OTHER = "aa", "bb"
KEY = "the bus's key"
_ROOT = Path(__file__).parent.parent.parent


def context(tenant: str = TENANT, **changes: object) -> Context:
    """Somebody of this tenant."""
    return Context(**{"tenant": tenant, "person": "p1", "name": "홍길동", "request_id": "r1", **changes})  # type: ignore[arg-type]


def part_of(name: str) -> str:
    """The service of a process called so."""
    return name.partition("-")[0]


@dataclass(eq=False)
class ServiceProcess:
    """One service in a process of its own, by the command line of `program`; a second one is `<service>-2`."""

    name: str
    var: Path
    environment: dict[str, str] = field(repr=False)
    program: str
    process: subprocess.Popen[bytes] | None = None

    def begin(self) -> None:
        """Begins to start it."""
        self._port.unlink(missing_ok=True)
        with (self.var / f"{self.name}.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", self.program, "service", part_of(self.name)],
                cwd=_ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
            )

    def await_ready(self) -> None:
        """Returns when it is ready."""
        until(lambda: self.running and self._port.exists() and self.ready)

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


class ServiceSystem:
    """An installation of these services only, called `name`, with two tenants whose data are empty.

    It has a database server of its own, and a broker's virtual host of its own where `broker_url` tells no other.
    Processes run once they are asked for: `start`, `ordinary`, `run`.
    """

    # The module that the command line is run by.
    program = "oneway"

    def __init__(self, servers: Servers, *services: str, name: str = "services", broker_url: str = "") -> None:
        self.servers = servers
        self.services = services
        self.postgres = servers.postgres(name)
        self.var = servers.directory / f"{name}-var"
        (self.var / "run").mkdir(parents=True)
        self.settings = Settings(
            mode="full",
            var=self.var,
            database_url=self.postgres.url,
            broker_url=broker_url or servers.virtual_host(name),
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
        self._make_room_for_who_is_left_out()
        self.broker = RabbitBroker(self.settings.broker_url, "tests")
        self.client = Client(self.broker, self.signer)
        self.told: list[dict[str, object]] = []
        self.missed = 0
        self.client.on_live(self.told.append, self.count_missed)
        self.broker.start()
        self._processes: dict[str, ServiceProcess] = {}

    def _make_room_for_who_is_left_out(self) -> None:
        """Gives queues to the services that listen to these and do not run here: without them no event goes out."""
        left_out = {name for service in self.services for name in listeners_of(service)} - {*self.services}
        with kombu.Connection(self.settings.broker_url) as connection:
            for name in left_out:
                topology.declare_events(connection.channel(), name, [])

    def installed(self) -> AbstractContextManager[None]:
        """Within it this process knows the services."""
        return nullcontext()

    def count_missed(self) -> None:
        """Something may have been told that was not heard."""
        self.missed += 1

    def add_tenant(self, code: str) -> Tenant:
        """A tenant with the services' schemas."""
        key = wrap_new_key(self.settings.storage_key, code)
        tenant = Tenant(code, code, "0000000", "active", self.provisioner.database_url(code), key)
        with self.installed():
            self.provisioner.create(tenant)
            for service in self.services:
                self.provisioner.migrate(tenant, service)
        self.provisioner.registry.add(tenant)
        return tenant

    # -- processes ----------------------------------------------------------------------------------

    def environment(self, name: str, **more: str) -> dict[str, str]:
        """What a process called so is told."""
        kept = without_settings("PYTEST_")
        settings = self.settings
        return {
            **kept,
            "ONEWAY_MODE": "full",
            "ONEWAY_VAR": str(self.var),
            "ONEWAY_PROCESS": name,
            "ONEWAY_BROKER_URL": settings.broker_url,
            "ONEWAY_CONTROL_URL": self.provisioner.control_reader_url(),
            "ONEWAY_BUS_KEY": KEY,
            "ONEWAY_DATABASE_SECRET": service_secret(settings.database_secret, part_of(name)),
            **more,
        }

    def start(self) -> None:
        """Starts every service, all at the same time; returns when they are ready."""
        begun = [self._begin(service) for service in self.services]
        for process in begun:
            process.await_ready()

    def _begin(self, name: str, **more: str) -> ServiceProcess:
        self.end(name)
        self._processes[name] = process = ServiceProcess(name, self.var, self.environment(name, **more), self.program)
        process.begin()
        return process

    def run(self, name: str, **more: str) -> ServiceProcess:
        """The service in a new process with `more` in its environment, in place of the one there was."""
        process = self._begin(name, **more)
        process.await_ready()
        return process

    def ordinary(self, name: str) -> ServiceProcess:
        """The service as it runs ordinarily."""
        process = self._processes.get(name)
        environment = self.environment(name)
        return process if process and process.running and process.environment == environment else self.run(name)

    def end(self, name: str, how: int = signal.SIGTERM) -> None:
        """Ends a service, if it runs."""
        if name in self._processes:
            self._processes.pop(name).end(how)

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """What `oneway …` answers."""
        settings = self.settings
        given = ("database_url", "database_secret", "storage_key", "cookie_key")
        own = {f"ONEWAY_{name.upper()}": getattr(settings, name) for name in given}
        return subprocess.run(
            [sys.executable, "-m", self.program, *arguments],
            cwd=_ROOT,
            env={**self.environment("", **own), "COLUMNS": "200"},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    # -- looking ------------------------------------------------------------------------------------

    def outbox(self, service: str, tenant: str = TENANT) -> int:
        """How many events of a tenant are not confirmed yet."""
        found = self.provisioner.registry.get(tenant)
        with self.provisioner.owner_engine(found, service).connect() as conn:
            return int(conn.execute(text("SELECT count(*) FROM outbox")).scalar_one())

    def logs(self, lines: int = 30) -> dict[str, str]:
        """The last lines of each process's log."""
        return {p.stem: "\n".join(p.read_text().splitlines()[-lines:]) for p in sorted(self.var.glob("*.log"))}

    def close(self) -> None:
        """Ends everything."""
        for name in list(self._processes):
            self.end(name, signal.SIGKILL)
        self.broker.stop()


@contextmanager
def serving(servers: Servers, *services: str, name: str = "services") -> Iterator[ServiceSystem]:
    """These services, ready."""
    system = ServiceSystem(servers, *services, name=name)
    try:
        system.start()
        yield system
    finally:
        system.close()
