"""보고경로부: the route of a document as it is shown, with the times of each step."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from services.approval import processes
from services.approval.domain import places, route
from services.approval.domain.route import Run
from services.approval.models import EarlierRun, Opening, Process
from services.approval.rows import RUN, run_of
from shared.context import Context
from shared.db import Tx
from shared.errors import NotFound

_ROUTE = (
    select(
        Process.__table__, Opening.submission.label("opened_submission"), Opening.step, Opening.at.label("opened_at")
    )
    .outerjoin(Opening, Opening.document == Process.document)
    .where(Process.document == bindparam("of_document"))
)
_EARLIER = (
    select(EarlierRun.__table__)
    .where(EarlierRun.document == bindparam("of_document"))
    .order_by(EarlierRun.submission.desc())
)

Readings = dict[tuple[int, int], datetime]
"""When the document was first opened at a step, by submission and place on the line (from 1)."""


def shown(tx: Tx, ctx: Context, document: str, opened: bool) -> dict[str, Any] | None:
    """The route as `Route`; None where the document has no process (yet). Raises `NotFound` for who may not read it.

    With `opened`, the reading time of the caller's active step is noted; the first one counts.
    """
    rows = tx.execute(_ROUTE, {"of_document": document}).all()
    if not rows:
        return None
    row = rows[0]
    if not processes.readable(ctx, row):
        raise NotFound("document")
    readings = _readings(rows)
    run = run_of(row)
    turn = route.turn_of(run, ctx.person)
    if opened and turn is not None and (run.submission, turn + 1) not in readings:
        readings[run.submission, turn + 1] = tx.now
        tx.note(Opening, id=tx.new_id(), document=document, submission=run.submission, step=turn + 1, at=tx.now)
    runs = [run]
    if run.submission > 1:
        runs += map(run_of, tx.execute(_EARLIER, {"of_document": document}).all())
    return {
        "document": document,
        "state": run.state,
        "submissions": [_submission(run, row.drafter, readings) for run in runs],
        "may": route.may(run, ctx.person, row.drafter["id"] == ctx.person),
    }


def _readings(rows: Any) -> Readings:
    found: Readings = {}
    for row in rows:
        if row.opened_at is not None:
            key = (row.opened_submission, row.step)
            found[key] = min(row.opened_at, found.get(key, row.opened_at))
    return found


def _submission(run: Run, drafter: dict[str, Any], readings: Readings) -> dict[str, Any]:
    """One run as `Submission`: the drafter's step (기안) as number 0, then the line."""
    bound = {"version": run.version, "content_hash": run.content_hash}
    at = run.submitted_at
    drafted = {"order": 0, "role": places.DRAFT, "parallel": False, "person": drafter, "state": "approved"}
    drafted |= {"opinion": "", "active_at": at, "read_at": None, "decided_at": at, **bound}
    steps = [
        {"order": order, "read_at": readings.get((run.submission, order)), **step.kept()}
        for order, step in enumerate(run.steps, 1)
    ]
    return {name: getattr(run, name) for name in RUN} | {"steps": [drafted, *steps]}
