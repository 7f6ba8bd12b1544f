"""Where the benchmarks run: a broker, a database and the full system of their own, each started when first needed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from functools import cached_property
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import make_url

from oneway.servers import Postgres, RabbitMQ, free_port
from shared.db.urls import database_name
from tests.bench.http import Http
from tests.bench.journey import Cast, cast
from tests.bench.processes import pids

HOST = "127.0.0.1"
_START_WITHIN = 180
_ONE_OF_EACH = ("/me", "/documents?box=drafts", "/documents?box=decided", "/desk/counts")


class System:
    """The full system: every service in its own process, with the demo's tenants."""

    def __init__(self, var: Path, postgres: Postgres, rabbitmq: RabbitMQ, **environment: str) -> None:
        self.var, self.port = var, free_port()
        self._postgres, self._rabbitmq = postgres, rabbitmq
        self._environment = {
            **os.environ,
            "ONEWAY_VAR": str(var),
            "ONEWAY_PORT": str(self.port),
            "ONEWAY_DATABASE_URL": postgres.url,
            "ONEWAY_BROKER_URL": rabbitmq.url,
            **environment,
        }

    def start(self) -> None:
        """Returns when it answers and the demo is in it. Raises `RuntimeError` when it does not come up."""
        command = [sys.executable, "-m", "oneway", "up", "--full"]
        self._process = subprocess.Popen(command, env=self._environment)
        until = time.monotonic() + _START_WITHIN
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > until:
                raise RuntimeError("the system did not start")
            time.sleep(0.3)

    def _answers(self) -> bool:
        """Whether each service does, to somebody who has signed in."""
        if not (self.var / "demo.json").exists():
            return False
        try:
            drafter = self.sign_in("drafter")
            answers = [drafter.call("GET", path)[0] for path in _ONE_OF_EACH]
            drafter.close()
            return answers == [200] * len(answers)
        except (OSError, AssertionError):
            return False

    def stop(self) -> None:
        """Ends it in order."""
        self._process.send_signal(signal.SIGTERM)
        self._process.wait(90)

    @cached_property
    def demo(self) -> dict[str, Any]:
        """Who can sign in, by tenant."""
        found: dict[str, Any] = orjson.loads((self.var / "demo.json").read_bytes())["tenants"]
        return found

    @property
    def tenant(self) -> str:
        """The first tenant: the city."""
        return next(iter(self.demo))

    @property
    def database_url(self) -> str:
        """The administrator's URL of the database server."""
        return self._postgres.url

    def tenant_url(self, code: str) -> str:
        """The administrator's URL of a tenant's database."""
        return make_url(self.database_url).set(database=database_name(code)).render_as_string(hide_password=False)

    def pids(self) -> dict[str, int]:
        """Every process by name, the servers' among them."""
        assert self._postgres.process and self._rabbitmq.process
        return pids(self.var, {"postgres": self._postgres.process.pid, "rabbitmq": self._rabbitmq.process.pid})

    def casts(self, count: int) -> list[Cast]:
        """So many casts, spread over the demo's tenants."""
        codes = list(self.demo)
        spread = (codes[i % len(codes)] for i in range(count))
        return [cast(HOST, self.port, code, self.demo[code]["people"]) for code in spread]

    def sign_in(self, role: str) -> Http:
        """A connection of the city's person in this role."""
        door = Http(HOST, self.port)
        try:
            return door.sign_in(self.tenant, self.demo[self.tenant]["people"][role])
        finally:
            door.close()


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
        found: System = self._start(System(self.directory / "var", self.postgres, self.rabbitmq))
        return found
