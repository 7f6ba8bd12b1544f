"""The courier: claims what is due from the service that decided it, has it carried, and reports what came of it.

Each gateway process has one for each channel that is set up, so that a mail server that stalls holds up no push. A
tenant is asked when its next message is due, when the service tells of something new, and every ten minutes.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from flask import Flask
from prometheus_client import Gauge

from gateway.core import backend, health
from gateway.core.backend import Backend
from gateway.core.format import moment
from gateway.notify.carriers import Carrier, Doc, Outcome, Route
from shared import log
from shared.context import Context, system
from shared.contracts.notify import TOPIC
from shared.errors import Problem
from shared.ids import new_id
from shared.tenants import Tenant

# Messages of one claim, and the seconds nobody else sends them.
_AT_ONCE = 10
_LEASE = 300
# Seconds between two looks at a tenant: when nothing was told, when it was, and after something went wrong.
_LONGEST, _SHORTEST, _AFTER_TROUBLE = 600.0, 1.0, 15.0
# Claims of one tenant before the next has its turn.
_IN_A_ROW = 10
# Seconds after which a report that did not reach the service is made once more.
_REPORT_AGAIN = (1, 2, 4, 8, 15, 30, 60)
_log = log.get("notify.courier")
_ROUND = Gauge(
    "oneway_courier_round_seconds",
    "When a courier last went round all tenants, in seconds since the epoch",
    ["channel"],
    multiprocess_mode="livemax",
)


class Courier:
    """Carries one channel's messages of all tenants."""

    def __init__(self, app: Flask, carrier: Carrier, *, sleep: Callable[[float], None] = time.sleep) -> None:
        self._app = app
        self._reached: Backend = backend.of(app)
        self._carrier = carrier
        self._sleep = sleep
        self._due: dict[str, float] = {}
        self._woken: set[str] = set()
        self._wake = threading.Event()

    def start(self) -> None:
        """Begins, for as long as the process lives."""
        self._reached.client.on_live(self.told, self.missed)
        threading.Thread(target=self._forever, name=f"courier-{self._carrier.channel}", daemon=True).start()

    def told(self, told: Doc) -> None:
        """Listens to the live channel."""
        if told["topic"] == TOPIC:
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
                _log.error("courier_failed", exc_info=error)
                pause = _AFTER_TROUBLE
            self._wake.wait(pause)
            # What is told meanwhile waits for the next round: one claim for many events.
            self._sleep(_SHORTEST)
            self._wake.clear()

    def round(self) -> float:
        """Carries what is due in every tenant; seconds until the next thing is."""
        woken, self._woken = self._woken, set()
        tenants = self._reached.registry.active()
        self._due = {tenant.code: self._due.get(tenant.code, 0.0) for tenant in tenants}
        for tenant in tenants:
            if health.is_leaving(self._app):
                # What is claimed now might be sent and not reported.
                return _LONGEST
            if (rest := self._carrier.rests()) > 0:
                self._woken |= woken
                return rest
            if tenant.code in woken or self._due.get(tenant.code, 0.0) <= time.monotonic():
                self._due[tenant.code] = time.monotonic() + self._serve(tenant)
        _ROUND.labels(self._carrier.channel).set(time.time())
        return max(_SHORTEST, min([*self._due.values(), time.monotonic() + _LONGEST]) - time.monotonic())

    def _serve(self, tenant: Tenant) -> float:
        """Carries what is due in one tenant; seconds until its next message is."""
        context = replace(system(tenant.code), request_id=new_id())
        asked = {"channel": self._carrier.channel, "limit": _AT_ONCE, "lease": _LEASE}
        try:
            for _ in range(_IN_A_ROW):
                found = self._reached.client.call("notify", "claim", context, asked)
                if not found["items"]:
                    return _until(moment(found["next"]))
                self._deliver(tenant, context, found["items"])
                if self._carrier.rests():
                    break
        except Problem as problem:
            _log.warning("courier_failed", tenant=tenant.code, channel=self._carrier.channel, problem=problem.slug)
            return _AFTER_TROUBLE
        return _SHORTEST

    def _deliver(self, tenant: Tenant, context: Context, messages: list[Doc]) -> None:
        people = {"ids": sorted({message["person"] for message in messages})}
        addresses = self._reached.client.call("directory", "addresses", context, people, repeatable=True)
        route = Route(self._app, self._reached.settings, tenant, addresses)
        for message, outcome in self._carrier.carry(route, messages):
            # Each by itself: a process that ends repeats one message, and not all of a claim.
            self._report(context, _result(message, outcome, addresses))

    def _report(self, context: Context, result: dict[str, Any]) -> None:
        """Reports, again and again for two minutes where the service is away: what was sent is not to be sent again."""
        report = {"channel": self._carrier.channel, "results": [result]}
        for pause in (*_REPORT_AGAIN, None):
            try:
                self._reached.client.call("notify", "report", context, report, repeatable=True)
                return
            except Problem:
                if pause is None:
                    raise
                self._sleep(pause)
                # The service takes what was signed a moment ago.
                context = replace(context, request_id=new_id())


def _result(message: Doc, outcome: Outcome, addresses: Doc) -> dict[str, Any]:
    address = addresses.get(message["person"], {}).get("email", "") if outcome[0] == "bounced" else ""
    return {
        "id": message["id"],
        "lease": message["lease"],
        "outcome": outcome[0],
        "reason": outcome[1],
        "address": address,
    }


def _until(due: datetime | None) -> float:
    if due is None:
        return _LONGEST
    return min(_LONGEST, max(_SHORTEST, (due - datetime.now(UTC)).total_seconds()))
