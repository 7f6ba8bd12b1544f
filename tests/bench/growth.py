"""What the same calls take when there is more and more: their times one after the other, and by how much they grew."""

from __future__ import annotations

import time
from collections.abc import Mapping

from rich.table import Table

from tests.bench.http import Http
from tests.bench.report import milliseconds, ratio
from tests.support.numbers import percentile

# A run of so many seconds is to show that it works, for which a little of everything is enough.
_SHORT = 2.0
_SHORT_MOST = 200


def sizes(seconds: float, *sizes: int) -> list[int]:
    """How much there is to be in a run of so many seconds."""
    return list(sizes) if seconds > _SHORT else [min(size, _SHORT_MOST * (n + 1)) for n, size in enumerate(sizes)]


def timings(http: Http, calls: Mapping[str, str], seconds: float) -> dict[str, list[float]]:
    """Each call again and again, in turns."""
    found: dict[str, list[float]] = {what: [] for what in calls}
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        for what, path in calls.items():
            began = time.perf_counter()
            status, answer = http.call("GET", path)
            found[what].append(time.perf_counter() - began)
            assert status == 200, answer
    return found


def growth(of: str, taken: Mapping[str, dict[str, list[float]]], title: str) -> Table:
    """A line for each call with so many of what it is `of`, as `timings`, and by how much it grew since the first."""
    table = Table("call", of, "p50 ms", "p95 ms", "p50 grown by", title=title)
    first, *_ = taken
    for what in taken[first]:
        for many, times in taken.items():
            grown = ratio(percentile(times[what], 0.5), percentile(taken[first][what], 0.5)) if many != first else ""
            table.add_row("" if grown else what, many, *milliseconds(times[what], 0.5, 0.95), grown)
    return table
