"""`make bench-traces`: what traces and the access log cost a journey, with a collector that is there or away.

The system is started anew for each way, on the same databases, and the ways are gone through `ROUNDS` times. CPU is of
the gateway and the services alone; rates are of this machine, with everything on it.
"""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field

from rich.console import Console
from rich.table import Table

from oneway.servers import free_port
from tests.bench.journey import Times, run
from tests.bench.processes import usage
from tests.bench.report import milliseconds, ratio
from tests.bench.stage import HOST, Stage, System
from tests.support.numbers import percentile

ROUNDS = 2
_WARM_UP = 2.0
_CLIENTS = 16
# The last batch is on its way for so many seconds at the most (OTEL_BSP_SCHEDULE_DELAY).
_SENT_WITHIN = 6.0
_SERVERS = ("postgres", "rabbitmq")


@dataclass
class Found:
    """What was measured in one way, over all rounds."""

    alone: list[float] = field(default_factory=list)
    journeys: int = 0
    took: float = 0.0
    cpu: float = 0.0
    spans: int = 0
    memory: float = 0.0
    failures: list[str] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Journeys a second of many clients."""
        return self.journeys / self.took

    @property
    def each(self) -> float:
        """CPU milliseconds of a journey."""
        return self.cpu / self.journeys * 1000


@contextlib.contextmanager
def sink() -> Iterator[int]:
    """The port of a collector that is there."""
    process = subprocess.Popen([sys.executable, "-m", "tests.bench.sink"], stdout=subprocess.PIPE)
    try:
        assert process.stdout
        yield int(process.stdout.readline())
    finally:
        process.terminate()
        process.wait(10)


def collected(port: int) -> int:
    """How many spans the collector has got since it was asked last."""
    with urllib.request.urlopen(f"http://{HOST}:{port}/", timeout=60) as answer:
        return int(answer.read())


def measure(stage: Stage, environment: dict[str, str], seconds: float, found: Found, port: int) -> None:
    """One round in one way."""
    system = System(stage.directory / "system", stage.postgres, stage.rabbitmq, **environment)
    system.start()
    try:
        casts = system.casts(_CLIENTS)
        run(casts, min(_WARM_UP, seconds))
        alone, _ = run(casts[:1], seconds)
        time.sleep(_SENT_WITHIN)
        collected(port)
        processes = {name: pid for name, pid in system.processes().items() if name not in _SERVERS}
        before = usage(processes)
        many, took = run(casts, seconds)
        after = usage(processes)
        time.sleep(_SENT_WITHIN)
        _add(found, alone, many, took)
        found.cpu += sum(after[name].cpu - before[name].cpu for name in processes)
        found.memory = max(found.memory, *(one.largest for one in after.values()))
        found.spans += collected(port)
        for cast in casts:
            cast.close()
    finally:
        system.stop()


def _add(found: Found, alone: Times, many: Times, took: float) -> None:
    found.alone += alone.journeys
    found.journeys += len(many.journeys)
    found.took += took
    found.failures += alone.failures + many.failures


def ways(there: int, silent: int) -> dict[str, dict[str, str]]:
    """The environment of each way."""

    def to(port: int, **more: str) -> dict[str, str]:
        return {"OTEL_EXPORTER_OTLP_ENDPOINT": f"http://{HOST}:{port}", **more}

    some = {"OTEL_TRACES_SAMPLER": "parentbased_traceidratio", "OTEL_TRACES_SAMPLER_ARG": "0.05"}
    return {
        "off": {},
        "all collected": to(there),
        "1 in 20 collected": to(there, **some),
        "collector refuses": to(free_port()),
        "collector is silent": to(silent),
        "access log, no traces": {"ONEWAY_ACCESS_LOG": "true"},
    }


def table(results: dict[str, Found]) -> Table:
    """A row for each way, with its ratios to the first."""
    shown = Table(
        *("traces", "1 client p50 ms", "p95 ms", "× off"),
        *("16 clients: journeys/s", "× off", "CPU ms/journey", "× off", "spans/journey", "largest MB"),
        title="what a journey costs",
    )
    off = results["off"]
    for name, one in results.items():
        shown.add_row(
            name,
            *milliseconds(one.alone, 0.5, 0.95),
            ratio(percentile(one.alone, 0.5), percentile(off.alone, 0.5)),
            f"{one.rate:.1f}",
            ratio(one.rate, off.rate),
            f"{one.each:.1f}",
            ratio(one.each, off.each),
            f"{one.spans / one.journeys:.1f}",
            f"{one.memory:.0f}",
        )
    return shown


def main() -> None:
    """Prints the table; ends with 1 when anything failed while it was measured."""
    seconds = float(os.environ.get("BENCH_SECONDS", "10"))
    with Stage() as stage, sink() as there, socket.create_server((HOST, 0)) as silent:
        todo = ways(there, silent.getsockname()[1])
        results = {name: Found() for name in todo}
        for _ in range(ROUNDS):
            for name, environment in todo.items():
                measure(stage, environment, seconds, results[name], there)
    out = Console(width=160)
    out.print(table(results))
    failures = [failure for found in results.values() for failure in found.failures]
    for failure in failures[:5]:
        out.print(f"failed: {failure[:300]}", markup=False)
    raise SystemExit(int(bool(failures)))


if __name__ == "__main__":
    main()
