"""What the four parts have in common: a thread each, so that one that is stuck or fails holds up no other."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable

from shared import log, metrics
from shared.context import Context
from shared.db import Databases, Tx
from shared.errors import Problem
from shared.metrics import series

# Seconds after which a part that has nothing to do shows that it is alive.
_ALIVE = 60.0
# Seconds until what failed is tried again.
_AGAIN = 0.25

# A look around in a tenant in which somebody is at work, with the transaction of a part.
Look = Callable[[Tx], None]


class Part:
    """A part of the housekeeping of one service. It rests until it is woken, or until its next piece of work is due.

    `gather` in seconds: how long more is let come together before it sets to work.
    """

    name: str

    def __init__(self, service: str, databases: Databases, gather: float) -> None:
        self.service = service
        self.databases = databases
        self.stopping = False
        self.log = log.get("housekeeping").bind(service=service, part=self.name)
        self._gather = gather
        self._wake = threading.Event()
        self._failed = False
        self._thread = threading.Thread(target=self._run, name=f"{service}-{self.name}", daemon=True)

    def start(self) -> None:
        """Begins to work in the background."""
        series(metrics.HOUSEKEEPING_FAILED, self.service, self.name)
        self._succeeded()
        self._thread.start()

    @property
    def runs(self) -> bool:
        """Whether it works in the background."""
        return self._thread.is_alive()

    def tell_to_stop(self) -> None:
        """What has been gathered is still done; `join` waits for that."""
        self.stopping = True
        self._wake.set()

    def join(self, until: float) -> None:
        """Waits for the end, no longer than `until` by the monotonic clock."""
        self._thread.join(max(0.0, until - time.monotonic()))

    def wake(self) -> None:
        """There is something to do."""
        self._wake.set()

    def due(self) -> float:
        """Seconds until there is something to do, as things stand: 0 at once."""
        raise NotImplementedError

    def work(self) -> None:
        """Does what there is to do."""
        raise NotImplementedError

    def drop(self, tenant: str) -> None:
        """There is no such tenant any more."""
        raise NotImplementedError

    def each(self, tenants: Iterable[str], work: Callable[[str], None]) -> None:
        """Does one piece of work for each tenant; where it fails for one, the others have their turn."""
        for tenant in tenants:
            self.guard(tenant, work)

    def guard(self, tenant: str, work: Callable[[str], None]) -> bool:
        """Does one piece of work for a tenant; whether nothing of it is left to be done."""
        try:
            work(tenant)
            return True
        except Problem as problem:
            self.log.error("tenant_gone", tenant=tenant, problem=problem.slug)
            self.drop(tenant)
            return True
        except Exception as error:
            self._note_failure()
            self.log.warning("housekeeping_failed", tenant=tenant, work=work.__name__, error=repr(error))
            time.sleep(_AGAIN)
            return False

    @staticmethod
    def as_itself(tenant: str) -> Context:
        """In whose name the ground works for a tenant."""
        return Context(tenant=tenant)

    def _run(self) -> None:
        while not self.stopping:
            self._rest()
            self._round()
        self._round()

    def _rest(self) -> None:
        due = self.due()
        if due > 0 and not self.stopping:
            self._wake.wait(min(due, _ALIVE))
        if not self.stopping:
            time.sleep(self._gather)
        self._wake.clear()

    def _round(self) -> None:
        self._failed = False
        try:
            self.work()
        except Exception as error:
            # Whatever it was, the next round is due: without this thread its work would stay undone.
            self._note_failure()
            self.log.error("housekeeping_failed", exc_info=error)
            time.sleep(_AGAIN)
        if not self._failed:
            self._succeeded()

    def _note_failure(self) -> None:
        self._failed = True
        series(metrics.HOUSEKEEPING_FAILED, self.service, self.name).inc()

    def _succeeded(self) -> None:
        series(metrics.HOUSEKEEPING_SUCCEEDED, self.service, self.name).set(time.time())
