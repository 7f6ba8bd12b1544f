"""What the approval service counts for each tenant. Times are by the calendar: nights and holidays are in them."""

from __future__ import annotations

from datetime import datetime

from services.approval.domain.route import Run
from services.approval.domain.steps import Step
from shared.db import Tx
from shared.metrics import tenant_counter, tenant_histogram

DECIDED = tenant_counter(
    "oneway_documents_decided_total", "Submissions that ended", outcome=("approved", "returned", "withdrawn")
)
LEAD = tenant_histogram("oneway_decision_seconds", "From a submission to its last approval")
STEP = tenant_histogram("oneway_step_seconds", "From a person's turn to the decision, by role on the line", "role")


def decided(tx: Tx, run: Run, step: Step) -> None:
    """One step of the run was decided, and the run with it where it was the last one, or a return."""
    if step.active_at and step.decided_at:
        tx.observe(STEP, _between(step.active_at, step.decided_at), step.role)
    if run.ended_at:
        tx.count(DECIDED, run.state)
        if run.state == "approved":
            tx.observe(LEAD, _between(run.submitted_at, run.ended_at))


def withdrawn(tx: Tx, run: Run) -> None:
    """The run was taken back by its drafter."""
    tx.count(DECIDED, run.state)


def _between(start: datetime, end: datetime) -> float:
    """Seconds; the two may have been written by two machines' clocks."""
    return max(0.0, (end - start).total_seconds())
