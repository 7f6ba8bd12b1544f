"""What the system's processes use: CPU seconds and memory, from the operating system's own accounts."""

from __future__ import annotations

from pathlib import Path

import psutil


def pids(var: Path, servers: dict[str, int]) -> dict[str, int]:
    """The process ids by name: the system's own, and the given servers'."""
    own = {path.stem: int(path.read_text()) for path in sorted((var / "run").glob("*.pid"))}
    return {**own, **servers}


def usage(processes: dict[str, int]) -> dict[str, tuple[float, float]]:
    """For each process with its children: CPU seconds so far, and memory in MB (proportional set size)."""
    found = {}
    for name, pid in processes.items():
        try:
            family = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
        except psutil.NoSuchProcess:
            continue
        cpu = memory = 0.0
        for process in family:
            try:
                times = process.cpu_times()
                cpu += times.user + times.system
                memory += process.memory_full_info().pss
            except psutil.NoSuchProcess:
                continue
        found[name] = (cpu, memory / 1e6)
    return found


