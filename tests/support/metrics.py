"""What a process tells of itself, as numbers."""

from __future__ import annotations


def total(text: str, metric: str) -> float:
    """The sum of a metric over its labels, in the text of `/metrics`."""
    lines = [line for line in text.splitlines() if line.startswith((f"{metric}{{", f"{metric} "))]
    return sum(float(line.rsplit(" ", 1)[1]) for line in lines)
