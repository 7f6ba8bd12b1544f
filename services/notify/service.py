"""The notification service: who is told what, when and by which channel, once."""

from __future__ import annotations

from functools import partial
from typing import Any

from services.notify import claiming, devices, hearing, reporting, settings
from services.notify.waiting import Waiting
from shared.bus import Event, Service, command, on_event, query
from shared.context import Context
from shared.contracts import notify as contract
from shared.contracts.common import Strict
from shared.db import Databases, Tx

_COURIER = "platform_operator"
_ADMIN = "tenant_admin"


class NotifyService(Service):
    """See README.md beside this file for what it owns, listens to and tells."""

    name = "notify"

    def __init__(self) -> None:
        self.waiting: Waiting | None = None

    def begin(self, databases: Databases) -> None:
        """Begins to watch what waits."""
        self.waiting = Waiting(databases)

    def end(self) -> None:
        """Watches no more."""
        if self.waiting:
            self.waiting.end()

    # -- what others tell ---------------------------------------------------------------------------

    @on_event("*.desk")
    def told(self, tx: Tx, event: Event) -> None:
        """A service says what a subject of its puts on people's desks."""
        hearing.apply(tx, event)
        if self.waiting:
            tx.after_commit(partial(self.waiting.suspect, tx.tenant))

    # -- the courier --------------------------------------------------------------------------------

    @command(contract.Claim, roles=(_COURIER,))
    def claim(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """Messages that are due, leased to the caller, as `Claims`."""
        return claiming.claim(tx, data["channel"], data["limit"], data["lease"])

    @command(contract.Report, roles=(_COURIER,))
    def report(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """What came of messages: `{taken: how many}` of the outcomes changed something."""
        return reporting.report(tx, data["channel"], data["results"])

    @command(contract.Unsubscribe, roles=(_COURIER,))
    def unsubscribe(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """No mail of a topic any more for who has followed the link in one."""
        settings.unsubscribe(tx, data["person"], data["topic"])
        return {"unsubscribed": True}

    # -- one's own ----------------------------------------------------------------------------------

    @query(Strict)
    def settings(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """The caller's settings and devices, as `Settings`."""
        return settings.view(tx, ctx)

    @command(contract.SaveSettings)
    def save_settings(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """Changes the caller's settings, as `Settings`."""
        settings.save(tx, ctx, data)
        return settings.view(tx, ctx)

    @command(contract.Subscribe)
    def subscribe(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """The caller's browser is told by push from now on; `{id}` of the device."""
        return devices.add(tx, ctx, data)

    @command(contract.DeviceQuery)
    def remove_device(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """One of the caller's browsers is told no more."""
        return devices.remove(tx, ctx, data["id"])

    @command(contract.DeviceQuery)
    def test_device(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """Sends a message to one of the caller's browsers, to see whether it comes."""
        return devices.test(tx, ctx, data["id"])

    @command(Strict)
    def clear_bounce(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """The caller's address is tried again."""
        return reporting.clear_bounce(tx, ctx.person)

    # -- the tenant's -------------------------------------------------------------------------------

    @query(Strict, roles=(_ADMIN,))
    def minimum(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """What nobody can switch off, as `Minimum`."""
        return settings.minimum(tx)

    @command(contract.SaveMinimum, roles=(_ADMIN,))
    def save_minimum(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """Changes what nobody can switch off, as `Minimum`."""
        return settings.save_minimum(tx, data)

    @query(contract.FailuresQuery, roles=(_ADMIN,))
    def failures(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """One page of the messages that did not reach their person, as `FailurePage`."""
        return reporting.failures(tx, data)
