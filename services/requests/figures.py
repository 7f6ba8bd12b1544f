"""What the requests service counts for each tenant. Times are by the calendar: nights and holidays are in them."""

from __future__ import annotations

from services.requests.domain import due as dues
from services.requests.domain.request import Request
from services.requests.domain.states import ASKED, DONE, FINISHED
from shared.db import Tx
from shared.metrics import tenant_counter, tenant_histogram

ASKED_TOTAL = tenant_counter("oneway_requests_asked_total", "Requests asked", kind=("request", "instruction"))
ENDED = tenant_counter(
    "oneway_requests_ended_total",
    "Requests that ended, and whether what was done was late against the last date",
    outcome=("on_time", "late", "withdrawn"),
)
ACCEPTED = tenant_histogram("oneway_request_accept_seconds", "From asking to the first acceptance")
LEAD = tenant_histogram("oneway_request_lead_seconds", "From asking to handing in what was good")


def asked(tx: Tx, request: Request) -> None:
    """One was asked."""
    tx.count(ASKED_TOTAL, request.kind)


def moved(tx: Tx, before: Request, after: Request) -> None:
    """One is in another state than before."""
    if before.state == ASKED and after.state not in (*FINISHED, "declined") and after.asked_at:
        tx.observe(ACCEPTED, max(0.0, (tx.now - after.asked_at).total_seconds()))
    if after.state == DONE:
        found = times(after)
        tx.observe(LEAD, found["lead"])
        tx.count(ENDED, "late" if found["late"] else "on_time")
    elif after.is_finished:
        tx.count(ENDED, after.state)


def times(request: Request) -> dict[str, int]:
    """Of one that is done, in seconds: from asking to handing in, and how late that was."""
    asked_at, handed_in_at = request.asked_at, request.handed_in_at
    if asked_at is None or handed_in_at is None:
        return {"lead": 0, "late": 0, "late_first": 0}
    return {
        "lead": max(0, int((handed_in_at - asked_at).total_seconds())),
        "late": dues.late(request.due.at if request.due else None, handed_in_at),
        "late_first": dues.late(request.first_due.at if request.first_due else None, handed_in_at),
    }
