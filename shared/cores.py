"""How many cores this process may use: in a container that is seldom all of the machine's."""

from __future__ import annotations

import os
from pathlib import Path

# Linux, control groups version 2: microseconds of CPU in each period, or "max" (Kernel: admin-guide/cgroup-v2).
_LIMIT = Path("/sys/fs/cgroup/cpu.max")


def cores(limit: Path = _LIMIT) -> int:
    """At least one; a part of a core counts as one."""
    able = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    try:
        quota, period = limit.read_text().split()
    except (OSError, ValueError):
        return able
    return able if quota == "max" else max(1, min(able, -(-int(quota) // int(period))))
