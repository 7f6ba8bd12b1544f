"""Tells the desks how a request stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import bindparam, select, update

from services.requests import rows
from services.requests.domain import audience as readers
from services.requests.domain import desk as desks
from services.requests.domain.request import Moved
from services.requests.domain.states import FINISHED
from services.requests.models import Request as Row
from services.requests.rows import Kept
from shared import desk
from shared.db import Tx
from shared.retelling import retold

NOUN = "requests"
_MOST_WATCHERS = 500
_ON_A_DESK = (
    select(Row.__table__)
    .where(Row.id > bindparam("after"), Row.state.notin_(FINISHED))
    .order_by(Row.id)
    .limit(bindparam("most"))
)


def tell(tx: Tx, kept: Kept, moved: Moved) -> None:
    """Says on whose desk the request is now, and tells those whom an act concerns."""
    _tell(tx, kept, _notices(tx, kept, moved.told, moved.action, moved.detail), looking=True)


def inform(tx: Tx, kept: Kept, told: Mapping[str, Iterable[str]], detail: dict[str, Any], *, looking: bool) -> None:
    """Tells people by code what happened to a request that stands as it did; each hears one thing, the first."""
    sequence = kept.row["sequence"] + 1
    tx.execute(update(Row).where(Row.id == kept.request.id).values(sequence=sequence))
    kept = Kept({**kept.row, "sequence": sequence}, kept.request)
    notices: dict[str, desk.Notice] = {}
    for code, people in told.items():
        for notice in _notices(tx, kept, people, code, detail):
            notices.setdefault(notice.person, notice)
    _tell(tx, kept, list(notices.values()), looking=looking)


def _notices(tx: Tx, kept: Kept, people: Iterable[str], code: str, detail: dict[str, Any]) -> list[desk.Notice]:
    ctx, sequence = tx.ctx, kept.row["sequence"]
    params = {"title": kept.row["title"], "kind": kept.request.kind, "person": ctx.name if ctx.person else ""}
    params |= {name: detail[name] for name in ("due", "days", "late") if detail.get(name) is not None}
    return [
        desk.Notice(person, code, sequence, tx.now, params) for person in dict.fromkeys(people) if person != ctx.person
    ]


def retell(tx: Tx, after: str | None, limit: int) -> dict[str, Any]:
    """Says it again of a batch of requests that are on a desk, as `Retell` describes."""
    found = tx.execute(_ON_A_DESK, {"after": after or "", "most": limit}).all()
    parts = rows.parts_of(tx, [row.id for row in found])
    for row in found:
        _tell(tx, rows.kept(tx, dict(row._mapping), parts[row.id]), [], looking=False)
    return retold(found, limit)


def _tell(tx: Tx, kept: Kept, notices: list[desk.Notice], *, looking: bool) -> None:
    desk.tell(
        tx,
        NOUN,
        kept.request.id,
        kept.row["sequence"],
        title=kept.row["title"],
        clear=kept.row["sequence"],
        slots=desks.slots(kept.request, kept.row["blocked"]),
        notices=notices,
        watchers=readers.people(kept.request)[:_MOST_WATCHERS] if looking else (),
        ended=kept.request.is_finished,
    )
