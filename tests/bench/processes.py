"""What the system's processes use: CPU seconds and memory, from the operating system's own accounts."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

import psutil


class Usage(NamedTuple):
    """CPU seconds so far; megabytes of all its processes (proportional set size), and of the largest of them."""

    cpu: float
    memory: float
    largest: float


def pids(var: Path, servers: dict[str, int]) -> dict[str, int]:
    """The process ids by name: the system's own, and the given servers'."""
    own = {path.stem: int(path.read_text()) for path in sorted((var / "run").glob("*.pid"))}
    return {**own, **servers}


def usage(processes: dict[str, int]) -> dict[str, Usage]:
    """What each process used with its children, those that have ended among them."""
    return {name: _family(psutil.Process(pid)) for name, pid in processes.items()}


def _family(parent: psutil.Process) -> Usage:
    cpu, sizes = 0.0, []
    for process in (parent, *parent.children(recursive=True)):
        try:
            times = process.cpu_times()
            cpu += times.user + times.system + times.children_user + times.children_system
            sizes.append(process.memory_full_info().pss / 1e6)
        except psutil.NoSuchProcess:
            continue
    return Usage(cpu, sum(sizes), max(sizes, default=0.0))


def alone() -> Usage:
    """What this process used by itself, without the system that it started."""
    times, memory = os.times(), psutil.Process().memory_full_info().pss / 1e6
    return Usage(times.user + times.system, memory, memory)
