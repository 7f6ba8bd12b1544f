"""What the catalogue is told of a request (`shared.catalogue`)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import bindparam, select

from services.requests import rows
from services.requests.domain import audience as readers
from services.requests.models import Entry
from services.requests.models import Request as Row
from services.requests.rows import Kept
from shared import catalogue
from shared.catalogue import Happening, Item, Link
from shared.db import Tx
from shared.retelling import retold

NOUN = "requests"
_MOST_PEOPLE, _MOST_STEPS = 500, 200
# Steps of the request, not of its doing.
_QUIET = ("progressed", "reminded")
_EVERY = select(Row.__table__).where(Row.id > bindparam("after")).order_by(Row.id).limit(bindparam("most"))
_STEPS = (
    select(Entry.action, Entry.person, Entry.at, Entry.detail)
    .where(Entry.request == bindparam("id"))
    .order_by(Entry.number.desc())
    .limit(_MOST_STEPS)
)


def tell(tx: Tx, kept: Kept) -> None:
    """Tells what the request is now."""
    catalogue.tell(tx, item(tx, kept))


def retell(tx: Tx, after: str | None, limit: int) -> dict[str, Any]:
    """Tells again of a batch of requests, as `Retell` describes."""
    found = tx.execute(_EVERY, {"after": after or "", "most": limit}).all()
    parts = rows.parts_of(tx, [row.id for row in found])
    for row in found:
        tell(tx, rows.kept(tx, dict(row._mapping), parts[row.id]))
    return retold(found, limit)


def item(tx: Tx, kept: Kept) -> Item:
    """The request as an item."""
    row, request = kept.row, kept.request
    steps = [step for step in tx.execute(_STEPS, {"id": request.id}).all() if step.action not in _QUIET]
    return Item(
        noun=NOUN,
        subject=request.id,
        sequence=row["sequence"],
        title=row["title"],
        state=request.state,
        at=row["asked_at"],
        owner=dict(request.asker),
        department_id=request.asker["department_id"],
        department=request.asker["department"],
        people=readers.people(request)[:_MOST_PEOPLE],
        audience=readers.of(request),
        cards=row["cards"],
        links=list(_links(row)),
        text="\n".join([*_said(steps), row["text"]]),
        happened=[Happening(step.action, step.person, step.at) for step in reversed(steps)],
    )


def _links(row: Any) -> Iterator[Link]:
    yield from (Link("based_on", source["noun"], source["subject"]) for source in row["sources"])
    if row["parent"]:
        yield Link("attached_to", NOUN, row["parent"])
    if row["waits_for"]:
        yield Link("follows", NOUN, row["waits_for"])


def _said(steps: list[Any]) -> Iterator[str]:
    """What was said of it is short, and found before the body."""
    for step in steps:
        yield from (step.detail[name] for name in ("text", "reason") if step.detail.get(name))
