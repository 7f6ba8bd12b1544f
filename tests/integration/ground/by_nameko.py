"""A service that nameko's own command runs, in the place of one of the system's."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import orjson
import requests

from tests.support.environment import without_settings
from tests.support.system import System
from tests.support.waiting import until

_ROOT = Path(__file__).parent.parent.parent.parent
ONEWAY = (sys.executable, "-m", "oneway")


def environment(system: System, service: str) -> dict[str, str]:
    """What the process needs: its secrets by `oneway keys files`, and where the system is."""
    secrets = system.directory / "secrets"
    written = system.command("keys", "files", str(secrets))
    assert written.returncode == 0, written.stderr
    lines = (secrets / f"{service}.env").read_text().splitlines()
    located = orjson.loads((system.var / "full.json").read_bytes())
    return {
        **without_settings("PYTEST_"),
        **dict(line.split("=", 1) for line in lines),
        "ONEWAY_MODE": "full",
        "ONEWAY_VAR": str(system.var),
        "ONEWAY_PROCESS": f"{service}-by-nameko",
        "ONEWAY_BROKER_URL": located["broker_url"],
    }


def command(*arguments: str) -> list[str]:
    """`nameko …` of this environment."""
    return [str(Path(sys.executable).parent / "nameko"), *arguments]


@contextlib.contextmanager
def running(system: System, service: str, address: str) -> Iterator[subprocess.Popen[bytes]]:
    """`nameko run` with the project's configuration while the block runs; `address` is module or module:class."""
    port = system.var / "run" / f"{service}-by-nameko.metrics"
    with (system.var / "log" / f"{service}-by-nameko.log").open("ab") as log:
        process = subprocess.Popen(
            command("run", "--config", "deploy/nameko/config.yaml", address),
            cwd=_ROOT,
            env=environment(system, service),
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        until(lambda: _ready(process, port), 60)
        yield process
        process.send_signal(signal.SIGTERM)
        process.wait(30)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        port.unlink(missing_ok=True)


def _ready(process: subprocess.Popen[bytes], port: Path) -> bool:
    assert process.poll() is None, "it ended"
    return port.exists() and requests.get(f"http://127.0.0.1:{port.read_text()}/readyz", timeout=5).ok


def bare(**settings: str) -> dict[str, str]:
    """An environment with no other settings than these."""
    return {**without_settings("PYTEST_"), "COLUMNS": "200", **settings}


def shell(
    system: System, *arguments: str, role: str = "", password: str = "", typed: str = ""
) -> subprocess.CompletedProcess[str]:
    """What `oneway shell` answers: as platform operator, or as the demo's person in this role."""
    if role:
        person = system.demo[system.tenant]["people"][role]
        arguments, password = ("--login", person["login"], *arguments), person["password"]
    return subprocess.run(
        [*ONEWAY, "shell", "--tenant", system.tenant, *arguments],
        cwd=_ROOT,
        env={**system._environment, "COLUMNS": "200", "ONEWAY_SHELL_PASSWORD": password},
        input=typed,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
