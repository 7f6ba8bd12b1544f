"""The methods by which a service has threads."""

from __future__ import annotations

from typing import Any, ClassVar

from shared.bus.spec import Service, command, query
from shared.context import Context
from shared.contracts import threads as contract
from shared.db import Tx
from shared.threads import talking
from shared.threads.owners import Owners


class WithThreads(Service):
    """Among a service's bases; `threads` says what its objects are."""

    threads: ClassVar[Owners]

    @command(contract.WriteComment)
    def comment(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """A comment, or an answer to one, as `CommentView`."""
        return talking.write(tx, ctx, self.threads, data, self._named(ctx, data))

    @command(contract.EditComment)
    def edit_comment(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """Another text of the caller's own comment, as `CommentView`."""
        return talking.edit(tx, ctx, self.threads, data, self._named(ctx, data))

    @command(contract.WithdrawComment)
    def withdraw_comment(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """Takes the caller's own comment out of view, as `CommentView`."""
        return talking.withdraw(tx, ctx, self.threads, data)

    @command(contract.MarkRead)
    def mark_read(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """How far the caller has read, as `ReadMark`."""
        return talking.mark_read(tx, ctx, self.threads, data)

    @query(contract.ThreadQuery)
    def thread(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """A page of the comments under an object, the newest first, as `Thread`."""
        return talking.page(tx, ctx, self.threads, data)

    @query(contract.CommentQuery)
    def comment_texts(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """Every text a comment has had, as `EarlierTexts`."""
        return talking.texts(tx, ctx, self.threads, data)

    def _named(self, ctx: Context, data: dict[str, Any]) -> talking.People:
        return self.people(ctx, data["mentions"]) if data["mentions"] else {}
