"""Tells the desks what happened to a document. To-dos along its line are the approval service's."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from services.documents.models import Document
from shared import desk
from shared.columns import Utc
from shared.db import Tx
from shared.retelling import retold

NOUN = "documents"
_REGISTERED = (
    select(Document.id, Document.sequence, Document.title, Document.drafter, Document.number, Document.registered_at)
    .where(Document.id > bindparam("after"), Document.registered_at > bindparam("since", type_=Utc))
    .order_by(Document.id)
    .limit(bindparam("most"))
)


def registered(tx: Tx, row: Any, number: str, sequence: int, at: datetime, watchers: Iterable[str] = ()) -> None:
    """The drafter is told the number, and the pages of all who took part show it. A document is registered once."""
    notice = desk.Notice(row.drafter["id"], "registered", 0, at, {"number": number})
    desk.tell(tx, NOUN, row.id, sequence, title=row.title, notices=[notice], watchers=watchers)


def retell(tx: Tx, after: str | None, limit: int) -> dict[str, Any]:
    """Tells again of a batch of the documents whose number is still news, as `Retell` describes."""
    rows = tx.execute(_REGISTERED, {"after": after or "", "since": tx.now - desk.NEWS, "most": limit}).all()
    for row in rows:
        registered(tx, row, row.number, row.sequence, row.registered_at)
    return retold(rows, limit)
