"""What a service says of the objects that people write under."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from shared.context import Context
from shared.db import Tx
from shared.errors import NotFound
from shared.threads.tables import Tables


class Owners:
    """The objects of one service. A subclass gives `opened`, `joined` and `readers`, and mostly `told`."""

    def __init__(self, noun: str, tables: Tables) -> None:
        self.noun = noun
        self.tables = tables

    def of(self, tx: Tx, owner: str) -> Owners:
        """Those that this object is one of: the same ones, unless a service has several kinds of objects (`Either`)."""
        return self

    def has(self, tx: Tx, owner: str) -> bool:
        """Whether there is such an object among these; asked where a service has several kinds."""
        raise NotImplementedError

    def opened(self, tx: Tx, ctx: Context, owner: str) -> Any:
        """The object, for somebody who may read its thread. Raises `NotFound` or `Forbidden`."""
        raise NotImplementedError

    def joined(self, tx: Tx, ctx: Context, owner: str) -> Any:
        """The object, for somebody who may write under it now. Raises what stands in the way."""
        raise NotImplementedError

    def readers(self, tx: Tx, found: Any, people: Collection[str]) -> set[str]:
        """Those of these people who may read the object: nobody else can be mentioned or is told."""
        raise NotImplementedError

    def told(
        self, tx: Tx, ctx: Context, found: Any, comment: dict[str, Any], mentioned: list[str], others: list[str]
    ) -> None:
        """Tells whom it concerns of a new or edited `comment` (`CommentView`): the desk, or who has the page open.

        `mentioned` are newly mentioned; `others` are who was answered and who wrote before, none of them the caller.
        """

    def joined_at(self, ctx: Context, found: Any) -> int:
        """The place in the thread after which the caller came to the object: comments up to it are not theirs."""
        return 0

    def sees_earlier(self, ctx: Context, found: Any, author: str) -> bool:
        """Whether the caller reads what a comment said before, and a withdrawn one: its author, and auditors."""
        return ctx.person == author or ctx.has("auditor")


class Either(Owners):
    """The objects of a service that has several kinds of them: each id is asked of the kinds in turn."""

    def __init__(self, *kinds: Owners) -> None:
        super().__init__(kinds[0].noun, kinds[0].tables)
        self._kinds = kinds

    def of(self, tx: Tx, owner: str) -> Owners:
        """The kind that the object is of. Raises `NotFound`."""
        for kind in self._kinds:
            if kind.has(tx, owner):
                return kind
        raise NotFound("owner")
