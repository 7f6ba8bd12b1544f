"""Rounds: what a gateway process does for every tenant when it is due there, as couriers do.

A tenant is asked when its next thing is due, when a service tells of something new, and every ten minutes.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from flask import Flask
from prometheus_client import Gauge

from gateway.core import backend, health
from gateway.core.backend import Backend
from gateway.core.format import moment
from shared import log
from shared.errors import Problem
from shared.tenants import Tenant

# Seconds between two looks at a tenant: when nothing was told, when it was, and after something went wrong.
LONGEST, SHORTEST, AFTER_TROUBLE = 600.0, 1.0, 15.0
# Seconds after which a report that did not reach the service is made once more.
_REPORT_AGAIN = (1, 2, 4, 8, 15, 30, 60)
_log = log.get("rounds")
_ROUND = Gauge(
    "oneway_courier_round_seconds",
    "When a courier last went round all tenants, in seconds since the epoch",
    ["channel"],
    multiprocess_mode="livemax",
)


class Rounds:
    """Goes round all tenants in a thread of its own.

    `serve` does what is due in a tenant and answers the seconds until its next thing is; `topic` is what the live
    channel tells of something new; `rests` says for how many seconds nothing is to be begun.
    """

    def __init__(
        self,
        app: Flask,
        channel: str,
        topic: str,
        serve: Callable[[Tenant], float],
        *,
        rests: Callable[[], float] = lambda: 0.0,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._app = app
        self._reached: Backend = backend.of(app)
        self._channel = channel
        self._topic = topic
        self._serve = serve
        self._rests = rests
        self._sleep = sleep
        self._due: dict[str, float] = {}
        self._woken: set[str] = set()
        self._wake = threading.Event()

    def start(self) -> None:
        """Begins, for as long as the process lives."""
        self._reached.client.on_live(self.told, self.missed)
        threading.Thread(target=self._forever, name=f"courier-{self._channel}", daemon=True).start()

    def told(self, told: Mapping[str, Any]) -> None:
        """Listens to the live channel."""
        if told["topic"] == self._topic:
            self._woken.add(told["tenant"])
            self._wake.set()

    def missed(self) -> None:
        """Something may have been told that was not heard: everybody is asked."""
        self._due.clear()
        self._wake.set()

    def _forever(self) -> None:
        while True:
            try:
                pause = self.round()
            except Exception as error:
                # Whatever it was, the next round is due.
                _log.error("courier_failed", channel=self._channel, exc_info=error)
                pause = AFTER_TROUBLE
            self._wake.wait(pause)
            # What is told meanwhile waits for the next round: one claim for many events.
            self._sleep(SHORTEST)
            self._wake.clear()

    def round(self) -> float:
        """Does what is due in every tenant; seconds until the next thing is."""
        woken, self._woken = self._woken, set()
        tenants = self._reached.registry.active()
        self._due = {tenant.code: self._due.get(tenant.code, 0.0) for tenant in tenants}
        for tenant in tenants:
            if health.is_leaving(self._app):
                # What is claimed now might be sent and not reported.
                return LONGEST
            if (rest := self._rests()) > 0:
                self._woken |= woken
                return rest
            if tenant.code in woken or self._due.get(tenant.code, 0.0) <= time.monotonic():
                self._due[tenant.code] = time.monotonic() + self._served(tenant)
        _ROUND.labels(self._channel).set(time.time())
        return max(SHORTEST, min([*self._due.values(), time.monotonic() + LONGEST]) - time.monotonic())

    def _served(self, tenant: Tenant) -> float:
        try:
            return self._serve(tenant)
        except Problem as problem:
            _log.warning("courier_failed", tenant=tenant.code, channel=self._channel, problem=problem.slug)
            return AFTER_TROUBLE


def insist(tell: Callable[[], object], sleep: Callable[[float], None] = time.sleep) -> None:
    """Tells again and again for two minutes where the service is away: what was sent is not to be sent again.

    Raises the last `Problem`.
    """
    for pause in (*_REPORT_AGAIN, None):
        try:
            tell()
            return
        except Problem:
            if pause is None:
                raise
            sleep(pause)


def until(due: str | None) -> float:
    """Seconds until a moment, as `serve` answers them."""
    at = moment(due)
    return LONGEST if at is None else min(LONGEST, max(SHORTEST, (at - datetime.now(UTC)).total_seconds()))
