"""Tells the desks how a process stands."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, select

from services.approval.domain import desk as desks
from services.approval.domain.route import OPEN, Run
from services.approval.models import Process
from services.approval.rows import run_of
from shared import desk
from shared.db import Tx
from shared.retelling import retold

NOUN = "documents"
_ON_A_DESK = (
    select(Process.__table__)
    .where(Process.document > bindparam("after"), Process.state.in_((OPEN, "returned")))
    .order_by(Process.document)
    .limit(bindparam("most"))
)


def tell(tx: Tx, head: dict[str, Any], run: Run, sequence: int, before: Run | None = None) -> None:
    """Says on whose desk the run is now; `head` has the document, its title and drafter."""
    _tell(tx, head, run, sequence, desks.notices(run, head["drafter"], sequence, before), looking=True)


def retell(tx: Tx, after: str | None, limit: int) -> dict[str, Any]:
    """Says it again of a batch of processes that are on a desk, as `Retell` describes."""
    rows = tx.execute(_ON_A_DESK, {"after": after or "", "most": limit}).all()
    for row in rows:
        run, head = run_of(row), {"document": row.document, "title": row.title, "drafter": row.drafter}
        _tell(tx, head, run, row.sequence, desks.notices(run, row.drafter, row.sequence), looking=False)
    return retold(rows, limit, "document")


def _tell(tx: Tx, head: dict[str, Any], run: Run, sequence: int, notices: list[desk.Notice], *, looking: bool) -> None:
    desk.tell(
        tx,
        NOUN,
        head["document"],
        sequence,
        title=head["title"],
        clear=sequence,
        slots=desks.slots(run, head["drafter"]),
        notices=notices,
        watchers=desks.watchers(run, head["drafter"]) if looking else (),
        ended=run.state != OPEN,
    )
