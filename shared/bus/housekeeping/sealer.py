"""The sealer: rows of the record are written with what they tell of, and get their seals a moment later."""

from __future__ import annotations

from collections import defaultdict

from shared import metrics
from shared.bus.housekeeping.part import Look, Part
from shared.db import Databases, audit
from shared.ids import made_at
from shared.metrics import series

# Seconds in which more comes together before the record is sealed.
_GATHER = 1.0


class Sealer(Part):
    """Seals what this process wrote, and what the sweep found."""

    name = "sealer"

    def __init__(self, service: str, databases: Databases, look: Look) -> None:
        super().__init__(service, databases, _GATHER)
        self._look = look
        self._unsealed: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
        self._sealing: dict[str, list[tuple[str, str]]] = {}

    def add(self, tenant: str, rows: list[tuple[str, str]]) -> None:
        """Rows to be sealed, as id and digest, in their order."""
        self._unsealed[tenant].extend(rows)
        self.wake()

    def waiting(self, tenant: str) -> set[str]:
        """The ids of the rows of a tenant that are to be sealed here."""
        return {id_ for id_, _ in (*self._sealing.get(tenant, ()), *self._unsealed.get(tenant, ()))}

    def unsealed(self) -> tuple[int, float]:
        """How many rows wait, and when the oldest was written, in seconds since the epoch."""
        kept = (*list(self._sealing.values()), *list(self._unsealed.values()))
        ids = [id_ for rows in kept for id_, _ in rows]
        return len(ids), made_at(min(ids)) if ids else 0.0

    def due(self) -> float:
        """See `Part`."""
        return 0.0 if self._unsealed else float("inf")

    def work(self) -> None:
        """See `Part`."""
        self.each(list(self._unsealed), self._seal)

    def drop(self, tenant: str) -> None:
        """See `Part`."""
        self._unsealed.pop(tenant, None)

    def _seal(self, tenant: str) -> None:
        rows = self._sealing[tenant] = self._unsealed.pop(tenant)
        try:
            with self.databases.write(self.as_itself(tenant), whatever_state=True) as tx:
                seq, head = audit.seal(tx, self.databases.ground, tx.keys.record, rows)
                self._look(tx)
        except BaseException:
            self._unsealed[tenant][:0] = rows
            raise
        finally:
            del self._sealing[tenant]
        series(metrics.SEALED, self.service).inc(len(rows))
        # The head in the log is an anchor outside the database: cutting off the chain's end shows.
        self.log.debug("record_sealed", tenant=tenant, seq=seq, head=head)
