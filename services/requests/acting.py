"""The acts on a request: each looks up what it needs elsewhere, locks the request, and lets the domain move it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update

from services.requests import keeping, reading, reminding, rows, trees
from services.requests.domain import acts, extensions
from services.requests.domain import due as dues
from services.requests.domain.request import Moved, Part, Ref, Request, Who
from services.requests.domain.states import ASKED, FINISHED
from services.requests.models import Part as PartRow
from services.requests.models import Request as Row
from services.requests.rows import Kept
from shared.calendar import Exceptions
from shared.context import Context
from shared.db import Tx
from shared.errors import Invalid

Doc = dict[str, Any]
_MOST_RELEASED = 200


@dataclass(frozen=True)
class Asked:
    """An act with what had to be found out for it: whom it names (`to`), as a part or as a person, and the calendar."""

    data: Doc
    to: Part | None = None
    person: Ref | None = None
    exceptions: Exceptions | None = None


def act(tx: Tx, ctx: Context, asked: Asked) -> Kept:
    """Moves a request. Raises `Forbidden`, `Conflict`, `Invalid`, `Stale`, `NotFound`."""
    data = asked.data
    kept = reading.opened(tx, ctx, data["id"], lock=True)
    keeping.require_version(kept, data["version"])
    moved = _ACTS[data["act"]](tx, kept.request, Who(ctx.person_ref, ctx.roles), asked)
    _require_within_parent(tx, kept, moved)
    if moved.action == "accepted":
        _take(tx, kept.request, moved)
    done = keeping.save(tx, ctx, kept, moved)
    if moved.action == "extension_granted" and asked.exceptions is not None:
        reminding.set_(tx, moved.request, asked.exceptions, escalated=kept.row["escalated_at"] is not None)
    if moved.request.is_finished and not kept.request.is_finished:
        _release(tx, ctx, kept)
    return done


def _require_within_parent(tx: Tx, kept: Kept, moved: Moved) -> None:
    """A date that is asked for or granted is not after that of the request it lies within."""
    if not kept.row["parent"] or moved.action not in ("extension_asked", "extension_granted"):
        return
    extension = moved.request.extension
    due = extension.due if extension else moved.request.due
    extensions.require_within(due, trees.due_of(tx, kept.row["parent"]))


def _take(tx: Tx, before: Request, moved: Moved) -> None:
    """One statement decides who has it, also where several press at the same moment. Raises `Conflict` (`taken`)."""
    number = moved.detail["part"]
    was, now = before.part(number), moved.request.part(number)
    if was is None or now is None or now.person is None or not was.is_open:
        return
    open_ = (PartRow.request == before.id, PartRow.number == number, PartRow.person_id.is_(None))
    values = {"person": dict(now.person), "person_id": now.person["id"], "state": now.state}
    if tx.execute(update(PartRow).where(*open_, PartRow.state == ASKED).values(**values)).rowcount != 1:
        row = tx.one(select(PartRow.person).where(PartRow.request == before.id, PartRow.number == number))
        raise acts.taken_by(row.person if row and row.person else {"name": ""})


def _release(tx: Tx, ctx: Context, kept: Kept) -> None:
    """What waited for this one need not any longer; those who do it are told."""
    waiting = select(Row.id).where(Row.waits_for == kept.request.id, Row.state.notin_(FINISHED)).order_by(Row.id)
    for row in tx.all(waiting.limit(_MOST_RELEASED)):
        other = rows.found(tx, row.id, lock=True)
        people = tuple(str(part.person["id"]) for part in other.request.parts if part.person and part.is_active)
        moved = Moved(other.request, "released", {"title": kept.row["title"]}, people)
        keeping.save(tx, ctx, other, moved, blocked=False)


# -- what each needs ----------------------------------------------------------------------------------


def _person(asked: Asked) -> Ref:
    if asked.person is None:
        raise Invalid({"to.person": "required"})
    return asked.person


def _progress(tx: Tx, request: Request, who: Who, asked: Asked) -> Moved:
    percent = asked.data["percent"]
    if percent is None:
        raise Invalid({"percent": "required"})
    return acts.progress(request, who, tx.now, percent, asked.data["text"])


def _reassign(tx: Tx, request: Request, who: Who, asked: Asked) -> Moved:
    if asked.to is None:
        raise Invalid({"to": "required"})
    return acts.reassign(request, who, tx.now, asked.data["part"], asked.to, asked.data["reason"])


def _extend(tx: Tx, request: Request, who: Who, asked: Asked) -> Moved:
    if asked.data["due"] is None:
        raise Invalid({"due": "required"})
    due = dues.given(asked.data["due"], tx.now)
    return extensions.ask(request, who, tx.now, due, asked.data["reason"], tx.new_id())


def _answer(tx: Tx, request: Request, who: Who, asked: Asked) -> Moved:
    granted, due = asked.data["granted"], asked.data["due"]
    if granted is None:
        raise Invalid({"granted": "required"})
    other = dues.given(due, tx.now) if due is not None else None
    return extensions.answer(request, who, tx.now, granted, other, asked.data["reason"])


_ACTS: dict[str, Callable[[Tx, Request, Who, Asked], Moved]] = {
    "accept": lambda tx, request, who, asked: acts.accept(request, who, tx.now),
    "decline": lambda tx, request, who, asked: acts.decline(request, who, tx.now, asked.data["reason"]),
    "progress": _progress,
    "hand_in": lambda tx, request, who, asked: acts.hand_in(request, who, tx.now, asked.data["text"]),
    "close": lambda tx, request, who, asked: acts.close(request, who, tx.now, asked.data["text"]),
    "send_back": lambda tx, request, who, asked: acts.send_back(
        request, who, tx.now, asked.data["reason"], asked.data["part"]
    ),
    "extend": _extend,
    "answer_extension": _answer,
    "withdraw": lambda tx, request, who, asked: acts.withdraw(request, who, tx.now, asked.data["reason"]),
    "reassign": _reassign,
    "assign": lambda tx, request, who, asked: acts.assign(request, who, tx.now, _person(asked), asked.data["part"]),
    "hand_over": lambda tx, request, who, asked: acts.hand_over(
        request, who, tx.now, _person(asked), asked.data["reason"]
    ),
    "confirm": lambda tx, request, who, asked: acts.confirm(request, who),
}
