"""The courier: claims what is due from the service that decided it, has it carried, and reports what came of it.

Each gateway process has one for each channel that is set up, so that a mail server that stalls holds up no push.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flask import Flask

from gateway.core import backend, rounds
from gateway.core.backend import Backend
from gateway.core.rounds import Rounds
from gateway.notify.carriers import Carrier, Doc, Outcome, Route
from shared.context import Context, system
from shared.contracts.notify import TOPIC
from shared.ids import new_id
from shared.tenants import Tenant

# Messages of one claim, and the seconds nobody else sends them.
_AT_ONCE = 10
_LEASE = 300
# Claims of one tenant before the next has its turn.
_IN_A_ROW = 10


class Courier:
    """Carries one channel's messages of all tenants."""

    def __init__(self, app: Flask, carrier: Carrier, *, sleep: Callable[[float], None] = time.sleep) -> None:
        self._app = app
        self._reached: Backend = backend.of(app)
        self._carrier = carrier
        self._sleep = sleep
        self.rounds = Rounds(app, carrier.channel, TOPIC, self._serve, rests=carrier.rests, sleep=sleep)

    def start(self) -> None:
        """Begins, for as long as the process lives."""
        self.rounds.start()

    def round(self) -> float:
        """Carries what is due in every tenant; seconds until the next thing is."""
        return self.rounds.round()

    def _serve(self, tenant: Tenant) -> float:
        """Carries what is due in one tenant; seconds until its next message is."""
        context = replace(system(tenant.code), request_id=new_id())
        asked = {"channel": self._carrier.channel, "limit": _AT_ONCE, "lease": _LEASE}
        for _ in range(_IN_A_ROW):
            found = self._reached.client.call("notify", "claim", context, asked)
            if not found["items"]:
                return rounds.until(found["next"])
            self._deliver(tenant, context, found["items"])
            if self._carrier.rests():
                break
        return rounds.SHORTEST

    def _deliver(self, tenant: Tenant, context: Context, messages: list[Doc]) -> None:
        people = {"ids": sorted({message["person"] for message in messages})}
        addresses = self._reached.client.call("directory", "addresses", context, people, repeatable=True)
        route = Route(self._app, self._reached.settings, tenant, addresses)
        for message, outcome in self._carrier.carry(route, messages):
            # Each by itself: a process that ends repeats one message, and not all of a claim.
            self._report(context, _result(message, outcome, addresses))

    def _report(self, context: Context, result: dict[str, Any]) -> None:
        report = {"channel": self._carrier.channel, "results": [result]}

        def tell() -> None:
            # The service takes what was signed a moment ago.
            signed = replace(context, request_id=new_id())
            self._reached.client.call("notify", "report", signed, report, repeatable=True)

        rounds.insist(tell, self._sleep)


def _result(message: Doc, outcome: Outcome, addresses: Doc) -> dict[str, Any]:
    address = addresses.get(message["person"], {}).get("email", "") if outcome[0] == "bounced" else ""
    return {
        "id": message["id"],
        "lease": message["lease"],
        "outcome": outcome[0],
        "reason": outcome[1],
        "address": address,
    }
