"""A collector that is away holds nobody up: the work goes on, the queue is bounded, and the process ends."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack

import orjson
import pytest

REQUESTS = 2_000
_ENDED_WITHIN = 60


@pytest.fixture(scope="module")
def silent() -> Iterator[socket.socket]:
    """Takes connections, and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        yield found


@pytest.fixture(scope="module")
def ended(silent: socket.socket) -> dict[tuple[str, str], tuple[dict[str, int], str]]:
    """What each process said and logged, by what it runs on and where its collector is; all at the same time."""
    with socket.create_server(("127.0.0.1", 0)) as closed:
        refusing = closed.getsockname()[1]
    ports = {"refusing": refusing, "silent": silent.getsockname()[1]}
    found = {}
    with ExitStack() as stack:
        processes = {
            (green, where): stack.enter_context(working(green, port))
            for green in ("eventlet", "gevent")
            for where, port in ports.items()
        }
        for key, process in processes.items():
            out, err = process.communicate(timeout=_ENDED_WITHIN)
            assert process.returncode == 0, err
            found[key] = orjson.loads(out), err
    return found


def working(green: str, port: int) -> subprocess.Popen[str]:
    """The work in a process of its own."""
    command = [sys.executable, "-W", "ignore", "-m", "tests.integration.tracing.away", green, str(REQUESTS)]
    environment = {**os.environ, "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{port}"}
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.mark.parametrize("where", ["refusing", "silent"])
@pytest.mark.parametrize("green", ["eventlet", "gevent"])
def test_all_work_is_done_while_the_first_batch_is_not_sent_yet(
    ended: dict[tuple[str, str], tuple[dict[str, int], str]], green: str, where: str
) -> None:
    said, logged = ended[green, where]
    assert said["made"] > 2 * said["most"]
    assert said["most"] - 64 <= said["queued"] <= said["most"]
    # It is told of, but not for every span.
    assert len(logged.splitlines()) <= 3, logged


def test_a_silent_collector_had_been_reached(
    silent: socket.socket, ended: dict[tuple[str, str], tuple[dict[str, int], str]]
) -> None:
    silent.settimeout(5)
    for _ in range(2):
        connection, _ = silent.accept()
        with connection:
            connection.settimeout(5)
            assert connection.recv(20).startswith(b"POST /v1/traces")
