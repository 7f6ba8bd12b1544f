"""Processes as they are kept: begun by a submission, moved by decisions, told of by events."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NoReturn

from sqlalchemy import Row, bindparam, delete, select, update

from services.approval import desk, figures
from services.approval.domain import route
from services.approval.domain import steps as lines
from services.approval.domain.places import Place as Standing
from services.approval.domain.places import places
from services.approval.domain.route import Run
from services.approval.domain.steps import Step
from services.approval.models import Decision, EarlierRun, Place, Process
from services.approval.rows import RUN, run_of
from shared import audience
from shared.context import Context
from shared.db import Tx
from shared.errors import Conflict, Forbidden, NotFound

_LOCKED = select(Process.__table__).where(Process.document == bindparam("of_document")).with_for_update()
_EARLIER = (
    select(EarlierRun.__table__)
    .where(EarlierRun.document == bindparam("of_document"))
    .order_by(EarlierRun.submission.desc())
)
# The columns to set are the other parameters these are executed with.
_UPDATE = update(Process).where(Process.document == bindparam("of_document"))
_MOVE = (
    update(Place)
    .where(Place.document == bindparam("of_document"), Place.person == bindparam("of_person"))
    .values(role=bindparam("to_role"), state=bindparam("to_state"), at=bindparam("moved_at"))
)
_CLEAR = delete(Place).where(Place.document == bindparam("of_document"))
_FORGET = delete(Decision).where(
    Decision.document == bindparam("of_document"), Decision.person == bindparam("of_person")
)
_TOLD = ("document", "title", "drafter")


def arrived(tx: Tx, asked: dict[str, Any]) -> bool:
    """Whether a run is here that can be moved; after one that was sent back, its next submission may be on its way."""
    row = tx.once(_locked, asked["document"])
    return row is not None and row.state not in ("returned", "withdrawn")


def locked(tx: Tx, document: str) -> Row[Any]:
    """The process of a document, to be changed in this transaction. Raises `NotFound`."""
    row = tx.once(_locked, document)
    if row is None:
        raise NotFound("document")
    return row


def _locked(tx: Tx, document: str) -> Row[Any] | None:
    return tx.execute(_LOCKED, {"of_document": document}).first()


def readable(ctx: Context, row: Row[Any]) -> bool:
    """Whether the caller may open the document of this row, and so see its route."""
    open_to = audience.of_document(
        participants=row.participants,
        department_id=row.drafter["department_id"],
        scope=row.reading_scope,
        closed=row.closed,
        decided=row.state == "approved",
    )
    return audience.may_read(ctx, open_to)


def earlier(tx: Tx, document: str) -> list[Run]:
    """The runs before the present one, the latest first."""
    return [run_of(row) for row in tx.execute(_EARLIER, {"of_document": document}).all()]


def refuse(tx: Tx, ctx: Context, row: Row[Any], detail: str) -> NoReturn:
    """Raises `Forbidden` for who may read the document or was on an earlier run of it, `NotFound` for all others."""
    known = readable(ctx, row) or any(route.is_on(run, ctx.person) for run in earlier(tx, row.document))
    raise Forbidden(detail) if known else NotFound("document")


# -- submitted --------------------------------------------------------------------------------------


def start(tx: Tx, told: dict[str, Any]) -> None:
    """Begins the run that a submission (`Submitted`) asks for; nothing where it, or a later one, is known already.

    Raises `ValueError` for a line that no process can run along, or a time that has no zone.
    """
    submitted_at = datetime.fromisoformat(told["submitted_at"])
    if submitted_at.tzinfo is None:
        raise ValueError("submitted at a time without a zone")
    submitted = Run(
        submission=told["submission"],
        version=told["version"],
        content_hash=told["content_hash"],
        submitted_at=submitted_at,
        steps=lines.from_line(told["line"]),
    )
    document, row = told["document"], _locked(tx, told["document"])
    if row is not None and submitted.submission <= row.submission:
        return
    run = route.begin(submitted, tx.now)
    drafter = told["drafter"]["id"]
    on_line = {step.person["id"] for step in run.steps}
    values = _kept(run) | {
        "title": told["title"],
        "drafter": told["drafter"],
        "reading_scope": told["reading_scope"],
        "closed": told["disclosure"].get("class") == "closed",
        "participants": sorted({drafter, *on_line}),
        "sequence": row.sequence + 1 if row else 1,
    }
    if row is None:
        tx.insert(Process, document=document, **values)
    else:
        _keep_earlier(tx, row)
        tx.change(_UPDATE, {"of_document": document, **values})
    standing = places(run, drafter)
    tx.insert_many(
        Place,
        [
            {"document": document, "person": p, "role": s.role, "state": s.state, "at": s.at}
            for p, s in standing.items()
        ],
    )
    bound = {"submission": run.submission, "version": run.version, "content_hash": run.content_hash}
    line = [{"person": step.person["id"], "role": step.role, "parallel": step.parallel} for step in run.steps]
    tx.audit("approval.started", subject=document, after=bound | {"line": line})
    desk.tell(tx, {name: told[name] for name in _TOLD}, run, values["sequence"])


def _keep_earlier(tx: Tx, row: Row[Any]) -> None:
    """Keeps the run before as it ended. One still open is overtaken by what its drafter has submitted since."""
    run = run_of(row)
    if run.state == route.OPEN:
        run = route.close(run, "withdrawn", tx.now)
        tx.change(_CLEAR, {"of_document": row.document})
    tx.insert(EarlierRun, document=row.document, **_kept(run))


# -- moved ------------------------------------------------------------------------------------------


def decide(tx: Tx, ctx: Context, row: Row[Any], asked: dict[str, Any]) -> dict[str, Any]:
    """The caller's decision on the locked process, as `DecisionResult`.

    Raises `Forbidden`, `NotFound` or `Conflict` where the caller may not decide now, `Conflict` (`other-version`)
    where another version is under decision than the caller has looked at.
    """
    before = run_of(row)
    if not route.is_on(before, ctx.person):
        refuse(tx, ctx, row, "not on the line")
    action, opinion = asked["action"], asked["opinion"]
    run, index = route.decide(before, ctx.person_ref, action, opinion, tx.now)
    if asked["version"] not in (None, run.version):
        raise Conflict("other-version", f"version {run.version} is under decision", current=run.version)
    step = run.steps[index]
    _keep_decision(tx, row, before, step)
    _move(tx, row, before, run)
    was = {"state": before.state, "step": before.steps[index].state}
    record = {"submission": run.submission, "step": index + 1, "role": step.role, "action": action, "opinion": opinion}
    record |= {"version": run.version, "content_hash": run.content_hash, "state": run.state}
    tx.audit("approval.step.decided", row.document, was, record | {"active_at": step.active_at})
    decision = {"person": step.person, "role": step.role, "action": action, "opinion": opinion, "at": tx.now}
    if run.state != route.OPEN:
        _ended(tx, row.document, run, row.sequence + 1, decision)
    desk.tell(tx, {name: getattr(row, name) for name in _TOLD}, run, row.sequence + 1)
    figures.decided(tx, run, step)
    return {"document": row.document, "state": run.state, "step": index + 1, "decided_at": tx.now}


def _keep_decision(tx: Tx, row: Row[Any], before: Run, step: Step) -> None:
    person = step.person["id"]
    has_decided = any(s.decided_at and s.person["id"] == person for s in before.steps)
    if before.submission > 1 or has_decided:
        tx.change(_FORGET, {"of_document": row.document, "of_person": person})
    values = {"title": row.title, "role": step.role, "state": step.state, "at": tx.now}
    tx.insert(Decision, document=row.document, person=person, **values)


def withdraw(tx: Tx, ctx: Context, row: Row[Any], reason: str) -> dict[str, Any]:
    """Takes the locked process back (회수) for its drafter, as `DecisionResult`. Raises as `decide` does."""
    if row.drafter["id"] != ctx.person:
        refuse(tx, ctx, row, "drafter")
    before = run_of(row)
    run = route.withdraw(before, reason, tx.now)
    _move(tx, row, before, run)
    after = {"submission": run.submission, "version": run.version, "content_hash": run.content_hash, "reason": reason}
    tx.audit("approval.withdrawn", row.document, {"state": before.state}, after)
    _ended(tx, row.document, run, row.sequence + 1)
    desk.tell(tx, {name: getattr(row, name) for name in _TOLD}, run, row.sequence + 1, before)
    figures.withdrawn(tx, run)
    return {"document": row.document, "state": run.state, "step": None, "decided_at": tx.now}


def _move(tx: Tx, row: Row[Any], before: Run, run: Run) -> None:
    """Keeps the run and what it changes in people's boxes."""
    tx.change(_UPDATE, {"of_document": row.document, "sequence": row.sequence + 1, **_kept(run)})
    drafter = row.drafter["id"]
    stood, stands = places(before, drafter), places(run, drafter)
    if not stands:
        tx.change(_CLEAR, {"of_document": row.document})
    tx.change(_MOVE, *(_moved(row.document, p, place) for p, place in stands.items() if place != stood[p]))


def _moved(document: str, person: str, place: Standing) -> dict[str, Any]:
    values = {"to_role": place.role, "to_state": place.state, "moved_at": place.at}
    return {"of_document": document, "of_person": person, **values}


def _kept(run: Run) -> dict[str, Any]:
    return {name: getattr(run, name) for name in RUN} | {"steps": [step.kept() for step in run.steps]}


def _ended(tx: Tx, document: str, run: Run, sequence: int, decision: dict[str, Any] | None = None) -> None:
    """Emits `approval.<state>` (`Ended`)."""
    told = {
        "document": document,
        "sequence": sequence,
        "submission": run.submission,
        "version": run.version,
        "content_hash": run.content_hash,
        "state": run.state,
        "decision": decision,
    }
    tx.emit(f"approval.{run.state}", subject=document, data=told)
