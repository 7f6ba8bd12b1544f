"""The full system on servers of its own, each behind a proxy that can do what a network may do."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any

import psycopg
from sqlalchemy import make_url

from oneway.servers import Postgres, RabbitMQ
from shared.db.urls import database_name
from tests.chaos.journeys import LATE
from tests.chaos.mailbox import LEVELS, Mailbox
from tests.integration.product.cast import Cast
from tests.support.mailserver import mail_server
from tests.support.proxy import Proxy
from tests.support.servers import Servers
from tests.support.system import System

FAKETIME = sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
_DISK = 256


class Stage:
    """Use it in a `with`; `organisations` of the demo take part. With `disks`, small file systems of memory:

    `objects` under the attachments and `database` under PostgreSQL (mounting takes root).
    """

    def __init__(self, organisations: int = 2, *, disks: bool = False) -> None:
        self._organisations = organisations
        self._disks = disks
        self._mounted: list[Path] = []

    def __enter__(self) -> Stage:
        self._end = contextlib.ExitStack()
        with self._end:
            self.servers = Servers(durable=True)
            self._end.callback(self._leave_servers)
            if self._disks:
                self._mount(self.servers.directory / "system", _DISK)
            self.postgres = self.servers.postgres("system")
            self.rabbitmq = self.servers.rabbitmq
            self.database = self._end.enter_context(Proxy(self.postgres.port))
            self.broker = self._end.enter_context(Proxy(self.rabbitmq.port))
            self.mailbox = Mailbox(self._end.enter_context(mail_server()))
            database = make_url(self.postgres.url).set(port=self.database.port)
            self.system = System(
                "full",
                None,
                ONEWAY_DATABASE_URL=database.render_as_string(hide_password=False),
                ONEWAY_BROKER_URL=self.rabbitmq.url.replace(f":{self.rabbitmq.port}/", f":{self.broker.port}/"),
                ONEWAY_STORAGE_URL=f"file://{self.objects}",
                **self.mailbox.settings,
            )
            self._end.callback(self.system.remove)
            if self._disks:
                self._mount(self.objects, 8)
            self.system.start()
            self.casts = [Cast(self.system, tenant) for tenant in list(self.system.demo)[: self._organisations]]
            for cast in self.casts:
                self._by_mail(cast)
            self._end = self._end.pop_all()
        return self

    @staticmethod
    def _by_mail(cast: Cast) -> None:
        """Has those who are asked for something told so at once."""
        for role in ("reviewer", "decider", LATE):
            answer = cast.api(role).call("PATCH", "/me/notifications", {"levels": LEVELS})
            assert answer.status_code == 200, answer.text

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._end.close()

    @contextlib.contextmanager
    def tables(self, tenant: str) -> Iterator[psycopg.Connection[Any]]:
        """A connection to a tenant's database, past the services and the proxy."""
        url = make_url(self.postgres.url).set(database=database_name(tenant))
        with psycopg.connect(url.render_as_string(hide_password=False), autocommit=True) as conn:
            yield conn

    @property
    def objects(self) -> Path:
        """The directory of the attachments."""
        return self.servers.directory / "objects"

    def _mount(self, directory: Path, megabytes: int) -> None:
        directory.mkdir(exist_ok=True)
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "oneway", str(directory)], check=True)
        self._mounted.append(directory)

    def _leave_servers(self) -> None:
        for server in self.servers._started:
            server.stop(9)
        for directory in self._mounted:
            subprocess.run(["umount", "--lazy", str(directory)], check=False)
        self.servers.stop()

    # -- what can be done to it ---------------------------------------------------------------------

    def crash(self, server: Postgres | RabbitMQ) -> None:
        """Ends a server as a power cut would."""
        self.servers.crash(server)

    def fill(self, directory: Path) -> Path:
        """Leaves no room on the disk of this directory; the file that takes it."""
        path = directory / "fills-the-disk"
        with contextlib.suppress(OSError), path.open("wb", buffering=0) as file:
            while True:
                file.write(b"\0" * 65536)
        with contextlib.suppress(OSError), path.open("ab", buffering=0) as file:
            while True:
                file.write(b"\0" * 512)
        return path

    @contextlib.contextmanager
    def own_clock(self, name: str, by: str = "+0") -> Iterator[Path]:
        """A process of the system is replaced by one whose clock goes by as much as the file says that is answered.

        Both its clocks do: that of the day, and the one by which it measures how long something takes.
        """
        clock = self.servers.directory / "clock"
        clock.write_text(by)
        environment = _environment(self.system.pids()[name]) | {
            "LD_PRELOAD": str(FAKETIME[0]),
            "FAKETIME_TIMESTAMP_FILE": str(clock),
            "FAKETIME_NO_CACHE": "1",
        }
        self.system.end_one(name)
        with (self.system.var / "log" / f"{name}.log").open("ab") as log:
            command = [sys.executable, "-m", "oneway", "service", name]
            process = subprocess.Popen(command, env=environment, stdout=log, stderr=log, cwd=Path.cwd())
        try:
            yield clock
        finally:
            process.terminate()
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            self.system.release()


def _environment(pid: int) -> dict[str, str]:
    """What a process was given."""
    told = Path(f"/proc/{pid}/environ").read_bytes().decode()
    return dict(pair.split("=", 1) for pair in told.split("\0") if "=" in pair)
