"""What is said under a round: by who asks and who is asked, by name. An anonymous round has no thread."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import select

from services.memo.rounds import desk, rows
from services.memo.rounds.domain.states import WITHDRAWN
from services.memo.rounds.models import Asked, OpinionRound
from shared.context import Context
from shared.db import Tx
from shared.desk import Notice
from shared.errors import Conflict
from shared.threads import Owners


class RoundThreads(Owners):
    """Rounds as what people write under."""

    def has(self, tx: Tx, owner: str) -> bool:
        """Whether it is a round."""
        return tx.scalar(select(OpinionRound.id).where(OpinionRound.id == owner)) is not None

    def opened(self, tx: Tx, ctx: Context, owner: str) -> Any:
        """For who is in it."""
        row, _ = rows.opened(tx, ctx, owner)
        return row

    def joined(self, tx: Tx, ctx: Context, owner: str) -> Any:
        """For who is in it, also once it is closed. Raises `Conflict`: anonymous, withdrawn."""
        row = self.opened(tx, ctx, owner)
        if row.anonymous:
            raise Conflict("round-anonymous")
        if row.state == WITHDRAWN:
            raise Conflict("round-withdrawn")
        return row

    def readers(self, tx: Tx, found: Any, people: Collection[str]) -> set[str]:
        """Those who are in it."""
        asked = tx.all(select(Asked.person).where(Asked.round == found.id, Asked.person.in_(sorted(people))))
        return {row.person for row in asked} | ({found.asker_id} & set(people))

    def told(
        self, tx: Tx, ctx: Context, found: Any, comment: dict[str, Any], mentioned: list[str], others: list[str]
    ) -> None:
        """Tells who asks, who is mentioned and who wrote before."""
        people = {*mentioned, *others, found.asker_id} - {ctx.person}
        told = {"title": found.title, "person": ctx.name}
        desk.commented(tx, found, [Notice(each, "commented", comment["sequence"], tx.now, told) for each in people])
