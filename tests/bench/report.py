"""What a section of the benchmarks hands back: its tables, and what failed while it ran."""

from __future__ import annotations

from dataclasses import dataclass, field

from rich.console import Console
from rich.table import Table

from tests.support.numbers import percentile


@dataclass
class Report:
    """Tables in the order they are to be read; `failures` in words, empty when all went well."""

    tables: list[Table] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def show(self, out: Console) -> None:
        """Prints it."""
        for table in self.tables:
            out.print(table)
        for failure in self.failures[:5]:
            out.print(f"failed: {failure[:300]}", markup=False)


def milliseconds(values: list[float], *shares: float) -> list[str]:
    """The percentiles of values in seconds, as cells in milliseconds."""
    return [f"{percentile(values, share) * 1000:.2f}" for share in shares]


def ratio(value: float, base: float) -> str:
    """How many times `base` the value is, as a cell."""
    return f"{value / base:.2f}" if base else "–"
