"""What the system's processes use: CPU seconds and memory, from the operating system's own accounts."""

from __future__ import annotations

import os
from typing import NamedTuple

import psutil

from tests.support import usage as accounts


class Usage(NamedTuple):
    """CPU seconds so far; megabytes of all its processes (proportional set size), and of the largest of them."""

    cpu: float
    memory: float
    largest: float


def usage(processes: dict[str, int]) -> dict[str, Usage]:
    """What each process used with its children, those that have ended among them."""
    cpu, sizes = accounts.cpu(processes), accounts.sizes(processes)
    return {name: Usage(cpu[name], sum(each), max(each)) for name, each in sizes.items()}


def alone() -> Usage:
    """What this process used by itself, without the system that it started."""
    times, memory = os.times(), psutil.Process().memory_full_info().pss / 1e6
    return Usage(times.user + times.system, memory, memory)
