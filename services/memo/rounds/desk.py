"""What a round puts on whose desk."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import bindparam, select

from services.memo.rounds import rows
from services.memo.rounds.domain.states import OPEN
from services.memo.rounds.models import OpinionRound
from shared import desk
from shared.db import Tx
from shared.desk import Notice, Slot, Todo
from shared.retelling import retold

NOUN = "rounds"
KIND = "opinion"
_OPEN = (
    select(OpinionRound.__table__)
    .where(OpinionRound.id > bindparam("after"), OpinionRound.state == OPEN)
    .order_by(OpinionRound.id)
    .limit(bindparam("most"))
)


def asks(tx: Tx, row: Any, sequence: int, people: Iterable[str], notices: Sequence[Notice] = ()) -> None:
    """The round waits for these people, and for no others. `row` has the round's columns as they are now."""
    todo = Todo("answer", since=row["at"], due=row["closes_at"], sender=row["asker"])
    desk.tell(
        tx,
        NOUN,
        row["id"],
        sequence,
        title=row["title"],
        clear=sequence,
        slots=[Slot(person, KIND, todo) for person in people],
        notices=notices,
        watchers=[row["asker"]["id"]],
    )


def answered(tx: Tx, row: Any, sequence: int, person: str) -> None:
    """One of them has answered. Of an anonymous round nobody else is told."""
    watchers = [] if row.anonymous else [row.asker_id]
    desk.tell(tx, NOUN, row.id, sequence, title=row.title, slots=[Slot(person, KIND)], watchers=watchers)


def reminded(tx: Tx, row: Any, sequence: int, people: Iterable[str]) -> None:
    """Those who have not answered are told how long there is."""
    told = {"title": row.title, "until": row.closes_at.isoformat()}
    notices = [Notice(person, "reminded", sequence, tx.now, told) for person in people]
    desk.tell(tx, NOUN, row.id, sequence, title=row.title, notices=notices)


def ended(tx: Tx, row: Any, sequence: int, code: str, people: Iterable[str]) -> None:
    """Nobody is asked any more; these people are told so."""
    notices = [Notice(person, code, sequence, tx.now, {"title": row.title}) for person in people]
    watchers = [row.asker_id]
    desk.tell(
        tx, NOUN, row.id, sequence, title=row.title, clear=sequence, notices=notices, watchers=watchers, ended=True
    )


def commented(tx: Tx, row: Any, notices: list[Notice]) -> None:
    """Somebody wrote under it."""
    watchers = [notice.person for notice in notices]
    desk.tell(tx, NOUN, row.id, row.sequence, title=row.title, notices=notices, watchers=watchers)


def retell(tx: Tx, after: str | None, limit: int) -> dict[str, Any]:
    """Tells it again of a batch of open rounds, as `Retell` describes."""
    found = tx.execute(_OPEN, {"after": after or "", "most": limit}).all()
    for row in found:
        asks(tx, row._mapping, row.sequence, rows.waiting(tx, row.id))
    return retold(found, limit)
