"""Where the benchmarks run: a broker, a database and the full system of their own, each started when first needed."""

from __future__ import annotations

import tempfile
from contextlib import AbstractContextManager
from functools import cached_property
from pathlib import Path
from typing import Any

from sqlalchemy import make_url

from oneway.servers import Postgres, RabbitMQ
from shared.db.urls import database_name
from tests.bench.http import Http
from tests.bench.journey import Cast, cast
from tests.support import system

HOST = "127.0.0.1"


class System(system.System):
    """The full system: every service in its own process, with the demo's tenants; what is in its directory stays."""

    def __init__(self, directory: Path, postgres: Postgres, rabbitmq: RabbitMQ, **environment: str) -> None:
        self._postgres, self._rabbitmq = postgres, rabbitmq
        urls = {"ONEWAY_DATABASE_URL": postgres.url, "ONEWAY_BROKER_URL": rabbitmq.url}
        super().__init__("full", None, directory=directory, **urls, **environment)

    @property
    def database_url(self) -> str:
        """The administrator's URL of the database server."""
        return self._postgres.url

    def tenant_url(self, code: str) -> str:
        """The administrator's URL of a tenant's database."""
        return make_url(self.database_url).set(database=database_name(code)).render_as_string(hide_password=False)

    def processes(self) -> dict[str, int]:
        """The id of every process by name, the servers' among them."""
        assert self._postgres.process and self._rabbitmq.process
        return {**self.pids(), "postgres": self._postgres.process.pid, "rabbitmq": self._rabbitmq.process.pid}

    def casts(self, count: int) -> list[Cast]:
        """So many casts, spread over the demo's tenants."""
        codes = list(self.demo)
        spread = (codes[i % len(codes)] for i in range(count))
        return [cast(HOST, self.port, code, self.demo[code]["people"]) for code in spread]

    def connect(self, role: str) -> Http:
        """A connection of the city's person in this role."""
        door = Http(HOST, self.port)
        try:
            return door.sign_in(self.tenant, self.demo[self.tenant]["people"][role])
        finally:
            door.close()


class Embedded(system.System):
    """All parts in one process, on SQLite and the broker within it."""

    def processes(self) -> dict[str, int]:
        """Its id; what it starts for slow work is below it."""
        assert self._process
        return {"embedded": self._process.pid}


class Stage:
    """Use it in a `with`: at its end everything that was started ends."""

    def __init__(self) -> None:
        self._directory = tempfile.TemporaryDirectory(prefix="oneway-bench-")
        self.directory = Path(self._directory.name)
        # The servers run as users of their own.
        self.directory.chmod(0o755)
        self._started: list[Postgres | RabbitMQ | System] = []

    def __enter__(self) -> Stage:
        return self

    def __exit__(self, *_: object) -> None:
        for started in reversed(self._started):
            started.stop()
        self._directory.cleanup()

    def _start(self, what: Any) -> Any:
        self._started.append(what)
        what.start()
        return what

    @cached_property
    def rabbitmq(self) -> RabbitMQ:
        """A broker."""
        found: RabbitMQ = self._start(RabbitMQ(self.directory / "rabbitmq"))
        return found

    @cached_property
    def postgres(self) -> Postgres:
        """A database server."""
        found: Postgres = self._start(Postgres(self.directory / "postgres"))
        return found

    @cached_property
    def system(self) -> System:
        """The full system on both."""
        found: System = self._start(System(self.directory / "system", self.postgres, self.rabbitmq))
        return found

    def embedded(self) -> AbstractContextManager[Embedded]:
        """The embedded system, which ends with the `with` it is used in."""
        return system.started(Embedded("embedded", None, directory=self.directory / "embedded"))
