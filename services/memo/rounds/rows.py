"""Rounds as they are kept: found, locked, changed."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, bindparam, func, select, update

from services.memo.rounds.models import Asked, OpinionRound
from shared.context import Context
from shared.db import Tx
from shared.errors import Forbidden, NotFound

_CHANGE = update(OpinionRound).where(OpinionRound.id == bindparam("of_round"))


def locked(tx: Tx, id_: str) -> Row[Any]:
    """A round, to be changed in this transaction. Raises `NotFound`."""
    row = tx.one(select(OpinionRound.__table__).where(OpinionRound.id == id_).with_for_update())
    if row is None:
        raise NotFound("round")
    return row


def opened(tx: Tx, ctx: Context, id_: str) -> tuple[Row[Any], Row[Any] | None]:
    """A round and the caller's place in it, for who asks and who is asked. Raises `NotFound` for everybody else."""
    row = tx.one(select(OpinionRound.__table__).where(OpinionRound.id == id_))
    mine = asked(tx, id_, ctx.person) if row is not None else None
    if row is None or (mine is None and row.asker_id != ctx.person):
        raise NotFound("round")
    return row, mine


def asked(tx: Tx, id_: str, person: str) -> Row[Any] | None:
    """Somebody's place among those who are asked."""
    return tx.one(select(Asked.__table__).where(Asked.round == id_, Asked.person == person))


def require_asker(tx: Tx, ctx: Context, row: Row[Any]) -> None:
    """Raises `Forbidden` for who is asked, `NotFound` for everybody else but who asks."""
    if row.asker_id != ctx.person:
        raise Forbidden("asker") if asked(tx, row.id, ctx.person) else NotFound("round")


def answered(tx: Tx, id_: str) -> int:
    """How many have answered."""
    return int(tx.scalar(select(func.count()).where(Asked.round == id_, Asked.standing == "answered")) or 0)


def waiting(tx: Tx, id_: str) -> list[str]:
    """The people who have not answered."""
    rows = tx.all(select(Asked.person).where(Asked.round == id_, Asked.standing != "answered").order_by(Asked.person))
    return [row.person for row in rows]


def change(tx: Tx, row: Row[Any], **values: Any) -> int:
    """Changes a locked round; its next sequence."""
    tx.change(_CHANGE, {"of_round": row.id, "sequence": row.sequence + 1, **values})
    return int(row.sequence) + 1
