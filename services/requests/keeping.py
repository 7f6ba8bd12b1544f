"""What every change of a request comes to: its rows, its place in lists, the desks, the catalogue, the record."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import bindparam, delete, update

from services.requests import catalogue, desk, figures, reminding, rolling
from services.requests.domain import audience as readers
from services.requests.domain.request import Moved, Part, Request
from services.requests.domain.states import DONE
from services.requests.models import AUDIENCE, Entry, Outcome, Place
from services.requests.models import Extension as ExtensionRow
from services.requests.models import Part as PartRow
from services.requests.models import Request as Row
from services.requests.rows import Kept, part_values
from shared import audience
from shared.calendar import seoul_date
from shared.context import Context
from shared.db import Tx
from shared.errors import Stale

# Sorted behind everything that has a date.
NEVER = datetime(9000, 1, 1, tzinfo=UTC)
_UNPLACE = delete(Place).where(Place.request == bindparam("of_request"))
_UNCOUNT = delete(Outcome).where(Outcome.request == bindparam("of_request"))
# What was said last is kept with the request for its lists.
_WORDS = ("text", "reason")


def begin(tx: Tx, ctx: Context, row: dict[str, Any], request: Request, action: str, detail: dict[str, Any]) -> Kept:
    """Keeps a new request; `row` has what the domain does not know of it."""
    values = {**row, **_columns(request), "version": 1, "sequence": 1, "own": request.own, "progress": request.own}
    tx.insert(Row, id=request.id, **values)
    tx.insert_many(PartRow, [{"request": request.id, "number": p.number, **part_values(p)} for p in request.parts])
    kept = Kept({"id": request.id, **values}, request)
    _enter(tx, ctx, kept, action, detail)
    _place(tx, kept)
    tx.audit(f"requests.{action}", subject=request.id, after=_recorded(kept) | {"title": row["title"]})
    _tell(tx, kept, Moved(request, action, detail))
    figures.asked(tx, request)
    return kept


def save(tx: Tx, ctx: Context, before: Kept, moved: Moved, **columns: Any) -> Kept:
    """Keeps what an act has brought about, and tells; `columns` are further ones that changed with it."""
    if not moved.action:
        return before
    request, was = moved.request, before.request
    values = {**columns, **_columns(request), "version": before.row["version"] + 1}
    values["sequence"] = before.row["sequence"] + 1
    if word := next((moved.detail[name] for name in _WORDS if moved.detail.get(name)), None):
        values["word"] = {"text": word, "person": ctx.person_ref if ctx.person else None, "at": tx.now.isoformat()}
    values |= rolling.progress(tx, request, before.row)
    _keep_extension(tx, was, request)
    tx.change(update(Row).where(Row.id == bindparam("of_id")).values(**values), {"of_id": request.id})
    _keep_parts(tx, was, request)
    kept = Kept({**before.row, **values}, request)
    _enter(tx, ctx, kept, moved.action, moved.detail)
    if _placing(kept) != _placing(before) or readers.of(request) != readers.of(was):
        _place(tx, kept)
    tx.audit(f"requests.{moved.action}", request.id, _recorded(before), _recorded(kept) | {"detail": moved.detail})
    _tell(tx, kept, moved)
    if request.state != was.state:
        _ended(tx, kept, was)
    rolling.up(tx, before.row, kept.row)
    return kept


def _columns(request: Request) -> dict[str, Any]:
    due, first = request.due, request.first_due
    return {
        "kind": request.kind,
        "asker": dict(request.asker),
        "entered_by": dict(request.entered_by) if request.entered_by else None,
        "unconfirmed": request.unconfirmed,
        "state": request.state,
        "urgency": request.urgency,
        "due_at": due.at if due else None,
        "whole_day": bool(due and due.whole_day),
        "first_due_at": first.at if first else None,
        "first_whole_day": bool(first and first.whole_day),
        "extension": request.extension.id if request.extension else None,
        "former": list(request.former),
        "asked_at": request.asked_at,
        "handed_in_at": request.handed_in_at,
        "ended_at": request.ended_at,
    }


def _keep_extension(tx: Tx, was: Request, request: Request) -> None:
    extension = request.extension
    if extension is None or extension == was.extension or extension.before is None:
        return
    tx.insert(
        ExtensionRow,
        id=extension.id,
        request=request.id,
        asker=dict(extension.asker),
        at=extension.at,
        due_at=extension.due.at,
        whole_day=extension.due.whole_day,
        before_at=extension.before.at,
        before_whole_day=extension.before.whole_day,
        reason=extension.reason,
    )


def _keep_parts(tx: Tx, was: Request, request: Request) -> None:
    before: Mapping[int, Part] = {part.number: part for part in was.parts}
    for part in request.parts:
        if before.get(part.number) != part:
            same = (PartRow.request == bindparam("of_id"), PartRow.number == bindparam("of_number"))
            change = update(PartRow).where(*same).values(**part_values(part))
            tx.change(change, {"of_id": request.id, "of_number": part.number})


def _enter(tx: Tx, ctx: Context, kept: Kept, action: str, detail: dict[str, Any]) -> None:
    person = ctx.person_ref if ctx.person else None
    tx.insert(
        Entry,
        request=kept.request.id,
        number=kept.row["version"],
        at=tx.now,
        action=action,
        person=person,
        detail=detail,
    )


def _recorded(kept: Kept) -> dict[str, Any]:
    request = kept.request
    parts = [[part.number, part.state, part.person["id"] if part.person else None] for part in request.parts]
    return {
        "version": kept.row["version"],
        "state": request.state,
        "due": request.due.told if request.due else None,
        "parts": parts,
    }


def require_version(kept: Kept, version: int | None) -> None:
    """That the caller has seen the present version. Raises `Stale`."""
    if version is not None and version != kept.row["version"]:
        raise Stale(kept.row["version"])


# -- lists ------------------------------------------------------------------------------------------


def _placing(kept: Kept) -> list[tuple[str, str]]:
    """Whose lists it is in: `(holder, box)`, with what a list is sorted by."""
    request = kept.request
    people = [str(p.person["id"]) for p in request.parts if p.person and p.is_active]
    people += [str(each["id"]) for p in request.parts if p.is_open for each in p.candidates]
    holders = [(audience.person(person), "received") for person in dict.fromkeys(people)]
    holders += [(audience.department(id_), "department") for id_ in readers.departments(request)]
    holders.append((audience.person(str(request.asker["id"])), "sent"))
    return [*holders, (f"{request.is_finished}", f"{request.due}")]


def _place(tx: Tx, kept: Kept) -> None:
    request = kept.request
    tx.change(_UNPLACE, {"of_request": request.id})
    sorted_by = {
        "running": not request.is_finished,
        "due": request.due.at if request.due else NEVER,
        "at": request.ended_at or request.asked_at,
    }
    places = _placing(kept)[:-1]
    tx.insert_many(Place, [{"holder": h, "box": box, "request": request.id, **sorted_by} for h, box in places])
    audience.keep(tx, AUDIENCE, request.id, readers.of(request))


# -- telling ----------------------------------------------------------------------------------------


def _tell(tx: Tx, kept: Kept, moved: Moved) -> None:
    desk.tell(tx, kept, moved)
    catalogue.tell(tx, kept)


def _ended(tx: Tx, kept: Kept, was: Request) -> None:
    request = kept.request
    figures.moved(tx, was, request)
    if request.is_finished:
        reminding.cancel(tx, request.id)
    if was.state == DONE or request.state == DONE:
        tx.change(_UNCOUNT, {"of_request": request.id})
    # What was handed in is held by a person.
    who = request.lead.person
    if request.state == DONE and who and request.handed_in_at:
        tx.insert(
            Outcome,
            request=request.id,
            month=seoul_date(request.handed_in_at).isoformat()[:7],
            department_id=who["department_id"],
            department=who["department"],
            asker=request.asker["id"],
            **figures.times(request),
        )
