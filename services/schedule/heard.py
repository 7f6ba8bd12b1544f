"""Which telling of another noun's subject somebody has heard last, so that events may come in any order."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from sqlalchemy import delete

from services.schedule.models import Heard
from shared.db import Tx
from shared.dialects import Upsert

_KEPT_FOR = timedelta(days=800)


def _later(row: Any) -> Any:
    told = row.excluded
    values = {"sequence": told.sequence, "heard_at": told.heard_at}
    keys = ["source", "subject", "person"]
    return row.on_conflict_do_update(index_elements=keys, set_=values, where=told.sequence > Heard.sequence)


_LATER = Upsert(Heard, _later)


def newer(tx: Tx, source: str, subject: str, people: Iterable[str], sequence: int) -> list[str]:
    """Those of the people (empty: the subject itself) of whom nothing as late was told before; it is now."""
    statement = _LATER.on(tx.connection)
    of = {"source": source, "subject": subject, "sequence": sequence, "heard_at": tx.now}
    return [person for person in dict.fromkeys(people) if tx.execute(statement, {**of, "person": person}).rowcount]


def forget(tx: Tx) -> None:
    """Forgets what was told long ago."""
    tx.execute(delete(Heard).where(Heard.heard_at < tx.now - _KEPT_FOR))
