"""Comments under what the service keeps: each kind of object says by itself who reads and writes them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import select

from services.memo import desk, rows
from services.memo.domain import delivery as deliveries
from services.memo.domain import lifecycle
from services.memo.models import THREADS, Delivery, Memo
from services.memo.rounds.threads import RoundThreads
from services.memo.rows import Opened
from shared.context import Context
from shared.contracts.desk import TOLD_LIMIT
from shared.db import Tx
from shared.errors import Conflict, Forbidden
from shared.threads import Either, Owners


class MemoThreads(Owners):
    """Memos as what people write under: the sender and those it came to, once it is out."""

    def has(self, tx: Tx, owner: str) -> bool:
        """Whether there is this memo."""
        return tx.one(select(Memo.id).where(Memo.id == owner)) is not None

    def opened(self, tx: Tx, ctx: Context, owner: str) -> Opened:
        """A memo that the caller may read."""
        return rows.opened(tx, ctx, owner)

    def joined(self, tx: Tx, ctx: Context, owner: str) -> Opened:
        """One that is out, locked. Raises `Forbidden` for oversight, `Conflict` for a draft."""
        found = rows.held(tx, ctx, owner)
        if found.oversight:
            raise Forbidden("receiver")
        if found.row.state not in lifecycle.OUT:
            raise Conflict("not-sent")
        return found

    def joined_at(self, ctx: Context, found: Opened) -> int:
        """Who came later sees what was written since."""
        return found.mine.joined if found.mine is not None else 0

    def readers(self, tx: Tx, found: Opened, people: Collection[str]) -> set[str]:
        """The sender and those who have it. To bring somebody in whom it may not be passed on to is refused."""
        row = found.row
        have = (Delivery.memo == row.id, Delivery.person.in_(people), Delivery.state != deliveries.RECALLED)
        found_there = {each.person for each in tx.all(select(Delivery.person).where(*have))}
        readers = found_there | ({row.sender_id} & set(people))
        if set(people) - readers:
            rows.require_passable(tx, found, "mention")
        return readers

    def told(
        self, tx: Tx, ctx: Context, found: Opened, comment: dict[str, Any], mentioned: list[str], others: list[str]
    ) -> None:
        """Who is mentioned, who wrote before and the sender hear of it; those who have it open see it."""
        row, sequence = found.row, found.row.sequence + 1
        rows.change(tx, row.id, sequence=sequence)
        notified = [person for person in dict.fromkeys((*mentioned, *others, row.sender_id)) if person != ctx.person]
        params = {"comment": comment["id"], "text": comment["text"][:200]}
        news = desk.step(tx, row, sequence, "commented", ctx.person_ref, notified, **params)
        everybody = select(Delivery.person).where(Delivery.memo == row.id, Delivery.state != deliveries.RECALLED)
        looking = [each.person for each in tx.all(everybody.limit(TOLD_LIMIT - 1))]
        desk.tell(tx, row, sequence, told=news, watchers=looking)


TALK = Either(MemoThreads("memo", THREADS), RoundThreads("rounds", THREADS))
