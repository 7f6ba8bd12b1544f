"""`make bench`: the journey on the full system, and what each process takes of it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import orjson
from rich.console import Console
from rich.table import Table

from oneway.servers import Postgres, RabbitMQ, free_port
from tests.bench.http import Http
from tests.bench.journey import Cast, Times, cast, run
from tests.bench.processes import pids, usage

SECONDS = float(os.environ.get("BENCH_SECONDS", "10"))
out = Console(width=120)


class System:
    """The full system on servers of its own, for the time of a benchmark."""

    def __init__(self, directory: Path) -> None:
        directory.chmod(0o755)
        self.var = directory / "var"
        self.postgres, self.rabbitmq = Postgres(directory / "pg"), RabbitMQ(directory / "mq")
        self.port = free_port()

    def start(self) -> None:
        """Returns when it answers."""
        self.postgres.start()
        self.rabbitmq.start()
        environment = {
            **os.environ,
            "ONEWAY_VAR": str(self.var),
            "ONEWAY_PORT": str(self.port),
            "ONEWAY_DATABASE_URL": self.postgres.url,
            "ONEWAY_BROKER_URL": self.rabbitmq.url,
        }
        self.process = subprocess.Popen([sys.executable, "-m", "oneway", "up", "--full"], env=environment)
        until = time.monotonic() + 90
        while time.monotonic() < until:
            try:
                if Http("127.0.0.1", self.port).call("GET", "/openapi.json")[0] == 200:
                    return
            except OSError:
                time.sleep(0.3)
        raise RuntimeError("the system did not start")

    def stop(self) -> None:
        """Ends everything that was started."""
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)
        self.rabbitmq.stop()
        self.postgres.stop()

    @property
    def demo(self) -> dict[str, Any]:
        """Who can sign in."""
        found: dict[str, Any] = orjson.loads((self.var / "demo.json").read_bytes())["tenants"]
        return found

    def pids(self) -> dict[str, int]:
        """Every process of the system."""
        assert self.postgres.process and self.rabbitmq.process
        return pids(self.var, {"postgres": self.postgres.process.pid, "rabbitmq": self.rabbitmq.process.pid})

    def casts(self, count: int) -> list[Cast]:
        """So many casts, spread over the demo's tenants."""
        codes = list(self.demo)
        return [
            cast("127.0.0.1", self.port, code, self.demo[code]["people"])
            for code in (codes[i % len(codes)] for i in range(count))
        ]


def show_journeys(label: str, times: Times, took: float) -> None:
    """The table of one run."""
    rate = len(times.journeys) / took
    table = Table(
        "call", "n", "p50 ms", "p95 ms", "p99 ms", title=f"{label}: {rate:.1f} journeys/s, {times.failures} failed"
    )
    for what, values in [("journey", times.journeys), *times.calls.items()]:
        row = [f"{percentile(values, share) * 1000:.2f}" for share in (0.5, 0.95, 0.99)]
        table.add_row(what, str(len(values)), *row)
    out.print(table)


def show_usage(before: dict[str, Any], after: dict[str, Any], journeys: int) -> None:
    """What each process took."""
    table = Table("process", "CPU s", "CPU ms / journey", "memory MB")
    for name, (cpu, memory) in after.items():
        used = cpu - before[name][0]
        table.add_row(name, f"{used:.2f}", f"{used * 1000 / max(1, journeys):.2f}", f"{memory:.0f}")
    out.print(table)


def measure(system: System, clients: int) -> None:
    """The journey with so many clients at once."""
    casts = system.casts(clients)
    run(casts, 1.0)
    mine = {**system.pids(), "load generator": os.getpid()}
    before = usage(mine)
    times, took = run(casts, SECONDS)
    show_journeys(f"{clients} client(s)", times, took)
    show_usage(before, usage(mine), len(times.journeys))


def idle(system: System) -> None:
    """What the processes take when nothing happens."""
    time.sleep(2)
    before = usage(system.pids())
    time.sleep(5)
    after = usage(system.pids())
    table = Table("process", "CPU % of a core", title="idle")
    for name in after:
        table.add_row(name, f"{(after[name][0] - before[name][0]) / 5 * 100:.1f}")
    out.print(table)


def main() -> None:
    """Runs everything."""
    with tempfile.TemporaryDirectory() as directory:
        system = System(Path(directory))
        try:
            system.start()
            for clients in (1, 16):
                measure(system, clients)
            idle(system)
        finally:
            system.stop()


if __name__ == "__main__":
    main()
