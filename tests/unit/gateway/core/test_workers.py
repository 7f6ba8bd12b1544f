"""Several gateway workers tell of their requests together, whichever of them is asked."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
import requests

from oneway.servers import free_port
from tests.support.waiting import until

ROOT = Path(__file__).parents[4]
COUNT = r'^oneway_http_seconds_count\{method="GET",route="/healthz",status="2xx"\} (\S+)$'


class Gateway:
    """gunicorn with two workers and an application of the gateway's own health."""

    def __init__(self, var: Path) -> None:
        self.port = free_port()
        environment = {**os.environ, "ONEWAY_MODE": "full", "ONEWAY_VAR": str(var), "ONEWAY_PORT": str(self.port)}
        command = [sys.executable, "-m", "gunicorn", "-c", "python:gateway.gunicorn_conf"]
        self.process = subprocess.Popen(
            [*command, "tests.unit.gateway.core.workers_app:app"],
            cwd=ROOT,
            env={**environment, "ONEWAY_WORKERS": "2"},
            stderr=subprocess.DEVNULL,
        )
        until(self._answers)

    def _answers(self) -> bool:
        assert self.process.poll() is None
        with contextlib.suppress(requests.RequestException):
            return self.get("/readyz").status_code == 200 and len(self.workers()) == 2
        return False

    def get(self, path: str) -> requests.Response:
        """An answer over a connection of its own, so that either worker may give it."""
        return requests.get(f"http://127.0.0.1:{self.port}{path}", timeout=30)

    def workers(self) -> list[psutil.Process]:
        """The processes that answer."""
        return psutil.Process(self.process.pid).children()

    def counted(self) -> float:
        """How many requests to `/healthz` there were, as it says itself."""
        found = re.search(COUNT, self.get("/metrics").text, re.M)
        return float(found[1]) if found else 0.0


@pytest.fixture
def gateway(tmp_path: Path) -> Iterator[Gateway]:
    found = Gateway(tmp_path)
    yield found
    found.process.terminate()
    found.process.wait(30)


def test_any_worker_answers_for_all_and_one_that_ends_takes_nothing_away(gateway: Gateway) -> None:
    for _ in range(20):
        gateway.get("/healthz")
    assert [gateway.counted() for _ in range(6)] == [20] * 6
    text = gateway.get("/metrics").text
    assert len(re.findall(r"^oneway_build_info\{.*\} 1\.0$", text, re.M)) == 1
    assert 'oneway_ready{service="gateway"} 1.0' in text

    killed = gateway.workers()[0]
    killed.send_signal(signal.SIGKILL)
    until(lambda: len(gateway.workers()) == 2 and killed.pid not in {w.pid for w in gateway.workers()})
    for _ in range(10):
        gateway.get("/healthz")
    assert [gateway.counted() for _ in range(6)] == [30] * 6
    # A worker that is no more is not ready, and does not make the others look so.
    assert 'oneway_ready{service="gateway"} 1.0' in gateway.get("/metrics").text
