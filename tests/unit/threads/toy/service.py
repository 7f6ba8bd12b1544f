"""The service of the board: its readers write under a topic until it is closed."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import select

from shared.bus import Service
from shared.context import Context
from shared.db import Tx
from shared.errors import Conflict, NotFound
from shared.threads import Either, Owners, WithThreads
from tests.unit.threads.toy.models import THREADS, Topic


class Topics(Owners):
    """Topics as what people write under."""

    def has(self, tx: Tx, owner: str) -> bool:
        """Whether there is this topic."""
        return tx.one(select(Topic.id).where(Topic.id == owner)) is not None

    def opened(self, tx: Tx, ctx: Context, owner: str) -> Any:
        """A reader's."""
        topic = tx.one(select(Topic.__table__).where(Topic.id == owner))
        if topic is None or (ctx.person not in topic.readers and not ctx.has("auditor")):
            raise NotFound("topic")
        return topic

    def joined(self, tx: Tx, ctx: Context, owner: str) -> Any:
        """A reader's that is not closed."""
        topic = self.opened(tx, ctx, owner)
        if topic.closed:
            raise Conflict("closed")
        return topic

    def readers(self, tx: Tx, found: Any, people: Collection[str]) -> set[str]:
        """Those it names."""
        return set(found.readers) & set(people)

    def joined_at(self, ctx: Context, found: Any) -> int:
        """Who is said to have come later sees what was written since."""
        return int(found.since.get(ctx.person, 0))

    def told(
        self, tx: Tx, ctx: Context, found: Any, comment: dict[str, Any], mentioned: list[str], others: list[str]
    ) -> None:
        """Tells both apart."""
        tx.emit("board.told", subject=found.id, data={"mentioned": mentioned, "others": others})


class Nothing(Owners):
    """A kind of objects of which there are none."""

    def has(self, tx: Tx, owner: str) -> bool:
        """Never."""
        return False


class BoardService(WithThreads, Service):
    """A noun with threads in two lines."""

    name = "board"
    threads = Either(Nothing("board", THREADS), Topics("board", THREADS))
