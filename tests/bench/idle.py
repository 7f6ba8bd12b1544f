"""What the processes take when nothing happens: memory, and CPU as a share of a core; beside it all parts in one."""

from __future__ import annotations

import time

from rich.table import Table

from tests.bench.processes import usage
from tests.bench.report import Report
from tests.bench.stage import Stage

_SETTLE = 3.0


def measure(stage: Stage, seconds: float) -> Report:
    """Two tables: the full system's processes, and the embedded system, which is one."""
    report = Report([_table("idle", stage.system.processes(), seconds)])
    with stage.embedded() as embedded:
        report.tables.append(_table("idle, all parts in one process", embedded.processes(), seconds))
    return report


def _table(title: str, processes: dict[str, int], seconds: float) -> Table:
    time.sleep(min(_SETTLE, seconds))
    before = usage(processes)
    time.sleep(seconds)
    table = Table("process", "CPU % of a core", "memory MB", "largest MB", title=title)
    for name, now in usage(processes).items():
        used = (now.cpu - before[name].cpu) / seconds
        table.add_row(name, f"{used * 100:.2f}", f"{now.memory:.0f}", f"{now.largest:.0f}")
    return table
