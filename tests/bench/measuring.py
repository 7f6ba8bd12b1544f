"""What measuring costs: CPU of a call and of an event with and without the metrics, and of a scrape with many tenants.

In one process, without a bus, on SQLite: the least there is beside the metrics. CPU time, so that what else the machine
does takes no part in it; with and without take turns.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from typing import Any
from unittest import mock

from rich.table import Table

from services.approval.figures import DECIDED, LEAD, STEP
from services.desk.service import DeskService
from shared import metrics, scrape
from shared.testing import LocalService, context
from tests.bench.report import Report, ratio
from tests.bench.stage import Stage

_ROUNDS, _TENANTS = 20, 100


class _Nothing:
    """Takes what is measured and keeps nothing."""

    def __init__(self, *_: Any) -> None: ...

    def observe(self, _: float) -> None:
        """See `Histogram`."""

    def inc(self, _: float = 1) -> None:
        """See `Counter`."""

    def __enter__(self) -> None: ...

    def __exit__(self, *_: object) -> None: ...


@contextlib.contextmanager
def unmeasured(service: LocalService) -> Iterator[None]:
    """Nothing is measured meanwhile."""
    nothing = _Nothing()
    with (
        mock.patch.object(metrics, "series", lambda *_: nothing),
        mock.patch.object(metrics, "timed", _Nothing),
        mock.patch.object(service._runtime.databases, "_waits", nothing),
    ):
        yield


def _cpu(work: Callable[[], object], seconds: float) -> tuple[float, int]:
    began, count = time.process_time(), 0
    while time.process_time() - began < seconds:
        work()
        count += 1
    return time.process_time() - began, count


def _compare(service: LocalService, work: Callable[[], object], seconds: float) -> tuple[float, float]:
    """CPU seconds of one piece of work, with and without."""
    took, counts = [0.0, 0.0], [0, 0]
    for turn in range(2 * _ROUNDS):
        without = turn % 2
        with unmeasured(service) if without else contextlib.nullcontext():
            spent, count = _cpu(work, seconds / _ROUNDS / 2)
        took[without] += spent
        counts[without] += count
    return took[0] / counts[0], took[1] / counts[1]


def _scrape() -> tuple[float, int]:
    """CPU seconds and lines of a scrape where so many tenants have decided documents."""
    for number in range(_TENANTS):
        metrics.begin(f"t{number}")
        metrics.series(DECIDED, f"t{number}", "approved").inc()
        metrics.series(LEAD, f"t{number}").observe(3600)
        for role in ("review", "cooperate", "decide"):
            metrics.series(STEP, f"t{number}", role).observe(600)
    began = time.process_time()
    text = scrape.exposition()
    return time.process_time() - began, text.count(b"\n")


def measure(stage: Stage, seconds: float) -> Report:
    """One table of calls and events, one of a scrape."""
    report = Report()
    table = Table("work", "with µs", "without µs", "ratio", title="CPU with and without metrics")
    with LocalService(DeskService) as service:
        ctx = context()
        for name, work in (
            ("a query", lambda: service.call("counts", ctx)),
            ("an event nobody handles", lambda: service.deliver("bench.happened", {})),
        ):
            found = _compare(service, work, seconds / 2)
            table.add_row(name, *(f"{each * 1e6:.0f}" for each in found), ratio(*found))
    report.tables.append(table)
    spent, lines = _scrape()
    table = Table("tenants", "lines", "ms of CPU", title="A scrape")
    table.add_row(str(_TENANTS), str(lines), f"{spent * 1000:.0f}")
    report.tables.append(table)
    return report
