"""`make bench`: measures the full system and prints a table for each question. All on this machine, started by itself.

Which sections run: the arguments, or `BENCH` (split by spaces), or all. `BENCH_SECONDS` is how long each measurement
takes (10).
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable

from rich.console import Console

from tests.bench import (
    calendar_sync,
    calendars,
    framework,
    idle,
    journal_month,
    journeys,
    latency,
    measuring,
    memo_volume,
    memos,
    minutes,
    request_tree,
    rpc,
    volume,
)
from tests.bench.report import Report
from tests.bench.stage import Stage

# In this order: what fills the database comes last.
SECTIONS: dict[str, Callable[[Stage, float], Report]] = {
    "rpc": rpc.measure,
    "framework": framework.measure,
    "measuring": measuring.measure,
    "idle": idle.measure,
    "journeys": journeys.measure,
    "latency": latency.measure,
    "memos": memos.measure,
    "minutes": minutes.measure,
    "volume": volume.measure,
    "request_tree": request_tree.measure,
    "journal_month": journal_month.measure,
    "memo_volume": memo_volume.measure,
    "calendars": calendars.measure,
    "calendar_sync": calendar_sync.measure,
}


def main() -> None:
    """Runs the sections asked for; ends with 1 when anything failed while it was measured."""
    asked = sys.argv[1:] or os.environ.get("BENCH", "").split() or list(SECTIONS)
    unknown = [name for name in asked if name not in SECTIONS]
    if unknown:
        raise SystemExit(f"no such section: {', '.join(unknown)} (there are: {', '.join(SECTIONS)})")
    seconds = float(os.environ.get("BENCH_SECONDS", "10"))
    out, failed = Console(width=120), False
    with Stage() as stage:
        for name in (name for name in SECTIONS if name in asked):
            began = time.monotonic()
            report = SECTIONS[name](stage, seconds)
            out.rule(f"{name} ({time.monotonic() - began:.0f} s)")
            report.show(out)
            failed = failed or bool(report.failures)
    raise SystemExit(int(failed))


if __name__ == "__main__":
    main()
