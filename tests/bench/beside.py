"""`python -m tests.bench.beside <another working tree>`: the journeys of two versions, in turns on one machine.

Both systems run at once, each with servers of its own, and only one at a time is asked for anything, for a few seconds:
a machine whose speed changes is as fast for the one as for the other. The other tree needs a `.venv` of its own and its
pages built (`make assets`).
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
from rich.console import Console
from rich.table import Table

HERE = Path(__file__).parents[2]
CLIENTS = (16, 1)
ROUNDS, SECONDS = 8, 4.0


@dataclass
class Tree:
    """One version, with its system running in a process of its own (`tests/bench/beside_child.py`)."""

    path: Path
    rates: dict[int, list[float]] = field(default_factory=dict)
    medians: dict[int, list[float]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        command = [str(self.path / ".venv/bin/python"), "-P", str(HERE / "tests/bench/beside_child.py")]
        environment = {**os.environ, "PYTHONPATH": str(self.path)}
        self._child = subprocess.Popen(
            command, cwd=self.path, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self._heard()

    def _heard(self) -> Any:
        assert self._child.stdout
        line = self._child.stdout.readline()
        if not line:
            raise SystemExit(f"the system of {self.path} ended")
        return orjson.loads(line)

    def go(self, clients: int) -> None:
        """So many clients go on journeys for some seconds. Ends the program where one of them fails."""
        assert self._child.stdin
        self._child.stdin.write(orjson.dumps([clients, SECONDS]) + b"\n")
        self._child.stdin.flush()
        rate, median, failures = self._heard()
        if failures:
            raise SystemExit(f"{self.path}: {failures}")
        self.rates.setdefault(clients, []).append(rate)
        self.medians.setdefault(clients, []).append(median)

    def stop(self) -> None:
        """Ends its system."""
        assert self._child.stdin
        self._child.stdin.close()
        self._child.wait()


def main() -> None:
    """Prints rates, median times and their ratio."""
    before, now = trees = [Tree(Path(sys.argv[1]).resolve()), Tree(HERE)]
    try:
        for clients in CLIENTS:
            for turn in range(ROUNDS):
                for tree in trees if turn % 2 else reversed(trees):
                    tree.go(clients)
        table = Table("clients", "there, journeys/s", "here", "here / there", "there, p50 ms", "here")
        for clients in CLIENTS:
            rates = [statistics.mean(tree.rates[clients]) for tree in trees]
            medians = [statistics.median(tree.medians[clients]) * 1000 for tree in trees]
            ratio = f"{rates[1] / rates[0]:.2f}"
            table.add_row(str(clients), f"{rates[0]:.1f}", f"{rates[1]:.1f}", ratio, *(f"{m:.0f}" for m in medians))
        Console(width=120).print(table)
    finally:
        for tree in (before, now):
            tree.stop()


if __name__ == "__main__":
    main()
