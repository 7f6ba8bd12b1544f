"""The full system on one machine: a process for each service, gunicorn for the gateway, watched over from here."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from oneway import gateway_process, keys, private
from oneway.replicas import Replica, replicas
from oneway.servers import Postgres, RabbitMQ
from shared import log
from shared.bus.topology import GATEWAY
from shared.settings import Settings

_RESTART_AFTER = 1.0
_STOP_WITHIN = 20.0


@dataclass
class Child:
    """One process of the system."""

    replica: Replica
    command: list[str]
    environment: dict[str, str]
    process: subprocess.Popen[bytes] | None = None
    ended_at: float = field(default=0.0)

    @property
    def name(self) -> str:
        """See `Replica`."""
        return self.replica.name

    @property
    def running(self) -> bool:
        """Whether the process is there."""
        return self.process is not None and self.process.poll() is None


class Servers:
    """The broker and the database: those the settings name, or of our own."""

    def __init__(self, settings: Settings) -> None:
        self.postgres = None if settings.database_url else Postgres(settings.var / "postgres")
        self.rabbitmq = None if settings.broker_url else RabbitMQ(settings.var / "rabbitmq")

    def start(self, settings: Settings) -> Settings:
        """The settings with the URLs of what runs."""
        urls = {}
        if self.postgres:
            self.postgres.start()
            urls["database_url"] = self.postgres.url
        if self.rabbitmq:
            self.rabbitmq.start()
            urls["broker_url"] = self.rabbitmq.url
        return settings.model_copy(update=urls)

    def stop(self) -> None:
        """Ends what was started here."""
        for server in (self.rabbitmq, self.postgres):
            if server:
                server.stop()


class Launcher:
    """Starts every process, starts one again that ended, and stops them in order: the gateway's first.

    Raises `ValueError` where the settings ask for replicas of what is no part.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._run = settings.var / "run"
        self._logs = settings.var / "log"
        self._log = log.get("launcher")
        self._stopping = False
        self.children = [self._child(replica) for replica in replicas(settings.replicas)]

    def _child(self, replica: Replica) -> Child:
        return self._gateway(replica) if replica.part == GATEWAY else self._service(replica)

    def _environment(self, replica: Replica, **more: str) -> dict[str, str]:
        settings = self._settings
        common = {
            "ONEWAY_MODE": "full",
            "ONEWAY_PROCESS": replica.name,
            "ONEWAY_VAR": str(settings.var),
            "ONEWAY_BROKER_URL": settings.broker_url,
            "ONEWAY_STORAGE_URL": settings.storage_url,
            "ONEWAY_LOG_LEVEL": settings.log_level,
        }
        # Each process is given its own secrets only.
        kept = {k: v for k, v in os.environ.items() if not k.startswith("ONEWAY_") or k in _PASSED_ON}
        return {**kept, **common, **more}

    def _service(self, replica: Replica) -> Child:
        environment = self._environment(replica, **keys.of_process(self._settings, replica.part))
        return Child(replica, [sys.executable, "-m", "oneway", "service", replica.part], environment)

    def _gateway(self, replica: Replica) -> Child:
        """Each on a port of its own: a port that two share (`SO_REUSEPORT`) loses what waits for the one that stops."""
        settings = self._settings
        environment = self._environment(
            replica,
            **keys.of_process(settings, GATEWAY),
            ONEWAY_HOST=settings.host,
            ONEWAY_PORT=str(settings.port + replica.number - 1),
        )
        return Child(replica, gateway_process.COMMAND, environment)

    def start(self) -> None:
        """Starts every process."""
        self._run.mkdir(parents=True, exist_ok=True)
        self._logs.mkdir(parents=True, exist_ok=True)
        # What a crash left; there may have been more processes then.
        for path in (*self._run.glob("*.pid"), *self._run.glob("*.metrics")):
            path.unlink()
        for child in self.children:
            self._start(child)

    def _start(self, child: Child) -> None:
        with (self._logs / f"{child.name}.log").open("ab") as output:
            child.process = subprocess.Popen(  # noqa: S603
                child.command,
                env=child.environment,
                cwd=Path(__file__).parent.parent,
                stdout=output,
                stderr=output,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
        # Whole, for others read it meanwhile.
        private.write(self._run / f"{child.name}.pid", str(child.process.pid).encode())

    def watch(self) -> None:
        """Until a signal to stop; a process that ends is started again after a second."""
        stopping: list[int] = []
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda n, _: stopping.append(n))
        while not stopping:
            time.sleep(0.2)
            for child in self.children:
                self._look_after(child)

    def _look_after(self, child: Child) -> None:
        assert child.process
        if child.process.poll() is None:
            return
        if not child.ended_at:
            child.ended_at = time.monotonic()
            self._log.warning("process_ended", name=child.name, status=child.process.returncode)
        elif time.monotonic() - child.ended_at > _RESTART_AFTER and not (self._run / f"{child.name}.hold").exists():
            child.ended_at = 0.0
            self._start(child)

    def stop(self) -> None:
        """Asks each process to finish; one that does not is ended."""
        for gateways in (True, False):
            asked = [child for child in self.children if (child.replica.part == GATEWAY) == gateways]
            for child in asked:
                if child.process and child.running:
                    child.process.send_signal(signal.SIGTERM)
            until = time.monotonic() + _STOP_WITHIN + self._settings.drain
            for child in asked:
                self._wait(child, max(0.1, until - time.monotonic()))
                (self._run / f"{child.name}.pid").unlink(missing_ok=True)

    @staticmethod
    def _wait(child: Child, seconds: float) -> None:
        if child.process:
            try:
                child.process.wait(seconds)
            except subprocess.TimeoutExpired:
                os.killpg(child.process.pid, signal.SIGKILL)
                child.process.wait()


# What an operator sets for every process alike. Ports are not among it: two processes cannot have the same.
_PASSED_ON = {
    f"ONEWAY_{name}"
    for name in (
        *(
            "ACCESS_LOG",
            "API_RATE",
            "ATTACHMENT_LIMIT",
            "ATTACHMENT_QUOTA",
            "ATTACHMENT_SWEEP",
            "BROKER_CA",
            "DATABASE_POOLER",
            "DATABASE_PIPELINE",
            "DATABASE_PREPARED",
        ),
        *("DRAIN", "MAIL_FROM", "METRICS_HOST", "METRICS_TENANTS", "POOL_CONNECTIONS", "POOL_SIZE"),
        *("MEETING_ADDRESS", "MEETING_PAPERS", "MEETING_SMTP_HOST", "MEETING_SMTP_PORT"),
        *("PUBLIC_URL", "PUSH_HOSTS"),
        *("REVISION", "RPC_TIMEOUT", "RPC_WORKERS", "PROXIES", "SEARCH_WORDS", "SECURE_COOKIES", "WORKERS"),
    )
}


def run(settings: Settings, started: Callable[[], None]) -> None:
    """Runs every process until SIGTERM or SIGINT."""
    launcher = Launcher(settings)
    try:
        launcher.start()
        started()
        launcher.watch()
    finally:
        launcher.stop()
