"""The approval service: from the submission along the line to the decision."""

from __future__ import annotations

from typing import Any

from marshmallow import EXCLUDE

from services.approval import boxes, desk, lines, processes, routes
from services.approval.domain import saved
from shared.bus import Event, Service, command, on_event, query
from shared.context import Context
from shared.contracts import approval as contract
from shared.contracts.common import Retell, Strict
from shared.contracts.documents import Submitted
from shared.db import Tx
from shared.errors import Invalid, Poison
from shared.retelling import retell

_SUBMITTED = Submitted(unknown=EXCLUDE)


class ApprovalService(Service):
    """See README.md beside this file for what it owns, listens to and tells."""

    name = "approval"

    # -- what the documents service tells -----------------------------------------------------------

    @on_event("documents.submitted")
    def start(self, tx: Tx, event: Event) -> None:
        """Begins the run; an older submission than the present one, or the same again, is passed over."""
        bad = _SUBMITTED.validate(event.data)
        if bad:
            raise Poison(f"malformed submission: {bad}")
        try:
            processes.start(tx, event.data)
        except ValueError as error:
            raise Poison(str(error)) from error

    # -- acts ---------------------------------------------------------------------------------------

    @command(contract.Decide, wait_for=processes.arrived)
    def decide(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """Approves (승인) or returns (반려) at the caller's active step, as `DecisionResult`."""
        return processes.decide(tx, ctx, processes.locked(tx, data["document"]), data)

    @command(contract.Withdraw, wait_for=processes.arrived)
    def withdraw(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """Takes back (회수) what the caller has submitted, before the first decision; as `DecisionResult`."""
        return processes.withdraw(tx, ctx, processes.locked(tx, data["document"]), data["reason"])

    # -- reading ------------------------------------------------------------------------------------

    @query(contract.RouteQuery)
    def route(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any] | None:
        """The route of a document, as `Route`; null where there is none."""
        return routes.shown(tx, ctx, data["document"], data["opened"])

    @query(contract.ApprovalBoxQuery)
    def box(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """One page of a box, as `ApprovalPage`."""
        return boxes.page(tx, ctx, data)

    # -- saved lines --------------------------------------------------------------------------------

    @query(Strict)
    def saved_lines(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """`{items: [SavedLine]}`: the caller's own, by name."""
        rows = lines.every(tx, ctx)
        on_them = sorted({person for row in rows for person in saved.ids(row.steps)})
        people = self.people(ctx, on_them) if on_them else {}
        return {"items": [lines.view(row.id, row.name, row.steps, people) for row in rows]}

    @command(contract.SaveLine)
    def save_line(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """Keeps a line under a name, in place of the one of this name; as `SavedLine`."""
        people = self.people(ctx, list(dict.fromkeys(step["person"] for step in data["steps"])))
        steps, bad = saved.resolved(data["steps"], people)
        if bad:
            raise Invalid(bad)
        return lines.view(lines.save(tx, ctx, data["name"], steps), data["name"], steps, people)

    @command(contract.SavedLineQuery)
    def delete_line(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """Deletes one of the caller's saved lines."""
        lines.remove(tx, ctx, data["id"])
        return {"id": data["id"], "deleted": True}

    # -- told anew ----------------------------------------------------------------------------------

    @command(Retell, roles=("platform_operator",))
    def retell(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """Tells again of a batch of processes, as `Retell` describes."""
        return retell(tx, data, {"desk": desk.retell})
