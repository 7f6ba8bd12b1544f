"""What a report puts on whose desk."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import bindparam, select

from services.memo.weekly.domain import states
from services.memo.weekly.models import WeeklyReport
from shared import desk
from shared.db import Tx
from shared.desk import Notice, Slot, Todo
from shared.retelling import retold

NOUN = KIND = "weekly"
_WRITING = (
    select(WeeklyReport.__table__)
    .where(WeeklyReport.id > bindparam("after"), WeeklyReport.state.in_(states.WRITING))
    .order_by(WeeklyReport.id)
    .limit(bindparam("most"))
)


def tell(tx: Tx, row: Mapping[str, Any], notices: Iterable[Notice] = (), watchers: Iterable[str] = ()) -> None:
    """The report of these columns is on the desk of who writes it, until it is handed in."""
    desk.tell(
        tx,
        NOUN,
        row["id"],
        row["sequence"],
        title=row["title"],
        clear=row["sequence"],
        slots=[Slot(person, KIND, _todo(row)) for person in writers(row)],
        notices=notices,
        watchers=watchers,
        ended=row["state"] == states.TAKEN,
    )


def notice(tx: Tx, row: Mapping[str, Any], person: str, code: str, **params: Any) -> Notice:
    """Something that somebody is told of the report."""
    return Notice(person, code, row["sequence"], tx.now, {"title": row["title"], **params})


def retell(tx: Tx, after: str | None, limit: int) -> dict[str, Any]:
    """Tells it again of a batch of reports that are being written, as `Retell` describes."""
    found = tx.execute(_WRITING, {"after": after or "", "most": limit}).all()
    for row in found:
        tell(tx, {**row._mapping})
    return retold(found, limit)


def writers(row: Mapping[str, Any]) -> list[str]:
    """Who is to write the report now."""
    if row["state"] not in states.WRITING or row["excused"] == states.GONE:
        return []
    return list(dict.fromkeys(each for each in (row["writer_id"], row["deputy_id"]) if each))


def _todo(row: Mapping[str, Any]) -> Todo:
    returned = row["state"] == states.RETURNED
    role = "rewrite" if returned else "join" if row["gathers_at"] else "write"
    return Todo(
        role,
        since=row["returned_at"] if returned else row["opened_at"],
        due=row["due_at"],
        urgency=1 if row["asked_at"] else 0,
        sender=row["sender"],
        params={"reason": row["reason"]} if returned else {},
    )
