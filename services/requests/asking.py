"""A new request: from what was asked to its rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from services.requests import keeping, reading, reminding, rolling, trees
from services.requests.domain import acts, extensions
from services.requests.domain import due as dues
from services.requests.domain.due import Due
from services.requests.domain.request import Moved, Part, Request, Who
from services.requests.domain.states import DONE, WITHDRAWN
from services.requests.rows import Kept
from shared import body as bodies
from shared.calendar import Exceptions, seoul_date
from shared.context import Context
from shared.contracts.search import TEXT_LIMIT
from shared.db import Tx
from shared.errors import Conflict, Forbidden, Invalid

Doc = dict[str, Any]
Ref = Mapping[str, Any]


@dataclass(frozen=True)
class Question:
    """What is asked, once everything in it is known: people by name, the body cleaned, the date reckoned."""

    title: str
    body: str
    kind: str
    asker: Ref
    parts: tuple[Part, ...]
    due: Due | None
    exceptions: Exceptions
    entered_by: Ref | None = None
    urgency: int = 0
    weight: int = 1
    sources: list[Doc] = field(default_factory=list)
    cards: list[str] = field(default_factory=list)
    parent: str | None = None
    waits_for: str | None = None
    series: str | None = None


def due_of(data: Doc, now: datetime, calendar: Callable[[], Exceptions]) -> Due | None:
    """The due date that was given, or so many working days away. Raises `Invalid`."""
    if data["days"] is not None:
        if data["due"] is not None:
            raise Invalid({"days": "with_due"})
        return dues.given(dues.in_days(data["days"], seoul_date(now), calendar()), now, "days")
    return dues.given(data["due"], now) if data["due"] is not None else None


def text_of(body: str) -> str:
    """What a cleaned body says, as far as it is searched."""
    return "\n".join(bodies.lines(body))[:TEXT_LIMIT]


def ask(tx: Tx, ctx: Context, question: Question) -> Kept:
    """Keeps it, below its parent where it has one, and sets its reminders. Raises what stands in the way."""
    parent = _parent(tx, ctx, question) if question.parent else None
    blocked = _blocked(tx, ctx, question.waits_for) if question.waits_for else False
    request = Request(
        id=tx.new_id(),
        kind=question.kind,
        asker=question.asker,
        state="",
        parts=question.parts,
        due=question.due,
        first_due=question.due,
        urgency=question.urgency,
        entered_by=question.entered_by,
        unconfirmed=question.entered_by is not None,
        asked_at=tx.now,
    )
    # The state follows from the parts.
    request = request.with_part(request.lead)
    row = {
        "title": question.title,
        "body": question.body,
        "text": text_of(question.body),
        "sources": question.sources,
        "cards": question.cards,
        "parent": question.parent,
        "weight": question.weight,
        "waits_for": question.waits_for,
        "blocked": blocked,
        "series": question.series,
        "word": None,
        "escalated_at": None,
    }
    action = "entered" if question.entered_by else "repeated" if question.series and not ctx.person else "asked"
    kept = keeping.begin(tx, ctx, row, request, action, {"due": request.due.told if request.due else None})
    reminding.set_(tx, request, question.exceptions, escalated=False)
    if parent is not None:
        _belong(tx, ctx, parent, kept)
    return kept


def _parent(tx: Tx, ctx: Context, question: Question) -> Kept:
    """The request this one lies within, locked: the caller is on it, and it is due no earlier."""
    parent = reading.opened(tx, ctx, str(question.parent), lock=True)
    require_on(parent.request, Who(ctx.person_ref, ctx.roles))
    if parent.request.state == WITHDRAWN:
        raise Conflict("finished", state=WITHDRAWN)
    trees.require_room(tx, parent.request.id)
    extensions.require_within(question.due, parent.request.due)
    return parent


def require_on(request: Request, who: Who) -> None:
    """That somebody has asked a request or does a part of it. Raises `Forbidden`."""
    if not request.is_asked_by(who) and request.held_by(who) is None:
        raise Forbidden("not on it")


def _belong(tx: Tx, ctx: Context, parent: Kept, kept: Kept) -> None:
    """What was done is open again with a new part; what runs is reckoned anew."""
    if parent.request.state == DONE:
        reopened = acts.reopened(parent.request, tx.now)
        keeping.save(tx, ctx, parent, Moved(reopened, "reopened", {"part": kept.row["title"]}))
    else:
        rolling.from_(tx, parent.request.id)


def _blocked(tx: Tx, ctx: Context, other: str) -> bool:
    """Whether what this one waits for is still to be done. Raises `Invalid` for what the caller may not read."""
    if not reading.may_read(tx, ctx, other):
        raise Invalid({"waits_for": "unknown_request"})
    return not reading.opened(tx, ctx, other).request.is_finished


def change(tx: Tx, ctx: Context, kept: Kept, data: Doc, exceptions: Exceptions) -> Kept:
    """Changes what is asked, by who has asked; a spoken instruction is confirmed by it.

    Raises `Forbidden`, `Conflict`, `Invalid`.
    """
    request = kept.request
    if not request.is_asked_by(Who(ctx.person_ref, ctx.roles)):
        raise Forbidden("not who asked")
    if request.is_finished:
        raise Conflict("finished", state=request.state)
    columns: Doc = {name: data[name] for name in ("title", "sources", "cards") if name in data}
    if "body" in data:
        columns |= {"body": data["body"], "text": text_of(data["body"])}
    if "waits_for" in data:
        other = data["waits_for"]
        if other == request.id:
            raise Invalid({"waits_for": "itself"})
        columns |= {"waits_for": other, "blocked": _blocked(tx, ctx, other) if other else False}
    columns = {name: value for name, value in columns.items() if value != kept.row[name]}
    after = replace(request, unconfirmed=False, urgency=data.get("urgency", request.urgency))
    if "due" in data:
        due = dues.given(data["due"], tx.now) if data["due"] is not None else None
        _require_within_parent(tx, kept, due)
        after = replace(after, due=due, first_due=request.first_due or due)
    changed = [name for name in columns if name not in ("text", "blocked")]
    changed += [name for name in ("due", "urgency") if getattr(after, name) != getattr(request, name)]
    if not changed and after == request:
        return kept
    detail: Doc = {"changed": changed}
    if "due" in changed:
        late = dues.late(request.due.at if request.due else None, tx.now)
        detail |= {"due": after.due.told if after.due else None, "late": late}
    action = "corrected" if request.unconfirmed and changed else "confirmed" if request.unconfirmed else "changed"
    told = [str(part.person["id"]) for part in request.parts if part.person and part.is_active]
    moved = Moved(after, action, detail, tuple(told))
    done = keeping.save(tx, ctx, kept, moved, **columns)
    if "due" in changed:
        reminding.set_(tx, after, exceptions, escalated=kept.row["escalated_at"] is not None)
    return done


def _require_within_parent(tx: Tx, kept: Kept, due: Due | None) -> None:
    if due and kept.row["parent"]:
        parent = trees.due_of(tx, kept.row["parent"])
        extensions.require_within(due, parent)
