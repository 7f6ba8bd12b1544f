"""Applies what the approval service tells, and registers what was decided."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, update

from services.documents import catalogue, desk, drafts, figures
from services.documents.domain import history, lifecycle
from services.documents.domain.lifecycle import Standing
from services.documents.domain.registration import production_number
from services.documents.models import Series
from shared.calendar import seoul_year
from shared.db import Tx
from shared.errors import NotFound, Poison
from shared.events import Event

_NEXT = (
    update(Series)
    .where(Series.department_id == bindparam("department"), Series.year == bindparam("in_year"))
    .values(last=Series.last + 1)
    .returning(Series.last)
)


def apply(tx: Tx, event: Event) -> None:
    """Brings a document to the state its route has come to; indifferent to order and to repeats.

    Raises `Poison` for a decision on a document that is not here, or on another content than was submitted.
    """
    told = event.data
    try:
        draft = drafts.locked(tx, told["document"])
    except NotFound as error:
        raise Poison(f"no document {told['document']}") from error
    row = draft.row
    standing = Standing(row.state, row.submission, row.sequence)
    state = lifecycle.after(standing, told["state"], told["submission"], told["sequence"])
    if state is None:
        return
    if state == "approved":
        _require_submitted_content(row, told)
        values = _registered(tx, row, told)
    else:
        values = _sent_back(tx, row, told)
    values |= {"state": state, "sequence": told["sequence"], "updated_at": tx.now}
    drafts.change(tx, row.id, values)
    catalogue.tell(tx, {**row._mapping, **values}, draft.content)


def _require_submitted_content(row: Row[Any], told: dict[str, Any]) -> None:
    if (told["version"], told["content_hash"]) != (row.version, row.content_hash):
        raise Poison(f"document {row.id}: version {told['version']} was decided, {row.version} was submitted")


def _sent_back(tx: Tx, row: Row[Any], told: dict[str, Any]) -> dict[str, Any]:
    decision = told.get("decision") or {}
    person = decision.get("person") or row.drafter
    opinion = {"opinion": decision["opinion"]} if decision.get("opinion") else {}
    entry = history.entry(tx.now, told["state"], person, row.version, submission=row.submission, **opinion)
    tx.audit(
        f"documents.{told['state']}",
        subject=row.id,
        before={"state": row.state},
        after={"version": row.version, "submission": row.submission},
    )
    return {"history": history.with_entry(row.history, entry)}


def _registered(tx: Tx, row: Row[Any], told: dict[str, Any]) -> dict[str, Any]:
    decided = told["decision"]
    # The number is given with the decision [Reg 11]: the year is the decision's, however late it is heard of here.
    year = seoul_year(datetime.fromisoformat(decided["at"]))
    serial = _next_serial(tx, row.department_id, year)
    number = production_number(row.department, serial)
    decision = {name: decided[name] for name in ("person", "at", "opinion")}
    decision |= {"version": row.version, "content_hash": row.content_hash}
    participants = sorted({*row.participants, decided["person"]["id"]})
    entry = history.entry(tx.now, "registered", decided["person"], row.version, number=number)
    tx.audit("documents.registered", subject=row.id, before={"state": row.state}, after={"number": number} | decision)
    desk.registered(tx, row, number, told["sequence"], tx.now, participants)
    tx.count(figures.REGISTERED)
    return {
        "number": number,
        "number_year": year,
        "number_serial": serial,
        "registered_at": tx.now,
        "decision": decision,
        "participants": participants,
        "history": history.with_entry(row.history, entry),
    }


def _next_serial(tx: Tx, department: str, year: int) -> int:
    """The next serial of the department's series. The row stays locked to the commit: no gaps and no doubles."""
    where = {"department": department, "in_year": year}
    serial = tx.execute(_NEXT, where).scalar()
    if serial is None:
        tx.insert_new(Series, department_id=department, year=year, last=0)
        serial = tx.execute(_NEXT, where).scalar()
    assert isinstance(serial, int)
    return serial
