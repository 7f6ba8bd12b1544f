"""The whole system in processes of its own, embedded or full, with a client that speaks its API."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

import orjson
import requests

from oneway.replicas import GATEWAY, Replica, counts, replicas
from oneway.servers import free_port
from tests.support.environment import without_settings
from tests.support.servers import Servers
from tests.support.waiting import until

MODES = ("embedded", "full")
# Small, so that tests can go over it.
ATTACHMENT_LIMIT = 16 * 1024 * 1024
_START_WITHIN = 180
_STOP_WITHIN = 60
_ROOT = Path(__file__).parent.parent.parent


class Api:
    """The REST API as one person sees it, or as nobody when `token` is empty."""

    def __init__(self, base_url: str, token: str = "") -> None:
        self.base_url = base_url
        self.token = token
        self._session = requests.Session()
        if token:
            self._session.headers["Authorization"] = f"Bearer {token}"

    def call(self, method: str, path: str, body: Any = None, **more: Any) -> requests.Response:
        """One call to a path under `/api/v1`; `more` goes to requests (headers, data, files)."""
        if body is not None:
            more["json"] = body
        return self._session.request(method, f"{self.base_url}/api/v1{path}", timeout=60, **more)

    def get(self, path: str, **more: Any) -> Any:
        """The JSON of a call that must be answered with 200."""
        response = self.call("GET", path, **more)
        assert response.status_code == 200, (path, response.status_code, response.text)
        return response.json()

    def post(self, path: str, body: Any = None, status: int | None = None, **more: Any) -> Any:
        """The JSON of a call that must succeed, with `status` where it is told."""
        response = self.call("POST", path, {} if body is None else body, **more)
        expected = {200, 201, 202} if status is None else {status}
        assert response.status_code in expected, (path, response.status_code, response.text)
        return response.json() if response.content else None


class System:
    """One installation in a directory of its own, a new one unless told. `mode` is `embedded` or `full`.

    The latter runs on `servers`; where there are none, on those it starts for itself. Of its `gateways`, those that may
    be asked for later among them, each has the port after the one before.
    """

    # The module that the command line is run by.
    program = "oneway"

    def __init__(
        self,
        mode: str,
        servers: Servers | None,
        *,
        gateways: int = 1,
        directory: Path | None = None,
        **environment: str,
    ) -> None:
        self.mode = mode
        self.directory = directory or Path(tempfile.mkdtemp(prefix=f"oneway-{mode}-"))
        self.directory.mkdir(parents=True, exist_ok=True)
        # Servers of its own run as users of their own.
        self.directory.chmod(0o755)
        self.var = self.directory / "var"
        self.replicas = list(replicas(environment.get("ONEWAY_REPLICAS", "") if mode == "full" else ""))
        self.port = free_port(max(gateways, counts(environment.get("ONEWAY_REPLICAS", ""))[GATEWAY]))
        self.base_url = f"http://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None
        self._environment = without_settings()
        self._environment |= {"ONEWAY_VAR": str(self.var), "ONEWAY_PORT": str(self.port)}
        # The morphemes' dictionary takes seconds of a core: only who tests it asks for it.
        self._environment |= {"ONEWAY_SEARCH_WORDS": "syllables"}
        self._environment |= {"ONEWAY_ATTACHMENT_LIMIT": str(ATTACHMENT_LIMIT), **environment}
        if mode == "full" and servers:
            self._environment["ONEWAY_DATABASE_URL"] = servers.postgres("system").url
            self._environment["ONEWAY_BROKER_URL"] = servers.rabbitmq.url

    # -- its life -----------------------------------------------------------------------------------

    def start(self) -> None:
        """Returns when every process of it is ready. Raises `AssertionError` with the log when it is not."""
        command = [
            sys.executable,
            "-m",
            self.program,
            "up",
            "--no-demo-work",
            *(["--full"] if self.mode == "full" else []),
        ]
        self.var.mkdir(parents=True, exist_ok=True)
        with (self.var / "launcher.log").open("ab") as log:
            self._process = subprocess.Popen(
                command, cwd=_ROOT, env=self._environment, stdout=log, stderr=log, start_new_session=True
            )
        try:
            until(self._up, _START_WITHIN)
        except AssertionError as error:
            raise AssertionError("the system did not start:\n" + "\n".join(map(str, self.logs().items()))) from error

    def _up(self) -> bool:
        assert self._process
        assert self._process.poll() is None, f"it ended with {self._process.returncode}"
        return self.ready()

    def ready(self) -> bool:
        """Whether every process says that it can do its work."""
        return (self.var / "demo.json").exists() and all(_answers(f"{url}/readyz") for url in self.health().values())

    def health(self) -> dict[str, str]:
        """Where each process that is to run answers about itself, by its name."""
        if self.mode != "full":
            return {GATEWAY: self.base_url}
        return {r.name: self._health_of(r) for r in self.replicas if not self._hold(r.name).exists()}

    def _health_of(self, replica: Replica) -> str:
        if replica.part == GATEWAY:
            return f"http://127.0.0.1:{self.port + replica.number - 1}"
        path = self.var / "run" / f"{replica.name}.metrics"
        return f"http://127.0.0.1:{path.read_text() if path.exists() else 0}"

    def _hold(self, name: str) -> Path:
        """The file that keeps the launcher from starting a process again."""
        return self.var / "run" / f"{name}.hold"

    def stop(self, how: int = signal.SIGTERM) -> int:
        """Ends it in order (or by SIGKILL, as a power cut would); the launcher's exit status."""
        if self._process is None:
            return 0
        if how == signal.SIGKILL:
            for pid in (self._process.pid, *self.pids().values()):
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(pid, signal.SIGKILL)
        else:
            self._process.send_signal(how)
        return self.wait()

    def ask_to_stop(self) -> None:
        """Sends SIGTERM and does not wait."""
        assert self._process
        self._process.send_signal(signal.SIGTERM)

    def let_go(self) -> subprocess.Popen[bytes]:
        """Sends SIGTERM and leaves the process to itself, which is answered: another one may be started."""
        self.ask_to_stop()
        process, self._process = self._process, None
        assert process
        return process

    def wait(self) -> int:
        """Until it has ended; the launcher's exit status."""
        assert self._process
        status = self._process.wait(_STOP_WITHIN)
        self._process = None
        return status

    def restart(self, how: int = signal.SIGTERM) -> None:
        """Ends it and starts it again on what it left."""
        self.stop(how)
        self.start()

    def remove(self) -> None:
        """Ends it and takes its directory away."""
        try:
            self.stop()
        finally:
            shutil.rmtree(self.directory, ignore_errors=True)

    # -- one process of it (full) -------------------------------------------------------------------

    def pids(self) -> dict[str, int]:
        """The ids of its processes, by name; each leads a group of its own."""
        return {path.stem: int(path.read_text()) for path in (self.var / "run").glob("*.pid")}

    def kill(self, name: str, *, hold: bool = False) -> None:
        """SIGKILL for one process; the launcher starts it again, unless it is held until `release`."""
        url = self.health()[name]
        if hold:
            self._hold(name).touch()
        os.killpg(self.pids()[name], signal.SIGKILL)
        until(lambda: not _answers(f"{url}/healthz"))

    def end_one(self, name: str) -> None:
        """SIGTERM for one process, which then stays away until `release`; returns when it has ended in order."""
        self._hold(name).touch()
        pid = self.pids()[name]
        os.kill(pid, signal.SIGTERM)
        until(lambda: not running(pid))

    def restart_one(self, name: str) -> None:
        """SIGTERM for one process; returns when the launcher has started it again and it is ready."""
        self.end_one(name)
        self.release(name)

    def release(self, name: str = "*") -> None:
        """Lets the launcher start what was held, or one of it, and waits until everything that is to run is ready."""
        before = self.pids()
        held = [path.stem for path in (self.var / "run").glob(f"{name}.hold")]
        for one in held:
            self._hold(one).unlink()
        until(lambda: all(self.pids().get(one, 0) not in (0, before.get(one)) for one in held))
        until(self._up)

    # -- looking ------------------------------------------------------------------------------------

    @property
    def demo(self) -> dict[str, Any]:
        """Who can sign in: tenants by code, in them people by role."""
        found: dict[str, Any] = orjson.loads((self.var / "demo.json").read_bytes())["tenants"]
        return found

    @property
    def tenant(self) -> str:
        """The first tenant: the city."""
        return next(iter(self.demo))

    def anonymous(self) -> Api:
        """The API as nobody sees it."""
        return Api(self.base_url)

    def sign_in(self, role: str, tenant: str | None = None) -> Api:
        """The API as the demo's person in this role sees it."""
        code = tenant or self.tenant
        person = self.demo[code]["people"][role]
        given = {"tenant": code, "login": person["login"], "password": person["password"]}
        return Api(self.base_url, self.anonymous().post("/auth/token", given)["access_token"])

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """What `oneway …` answers beside the running system."""
        return subprocess.run(
            [sys.executable, "-m", self.program, *arguments],
            cwd=_ROOT,
            env={**self._environment, "COLUMNS": "200"},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def logs(self, lines: int = 40) -> dict[str, str]:
        """The last lines of each process's log."""
        paths = [self.var / "launcher.log", *sorted((self.var / "log").glob("*.log"))]
        return {p.stem: "\n".join(p.read_text(errors="replace").splitlines()[-lines:]) for p in paths if p.exists()}


_System = TypeVar("_System", bound=System)


@contextlib.contextmanager
def started(system: _System) -> Iterator[_System]:
    """The system, started; it is removed at the end, also where it did not come up."""
    try:
        system.start()
        yield system
    finally:
        system.remove()


def running(pid: int) -> bool:
    """Whether a process is there and has not ended; one that nobody has waited for yet has."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def _answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=5).status_code == 200
    except requests.RequestException:
        return False
