"""RabbitMQ and PostgreSQL of one's own, started from the installed binaries (`oneway up --full` without URLs)."""

from __future__ import annotations

import contextlib
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

from shared.cores import cores

_LIMIT = 60.0
# Its schedulers sleep instead of spinning when there is nothing to do. They take half of the cores, which they share
# with everything else here: with as many schedulers as cores a message cost half as much CPU again.
_SCHEDULERS = max(1, min(4, cores() // 2))
_ERLANG = (
    "-kernel inet_dist_use_interface {127,0,0,1} +sbwt none +sbwtdcpu none +sbwtdio none"
    f" +S {_SCHEDULERS}:{_SCHEDULERS}"
)


def free_port(count: int = 1) -> int:
    """A TCP port nobody listens on at the moment; the first of `count` that follow each other."""
    while True:
        with contextlib.ExitStack() as held:
            first = held.enter_context(socket.socket())
            first.bind(("127.0.0.1", 0))
            port: int = first.getsockname()[1]
            try:
                for following in range(port + 1, port + count):
                    held.enter_context(socket.socket()).bind(("127.0.0.1", following))
            except (OSError, OverflowError):
                continue
            return port


def _listens(port: int) -> bool:
    with socket.socket() as sock:
        sock.settimeout(1)
        return sock.connect_ex(("127.0.0.1", port)) == 0


def _kept_port(directory: Path, asked: int) -> int:
    """The port asked for, that of the starts before, or a free one: tenants' addresses and the node's name hold it."""
    path = directory / "port"
    port = asked or (int(path.read_text()) if path.exists() else free_port())
    path.write_text(str(port))
    return port


class Server:
    """A process of ours with a directory of its own; ended by its id, never by name."""

    def __init__(self, directory: Path, user: str) -> None:
        self.directory = directory
        self.process: subprocess.Popen[bytes] | None = None
        # PostgreSQL refuses to run as root, and RabbitMQ had better not.
        self._user = user if os.geteuid() == 0 else ""
        directory.mkdir(parents=True, exist_ok=True)
        self._own(directory)

    def _own(self, path: Path) -> None:
        if self._user:
            entry = pwd.getpwnam(self._user)
            os.chown(path, entry.pw_uid, entry.pw_gid)

    def _open(self, command: list[str], environment: dict[str, str] | None = None) -> subprocess.Popen[bytes]:
        with (self.directory / "server.log").open("ab") as log:
            return subprocess.Popen(  # noqa: S603
                command,
                env={**os.environ, **(environment or {})},
                user=self._user or None,
                group=pwd.getpwnam(self._user).pw_gid if self._user else None,
                extra_groups=[] if self._user else None,
                cwd=self.directory,
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )

    def _await(self, ready: object) -> None:
        assert callable(ready)
        until = time.monotonic() + _LIMIT
        while not ready():
            if self.process and self.process.poll() is not None:
                raise RuntimeError(f"the server ended at its start; see {self.directory / 'server.log'}")
            if time.monotonic() > until:
                raise RuntimeError(f"the server did not start in time; see {self.directory / 'server.log'}")
            time.sleep(0.1)

    def stop(self, how: int = signal.SIGTERM) -> None:
        """Ends the process and waits for it; a second time does nothing."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(how)
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()
        self.process = None


class Postgres(Server):
    """A PostgreSQL server on 127.0.0.1 with passwords (scram); `settings` are those of `postgresql.conf`."""

    def __init__(self, directory: Path, port: int = 0, **settings: str) -> None:
        super().__init__(directory, "postgres")
        self._settings = settings
        self.port = _kept_port(directory, port)
        self._password_file = directory / "password"
        self._data = directory / "data"

    @staticmethod
    def binaries() -> Path:
        """Where PostgreSQL's programs are. Raises `RuntimeError` where it is not installed."""
        found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: float(p.parent.name))
        on_path = shutil.which("initdb")
        if found:
            return found[-1]
        if on_path:
            return Path(on_path).parent
        raise RuntimeError("PostgreSQL is not installed")

    def start(self) -> None:
        """Makes the data directory at the first start; returns when it answers."""
        if not self._password_file.exists():
            self._password_file.write_text(secrets.token_urlsafe(24))
            self._password_file.chmod(0o600)
            self._own(self._password_file)
        if not (self._data / "PG_VERSION").exists():
            command = [str(self.binaries() / "initdb"), "-D", str(self._data), "-U", "postgres", "-A", "scram-sha-256"]
            made = self._open([*command, f"--pwfile={self._password_file}", "-E", "UTF8", "--locale=C.UTF-8"]).wait()
            if made:
                raise RuntimeError(f"initdb failed; see {self.directory / 'server.log'}")
        options = {
            "port": self.port,
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "max_connections": 400,
            **self._settings,
        }
        command = [str(self.binaries() / "postgres"), "-D", str(self._data)]
        for name, value in options.items():
            command += ["-c", f"{name}={value}"]
        self.process = self._open(command)
        pg_isready = [str(self.binaries() / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        self._await(lambda: subprocess.run(pg_isready, check=False).returncode == 0)  # noqa: S603

    @property
    def url(self) -> str:
        """The administrator's URL."""
        return f"postgresql://postgres:{self._password_file.read_text()}@127.0.0.1:{self.port}/postgres"

    def stop(self, how: int = signal.SIGINT) -> None:
        """A fast shutdown unless told otherwise."""
        super().stop(how)


class RabbitMQ(Server):
    """A RabbitMQ node on 127.0.0.1 with a port mapper of its own; `settings` are further lines of `rabbitmq.conf`."""

    def __init__(self, directory: Path, port: int = 0, settings: str = "") -> None:
        super().__init__(directory, "rabbitmq")
        self.port = _kept_port(directory, port)
        (directory / "plugins").write_text("[].")
        config = directory / "rabbitmq.conf"
        config.write_text(
            f"listeners.tcp.1 = 127.0.0.1:{self.port}\n"
            "vm_memory_high_watermark.absolute = 1GiB\n"
            f"disk_free_limit.absolute = 100MB\n{settings}"
        )
        self._environment = {
            "HOME": str(directory),
            "RABBITMQ_NODENAME": f"oneway{self.port}@localhost",
            "RABBITMQ_DIST_PORT": str(free_port()),
            "RABBITMQ_CONFIG_FILE": str(config),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(directory / "plugins"),
            "RABBITMQ_MNESIA_BASE": str(directory / "mnesia"),
            "RABBITMQ_LOG_BASE": str(directory / "log"),
            "RABBITMQ_LOGS": str(directory / "rabbit.log"),
            "RABBITMQ_PID_FILE": str(directory / "pid"),
            "RABBITMQ_CONF_ENV_FILE": "/dev/null",
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": _ERLANG,
            "ERL_EPMD_PORT": str(free_port()),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
        }

    @staticmethod
    def binary() -> str:
        """The server's program. Raises `RuntimeError` where it is not installed."""
        # Debian's wrapper in /usr/sbin insists on a user and a directory; the real program does not.
        for path in (*sorted(Path("/usr/lib/rabbitmq/lib").glob("rabbitmq_server-*/sbin/rabbitmq-server"))[::-1],):
            return str(path)
        found = shutil.which("rabbitmq-server")
        if not found:
            raise RuntimeError("RabbitMQ is not installed")
        return found

    def start(self) -> None:
        """Returns when the node takes connections."""
        self._epmd = self._open([shutil.which("epmd") or "epmd"], self._environment)
        self.process = self._open([self.binary()], self._environment)
        self._await(lambda: _listens(self.port))

    def stop(self, how: int = signal.SIGTERM) -> None:
        """Ends the node; its port mapper last."""
        if self.process and how == signal.SIGKILL:
            # The start script is not the node: the whole group goes.
            os.killpg(self.process.pid, signal.SIGKILL)
        super().stop(how)
        if self._epmd.poll() is None:
            self._epmd.terminate()
            self._epmd.wait(10)

    @property
    def url(self) -> str:
        """The broker's URL; the guest account works from this machine only."""
        return f"amqp://guest:guest@127.0.0.1:{self.port}//"
