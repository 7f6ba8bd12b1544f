"""What the system's processes use: CPU seconds and memory, from the operating system's own accounts."""

from __future__ import annotations

from pathlib import Path

import psutil

# CPU seconds so far, and megabytes (proportional set size: shared pages are shared out).
Usage = tuple[float, float]


def pids(var: Path, servers: dict[str, int]) -> dict[str, int]:
    """The process ids by name: the system's own, and the given servers'."""
    own = {path.stem: int(path.read_text()) for path in sorted((var / "run").glob("*.pid"))}
    return {**own, **servers}


def usage(processes: dict[str, int]) -> dict[str, Usage]:
    """What each process used, with its children, those that have ended among them."""
    return {name: _family(psutil.Process(pid)) for name, pid in processes.items()}


def _family(parent: psutil.Process) -> Usage:
    cpu = memory = 0.0
    for process in (parent, *parent.children(recursive=True)):
        try:
            times = process.cpu_times()
            cpu += times.user + times.system + times.children_user + times.children_system
            memory += process.memory_full_info().pss
        except psutil.NoSuchProcess:
            continue
    return cpu, memory / 1e6
