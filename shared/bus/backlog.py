"""What waits in a service's outboxes, over all its tenants: asked of the databases, seldom and not for long."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass

from sqlalchemy import func, select

from shared import log
from shared.context import Context
from shared.db import Databases
from shared.errors import Problem

# Seconds between two looks, and how long one is waited for.
_EVERY, _SEEN_WITHIN = 10.0, 1.0


@dataclass(frozen=True)
class Waiting:
    """How many events of one tenant wait, and since when the oldest does, in seconds since the epoch."""

    count: int
    since: float


class Backlog:
    """Looks at the tenants in use here and at those in whose outbox something was seen.

    Of every other tenant this process has published whatever it committed. What another process left there that
    ended meanwhile is found by the sweep, which suspects the tenant then.
    """

    def __init__(self, service: str, databases: Databases) -> None:
        self._databases = databases
        self._suspects: set[str] = set()
        self._looked_into: set[str] = set()
        self._waiting: dict[str, Waiting] = {}
        self._looked_at = 0.0
        self._whole = False
        self._tried_at = float("-inf")
        self._seen = threading.Event()
        self._seen.set()
        self._log = log.get("backlog").bind(service=service)

    def suspect(self, tenant: str, *, again: bool = True) -> None:
        """Something may wait in this tenant's outbox; `again`: also where it was looked into before."""
        if again or tenant not in self._looked_into:
            self._suspects.add(tenant)

    def look(self) -> tuple[int, float] | None:
        """How many events wait, and the age of the oldest in seconds; None before anything is known.

        At the most every ten seconds the databases are asked, beside the caller, who waits a second at the most.
        While they are away, what was known grows older.
        """
        if self._seen.is_set() and time.monotonic() - self._tried_at > _EVERY:
            self._tried_at = time.monotonic()
            self._seen.clear()
            threading.Thread(target=self._ask, name="backlog", daemon=True).start()
        self._seen.wait(_SEEN_WITHIN)
        if not self._looked_at:
            return None
        found = list(self._waiting.values())
        now = self._looked_at if self._whole else time.time()
        return sum(w.count for w in found), max((now - w.since for w in found), default=0.0)

    def _ask(self) -> None:
        self._whole = False
        try:
            for tenant in dict.fromkeys([*self._databases.in_use(), *self._suspects]):
                self._look_at(tenant)
            self._looked_at, self._whole = time.time(), True
        except Exception as error:
            # What one database does not answer the next would not either.
            self._log.info("outbox_not_seen", error=repr(error))
        finally:
            self._seen.set()

    def _look_at(self, tenant: str) -> None:
        outbox = self._databases.ground.outbox
        try:
            with self._databases.read(Context(tenant=tenant), whatever_state=True) as tx:
                row = tx.one(select(func.count().label("waiting"), func.min(outbox.c.at).label("since")))
        except Problem:
            # There is no such tenant any more.
            row = None
        self._looked_into.add(tenant)
        if row is None or not row.waiting:
            self._waiting.pop(tenant, None)
            self._suspects.discard(tenant)
        else:
            self._waiting[tenant] = Waiting(row.waiting, row.since.timestamp())
            self._suspects.add(tenant)
