"""What the processes take when nothing happens: memory, and CPU as a share of a core."""

from __future__ import annotations

import time

from rich.table import Table

from tests.bench.processes import usage
from tests.bench.report import Report
from tests.bench.stage import Stage

_SETTLE = 3.0


def measure(stage: Stage, seconds: float) -> Report:
    """One table."""
    processes = stage.system.processes()
    time.sleep(min(_SETTLE, seconds))
    before = usage(processes)
    time.sleep(seconds)
    after = usage(processes)
    table = Table("process", "CPU % of a core", "memory MB", "largest MB", title="idle")
    for name, now in after.items():
        used = (now.cpu - before[name].cpu) / seconds
        table.add_row(name, f"{used * 100:.2f}", f"{now.memory:.0f}", f"{now.largest:.0f}")
    return Report([table])
