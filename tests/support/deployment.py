"""The system as it runs in production: each process by itself with its own secrets and rights, everything secured.

Its users of RabbitMQ have the least rights (`shared.bus.topology`), the services open their databases through
PgBouncer, and broker, pooler and database are reached by TLS alone. What a cluster would do is done here by hand.
"""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import orjson

from oneway import keys, parts
from oneway.provision import Provisioner
from oneway.seed import seed
from oneway.servers import Postgres, RabbitMQ, free_port
from shared.bus.broker import EVENT_EXCHANGE
from shared.bus.topology import GATEWAY, permissions
from shared.settings import Settings
from tests.support.certificates import Certificates
from tests.support.environment import without_settings
from tests.support.pooler import PgBouncer, prepares
from tests.support.servers import rabbitmqctl
from tests.support.system import _ROOT, System
from tests.support.waiting import until


class Deployment(System):
    """A `System` whose processes were started one by one."""

    def __init__(self) -> None:
        super().__init__("full", None)
        self.certificates = Certificates(self.directory / "tls")
        self._secrets = {name: secrets.token_urlsafe(32) for name in keys.NAMES}
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        # How often each process was replaced, and what goes behind the names of the broker's users.
        self._generation = 0
        self._of_user = ""
        self.postgres = Postgres(self.directory / "postgres", ssl="on", **self._tls("postgres"))
        self.rabbitmq = RabbitMQ(self.directory / "rabbitmq", settings=self._secured_broker())
        self.pooler: PgBouncer

    def _tls(self, name: str) -> dict[str, str]:
        """The server's own copy of its certificate, which only it can read."""
        directory = self.directory / name
        directory.mkdir(exist_ok=True)
        found = {}
        for setting, path in (
            ("ssl_ca_file", self.certificates.ca),
            ("ssl_cert_file", self.certificates.certificate),
            ("ssl_key_file", self.certificates.key),
        ):
            copy = directory / path.name
            shutil.copy(path, copy)
            copy.chmod(0o600)
            if os.geteuid() == 0:
                shutil.chown(copy, name)
            found[setting] = str(copy)
        return found

    def _secured_broker(self) -> str:
        self.broker_port = free_port()
        tls = self._tls("rabbitmq")
        return (
            f"listeners.ssl.1 = 127.0.0.1:{self.broker_port}\n"
            f"ssl_options.cacertfile = {tls['ssl_ca_file']}\n"
            f"ssl_options.certfile = {tls['ssl_cert_file']}\n"
            f"ssl_options.keyfile = {tls['ssl_key_file']}\n"
            f"load_definitions = {self._users()}\n"
        )

    def _users(self) -> Path:
        """The broker's users, and nobody else: not the account every RabbitMQ begins with."""
        rights = {f"{name}{self._of_user}": permissions(name) for name in (*parts.SERVICES, GATEWAY)}
        definitions = {
            "users": [{"name": name, "password": f"{name}-password", "tags": ""} for name in rights],
            "vhosts": [{"name": "/"}],
            "permissions": [
                {"user": n, "vhost": "/", "configure": r.configure, "write": r.write, "read": r.read}
                for n, r in rights.items()
            ],
            "topic_permissions": [
                {"user": n, "vhost": "/", "exchange": EVENT_EXCHANGE, "write": r.events, "read": ".*"}
                for n, r in rights.items()
            ],
        }
        path = self.directory / "definitions.json"
        path.write_bytes(orjson.dumps(definitions))
        return path

    def change_users(self, ending: str) -> None:
        """Makes the broker's users anew under other names; processes are told of them when they are replaced."""
        self._of_user = ending
        rabbitmqctl(self.rabbitmq, "import_definitions", str(self._users()))

    def start(self) -> None:
        """Servers, users, migrations, the demo, and then each process; returns when all are ready."""
        self.var.mkdir(parents=True, exist_ok=True)
        self.postgres.start()
        self.rabbitmq.start()
        self.pooler = PgBouncer(self.directory / "pgbouncer", self.postgres.url, self.certificates)
        self.pooler.start()
        self._settings = Settings(
            mode="full",
            var=self.var,
            database_url=f"{self.postgres.url}?sslmode=verify-full&sslrootcert={self.certificates.ca}",
            storage_url=f"file://{self.directory}/objects",
            **self._secrets,
        )
        provisioner = Provisioner(self._settings)
        provisioner.prepare()
        seed(self._settings, provisioner, self.base_url, organisations=1)
        self.change_keys()
        for name in (*parts.SERVICES, GATEWAY):
            self._open(name)
        until(self.ready)

    def change_keys(self, **to: str) -> None:
        """What processes that start from now on are given in place of these keys."""
        settings = self._settings.model_copy(update=to)
        control = Provisioner(settings).control_reader_url()
        pooled = control.replace(f":{self.postgres.port}/", f":{self.pooler.port}/")
        self._settings = settings.model_copy(update={"control_url": pooled})

    def key(self, name: str) -> str:
        """One of the keys as the processes hold it."""
        return str(getattr(self._settings, name))

    def environment(self, name: str) -> dict[str, str]:
        """What a process is given: nothing that another alone needs."""
        user = f"{name}{self._of_user}"
        given = {
            "MODE": "full",
            "VAR": str(self.var),
            "PROCESS": f"{name}-{self._generation}",
            "BROKER_URL": f"amqps://{user}:{user}-password@127.0.0.1:{self.broker_port}//",
            "BROKER_CA": str(self.certificates.ca),
            "STORAGE_URL": self._settings.storage_url,
        }
        if name == GATEWAY:
            given["PORT"] = str(self.port)
        else:
            given |= {"DATABASE_POOLER": f"127.0.0.1:{self.pooler.port}", "DATABASE_PREPARED": str(prepares())}
        named = {f"ONEWAY_{setting}": value for setting, value in given.items()}
        return without_settings() | named | keys.of_process(self._settings, name)

    def _open(self, name: str) -> None:
        arguments = ["gateway"] if name == GATEWAY else ["service", name]
        logs = self.var / "log"
        logs.mkdir(exist_ok=True)
        with (logs / f"{name}.log").open("ab") as log:
            self._processes[name] = subprocess.Popen(
                [sys.executable, "-m", "oneway", *arguments],
                cwd=_ROOT,
                env=self.environment(name),
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def health(self) -> dict[str, str]:
        """Where each process answers about itself, by its name."""
        found = {GATEWAY: self.base_url}
        for name in parts.SERVICES:
            path = self.var / "run" / f"{name}-{self._generation}.metrics"
            found[name] = f"http://127.0.0.1:{path.read_text() if path.exists() else 0}"
        return found

    def replace(self, moved: Callable[[str], None]) -> None:
        """Starts every process anew with what it is given now, and ends the former ones once the new ones can work.

        `moved(url)` is to return when nobody waits for an answer of the former gateway any more.
        """
        former = self.processes()
        self._generation += 1
        self.port = free_port()
        self.base_url = f"http://127.0.0.1:{self.port}"
        for name in former:
            self._open(name)
        try:
            until(self.ready)
            moved(self.base_url)
        finally:
            for process in reversed(former.values()):
                process.send_signal(signal.SIGTERM)
        statuses = {name: process.wait(30) for name, process in former.items()}
        assert set(statuses.values()) == {0}, statuses

    def run(self, *arguments: str) -> str:
        """What an administrator's job answers, with the keys the processes are given now."""
        given = keys.of_process(self._settings, keys.JOBS)
        given |= {"ONEWAY_MODE": "full", "ONEWAY_VAR": str(self.var), "COLUMNS": "200"}
        given["ONEWAY_DATABASE_URL"] = self._settings.database_url
        command = [sys.executable, "-m", "oneway", *arguments]
        done = subprocess.run(
            command, cwd=_ROOT, env=without_settings() | given, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout + done.stderr

    def processes(self) -> dict[str, subprocess.Popen[bytes]]:
        """Its processes by name; the gateway is the last."""
        return dict(self._processes)

    def stop(self, how: int = signal.SIGTERM) -> int:
        """Ends every process in order, the gateway first, then the servers; the worst exit status."""
        worst = 0
        for process in reversed(self._processes.values()):
            if process.poll() is None:
                process.send_signal(how)
            worst = max(worst, abs(process.wait(30)))
        self._processes.clear()
        for server in (getattr(self, "pooler", None), self.rabbitmq, self.postgres):
            if server:
                # What they hold is thrown away.
                server.stop(signal.SIGKILL if server is self.rabbitmq else signal.SIGQUIT)
        return worst

    def release(self) -> None:
        """Nothing was held."""
