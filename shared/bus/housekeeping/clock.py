"""The clock: what a service has set itself an alarm for is done when it is due (`shared.alarms`)."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime

from shared.bus.housekeeping.part import Part
from shared.db import Databases
from shared.db.databases import SERVED

# Seconds between two looks for alarms that another process of the service has set, and may not live to see.
_LOOK = 300.0

# Does what is due in a tenant, and says when the next alarm is.
Ring = Callable[[str], datetime | None]


class Clock(Part):
    """Knows of each tenant when its next alarm is due. Several processes of a service may: each alarm goes off once."""

    name = "clock"

    def __init__(self, service: str, databases: Databases, ring: Ring) -> None:
        super().__init__(service, databases, gather=0.0)
        self._ring = ring
        self._next: dict[str, float] = {}
        self._look_at = float("-inf")

    def expect(self, tenant: str, at: datetime) -> None:
        """An alarm was set in a tenant."""
        if at.timestamp() < self._next.get(tenant, float("inf")):
            self._next[tenant] = at.timestamp()
            self.wake()

    def due(self) -> float:
        """See `Part`."""
        # What is due may be so by a clock that was set: it is looked at by this one.
        first = min(self._next.values(), default=float("inf")) - time.time()
        return min(first, self._look_at - time.monotonic())

    def work(self) -> None:
        """Every tenant now and then, and those in which something is due."""
        if time.monotonic() >= self._look_at:
            self._look_at = time.monotonic() + _LOOK
            self._next |= {tenant.code: 0.0 for tenant in self.databases.registry.all() if tenant.state in SERVED}
        now = time.time()
        for tenant in [tenant for tenant, at in self._next.items() if at <= now]:
            if self.stopping:
                return
            del self._next[tenant]
            if not self.guard(tenant, self._look_into):
                self._next.setdefault(tenant, time.time() + 1.0)

    def drop(self, tenant: str) -> None:
        """See `Part`."""
        self._next.pop(tenant, None)

    def _look_into(self, tenant: str) -> None:
        following = self._ring(tenant)
        if following is not None:
            self.expect(tenant, following)
