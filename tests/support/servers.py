"""PostgreSQL and RabbitMQ of the tests' own, each started when it is first needed."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from functools import cached_property
from pathlib import Path

from oneway.servers import Postgres, RabbitMQ


class Servers:
    """Servers on free ports in a directory of their own under the system's temporary one; `stop` removes it.

    What they commit outlives them, whichever way they end; only where they are `durable` it outlives the machine too.
    """

    def __init__(self, *, durable: bool = False) -> None:
        self._durability = {} if durable else {"fsync": "off", "full_page_writes": "off"}
        self.directory = Path(tempfile.mkdtemp(prefix="oneway-tests-"))
        # The servers run as users of their own.
        self.directory.chmod(0o755)
        self._started: list[Postgres | RabbitMQ] = []
        self._postgres: dict[str, Postgres] = {}

    def __enter__(self) -> Servers:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def postgres(self, name: str, **settings: str) -> Postgres:
        """The database server of the installation called so; two cannot share one. `settings` count at its start."""
        if name not in self._postgres:
            server = Postgres(self.directory / name, **{**self._durability, **settings})
            server.start()
            self._started.append(server)
            self._postgres[name] = server
        return self._postgres[name]

    @cached_property
    def rabbitmq(self) -> RabbitMQ:
        """A broker."""
        server = RabbitMQ(self.directory / "rabbitmq")
        server.start()
        self._started.append(server)
        return server

    def virtual_host(self, name: str) -> str:
        """The URL of a part of the broker that is the installation's called so alone: its queues meet no other's."""
        self.rabbitmqctl("add_vhost", name)
        self.rabbitmqctl("set_permissions", "--vhost", name, "guest", ".*", ".*", ".*")
        return f"{self.rabbitmq.url.rstrip('/')}/{name}"

    @staticmethod
    def crash(server: Postgres | RabbitMQ) -> None:
        """Ends a server as a power cut would; `start` brings it back on what it had written."""
        server.stop(signal.SIGKILL)

    def rabbitmqctl(self, *arguments: str) -> str:
        """What the broker's own tool answers, in rows of cells split by tabs."""
        return rabbitmqctl(self.rabbitmq, *arguments)

    def stop(self) -> None:
        """Ends what was started."""
        for server in reversed(self._started):
            # What they hold is thrown away: there is nothing to write down in order.
            server.stop(signal.SIGKILL if isinstance(server, RabbitMQ) else signal.SIGQUIT)
        shutil.rmtree(self.directory, ignore_errors=True)


def rabbitmqctl(server: RabbitMQ, *arguments: str) -> str:
    """What a broker's own tool answers, in rows of cells split by tabs."""
    bare = ["--no-table-headers"] if arguments[0].startswith("list_") else []
    command = [str(Path(RabbitMQ.binary()).parent / "rabbitmqctl"), "--quiet", *bare, *arguments]
    environment = {**os.environ, **server._environment}
    done = subprocess.run(
        command, env=environment, user=server._user or None, cwd=server.directory, capture_output=True, check=True
    )
    return done.stdout.decode()


def messages(server: RabbitMQ) -> dict[str, int]:
    """The queues of a broker that are not empty, and how many messages each has."""
    rows = (line.split("\t") for line in rabbitmqctl(server, "list_queues", "name", "messages").splitlines())
    return {name: int(count) for name, count in rows if count not in ("", "0")}
