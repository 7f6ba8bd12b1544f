"""보고경로부: the route of a document as it is shown, with the times of each step."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, select

from services.approval import processes
from services.approval.domain import places, route
from services.approval.domain.route import Run
from services.approval.models import Opening, Process
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

Readings = dict[tuple[int, int], datetime]
"""When the document was first opened at a step, by submission and place on the line (from 1)."""


def shown(tx: Tx, ctx: Context, document: str, opened: bool) -> dict[str, Any] | None:
    """The route as `Route`; None where the document has no process (yet). Raises `NotFound` for who may not read it.

    Who was on an earlier run and is on the line no longer sees the runs up to theirs.

    With `opened`, the reading time of the caller's active step is noted; the first one counts.
    """
    rows = tx.execute(_ROUTE, {"of_document": document}).all()
    if not rows:
        return None
    row = rows[0]
    readings = _readings(rows)
    if not processes.readable(ctx, row):
        return _earlier_route(tx, ctx, row, readings)
    run = run_of(row)
    turn = route.turn_of(run, ctx.person)
    if opened and turn is not None and (run.submission, turn + 1) not in readings:
        readings[run.submission, turn + 1] = tx.now
        tx.note(Opening, id=tx.new_id(), document=document, submission=run.submission, step=turn + 1, at=tx.now)
    runs = [run, *(processes.earlier(tx, document) if run.submission > 1 else ())]
    return _route(row, runs, readings, route.may(run, ctx.person, row.drafter["id"] == ctx.person))


def _earlier_route(tx: Tx, ctx: Context, row: Row[Any], readings: Readings) -> dict[str, Any]:
    """The runs up to the last the caller was on. Raises `NotFound` where there is none."""
    runs = processes.earlier(tx, row.document)
    while runs and not route.is_on(runs[0], ctx.person):
        del runs[0]
    if not runs:
        raise NotFound("document")
    return _route(row, runs, readings, [])


def _route(row: Row[Any], runs: list[Run], readings: Readings, may: list[str]) -> dict[str, Any]:
    submissions = [_submission(run, row.drafter, readings) for run in runs]
    return {"document": row.document, "state": runs[0].state, "submissions": submissions, "may": may}


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
