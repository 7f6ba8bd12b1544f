"""What waits in a service's tables, over all its tenants: asked of the databases, seldom and not for long."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy import func, select

from shared import log
from shared.context import Context
from shared.db import Databases, Tx
from shared.errors import Problem

# Seconds between two looks, and how long one is waited for.
_EVERY, _SEEN_WITHIN = 10.0, 1.0


@dataclass(frozen=True)
class Waiting:
    """How many of a kind wait in one tenant, and since when the oldest does, in seconds since the epoch.

    Where none waits yet: from when on one will.
    """

    count: int
    since: float
    kind: str = ""


Ask = Callable[[Tx], Sequence[Waiting]]


class Backlog:
    """Looks at the tenants in use here and at those where something was seen, once it waits.

    `ask` finds what waits in a tenant: events in the outbox unless told otherwise. Every other tenant has nothing
    that this process knows of: what another one left that ended meanwhile is found by a sweep, which suspects it.
    """

    def __init__(self, service: str, databases: Databases, ask: Ask | None = None) -> None:
        self._databases = databases
        self._ask = ask or self._outbox
        self._suspects: set[str] = set()
        self._looked_into: set[str] = set()
        self._waiting: dict[str, Sequence[Waiting]] = {}
        self._looked_at = 0.0
        self._whole = False
        self._tried_at = float("-inf")
        self._seen = threading.Event()
        self._seen.set()
        self._log = log.get("backlog").bind(service=service)

    def suspect(self, tenant: str, *, again: bool = True) -> None:
        """Something may wait in this tenant; `again`: also where it was looked into before."""
        if again:
            self._looked_into.discard(tenant)
        if tenant not in self._looked_into:
            self._suspects.add(tenant)

    def look(self, kind: str = "") -> tuple[int, float] | None:
        """How many of a kind wait, and the age of the oldest in seconds; None before anything is known.

        At the most every ten seconds the databases are asked, beside the caller, who waits a second at the most.
        While they are away, what was known grows older.
        """
        if self._seen.is_set() and time.monotonic() - self._tried_at > _EVERY:
            self._tried_at = time.monotonic()
            self._seen.clear()
            threading.Thread(target=self._look, name="backlog", daemon=True).start()
        self._seen.wait(_SEEN_WITHIN)
        if not self._looked_at:
            return None
        of_kind = [w for found in list(self._waiting.values()) for w in found if w.kind == kind and w.count]
        now = self._looked_at if self._whole else time.time()
        return sum(w.count for w in of_kind), max((now - w.since for w in of_kind), default=0.0)

    def _look(self) -> None:
        self._whole = False
        try:
            now = time.time()
            for tenant in dict.fromkeys([*self._databases.in_use(), *self._to_look_at(now)]):
                self._look_at(tenant)
            self._looked_at, self._whole = time.time(), True
        except Exception as error:
            # What one database does not answer the next would not either.
            self._log.info("backlog_not_seen", error=repr(error))
        finally:
            self._seen.set()

    def _to_look_at(self, now: float) -> list[str]:
        """Suspects, but those where it is known from when on something will wait."""
        known = self._looked_into & self._waiting.keys()
        later = {tenant for tenant in known if min(w.since for w in self._waiting[tenant]) > now}
        return list(self._suspects - later)

    def _look_at(self, tenant: str) -> None:
        found: Sequence[Waiting] = ()
        # Otherwise there is no such tenant any more.
        with suppress(Problem), self._databases.read(Context(tenant=tenant), whatever_state=True) as tx:
            found = self._ask(tx)
        self._looked_into.add(tenant)
        if found:
            self._waiting[tenant] = found
            self._suspects.add(tenant)
        else:
            self._waiting.pop(tenant, None)
            self._suspects.discard(tenant)

    def _outbox(self, tx: Tx) -> list[Waiting]:
        outbox = self._databases.ground.outbox
        row = tx.one(select(func.count().label("waiting"), func.min(outbox.c.at).label("since")))
        return [Waiting(row.waiting, row.since.timestamp())] if row and row.waiting else []
