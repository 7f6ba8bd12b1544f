"""The gateway's RPC client beside nameko's standalone proxy in a pool: the same method of the same service process."""

from __future__ import annotations

import contextlib
import secrets
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import orjson
from rich.table import Table

from tests.bench.report import Report, milliseconds, ratio
from tests.bench.stage import Stage

CALLERS = (1, 16)
RUNS = (("stock", "threads"), ("stock", "gevent"), ("ours", "threads"), ("ours", "gevent"))


@contextlib.contextmanager
def echo_service(url: str, key: str) -> Iterator[int]:
    """The process id of the echo service while it runs."""
    command = [sys.executable, "-W", "ignore", "-m", "tests.bench.echo", url, key]
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    try:
        assert process.stdout and process.stdout.readline() == b"ready\n"
        yield process.pid
    finally:
        process.terminate()
        process.wait(20)


def load(client: str, model: str, callers: int, seconds: float, url: str, key: str) -> dict[str, Any]:
    """What one run of the callers measured."""
    arguments = [client, model, str(callers), str(seconds), url, key]
    command = [sys.executable, "-W", "ignore", "-m", "tests.bench.rpc_load", *arguments]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True, timeout=60 + seconds)
    found: dict[str, Any] = orjson.loads(done.stdout)
    return found


def measure(stage: Stage, seconds: float) -> Report:
    """One table: calls/s and times of each client, and the rate beside the better of the stock pool's two."""
    report = Report()
    table = Table("client", "run by", "callers", "calls/s", "p50 ms", "p95 ms", "× stock", title="RPC echo")
    key = secrets.token_urlsafe(16)
    url = stage.rabbitmq.url
    with echo_service(url, key):
        for callers in CALLERS:
            best_stock = 0.0
            for client, model in RUNS:
                found = load(client, model, callers, seconds, url, key)
                rate = len(found["times"]) / found["took"]
                if client == "stock":
                    best_stock = max(best_stock, rate)
                cells = [client, model, str(callers), f"{rate:.0f}", *milliseconds(found["times"], 0.5, 0.95)]
                table.add_row(*cells, ratio(rate, best_stock) if client == "ours" else "")
                report.failures += found["failures"]
    report.tables.append(table)
    return report
