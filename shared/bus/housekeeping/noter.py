"""The noter: rows that nobody waits for (`Tx.note`) are written together, a moment after they were noted."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from shared.bus.housekeeping.part import Look, Part
from shared.db import Databases

# Seconds in which more comes together before it is written.
_GATHER = 0.25

Note = tuple[Any, dict[str, Any]]


class Noter(Part):
    """Writes what the transactions of this process noted."""

    name = "noter"

    def __init__(self, service: str, databases: Databases, look: Look) -> None:
        super().__init__(service, databases, _GATHER)
        self._look = look
        self._notes: defaultdict[str, list[Note]] = defaultdict(list)

    def add(self, tenant: str, notes: list[Note]) -> None:
        """Rows to be written, as model and values."""
        self._notes[tenant].extend(notes)
        self.wake()

    def due(self) -> float:
        """See `Part`."""
        return 0.0 if self._notes else float("inf")

    def work(self) -> None:
        """See `Part`."""
        self.each(list(self._notes), self._write)

    def drop(self, tenant: str) -> None:
        """See `Part`."""
        self._notes.pop(tenant, None)

    def _write(self, tenant: str) -> None:
        notes = self._notes.pop(tenant)
        by_model: defaultdict[Any, list[dict[str, Any]]] = defaultdict(list)
        for model, values in notes:
            by_model[model].append(values)
        try:
            with self.databases.write(self.as_itself(tenant), whatever_state=True) as tx:
                for model, rows in by_model.items():
                    tx.insert_many(model, rows)
                self._look(tx)
        except BaseException:
            self._notes[tenant][:0] = notes
            raise
