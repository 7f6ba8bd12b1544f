"""The desk service: what each person is to do, and what happened to what is theirs."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, select, update

from services.desk import lists, projection
from services.desk.domain.todos import DISMISSIBLE
from services.desk.models import Notice, Todo
from shared.bus import Event, Service, command, on_event, query
from shared.context import Context
from shared.contracts import desk as contract
from shared.contracts.common import PageQuery, Strict
from shared.db import Tx
from shared.errors import Conflict, NotFound


class DeskService(Service):
    """See README.md beside this file for what it owns, listens to and tells."""

    name = "desk"

    # -- reading ------------------------------------------------------------------------------------

    @query(contract.TodosQuery)
    def todos(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """The caller's to-dos, the longest waiting first, as `TodoPage`."""
        return lists.todos(tx, ctx.person, data)

    @query(Strict)
    def counts(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """How many to-dos the caller has of each kind, as `Counts`."""
        return lists.counts(tx, ctx.person)

    @query(PageQuery)
    def notices(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """The caller's notices, the newest first, as `NoticePage`."""
        return lists.notices(tx, ctx.person, data)

    # -- writing ------------------------------------------------------------------------------------

    @command(contract.ReadNotices)
    def read_notices(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """The caller has seen the notices up to and with `until`, or all; `{read: how many more}`."""
        statement = update(Notice).where(Notice.person == ctx.person, Notice.read.is_(False)).values(read=True)
        if data["until"]:
            statement = statement.where(Notice.id <= data["until"])
        count = tx.execute(statement).rowcount
        if count:
            tx.tell([ctx.person], projection.TOPIC)
        return {"read": count}

    @command(contract.DismissTodo)
    def dismiss_todo(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """Takes an item off the caller's desk that only tells; one that asks for an act ends with it (`Conflict`)."""
        mine = (Todo.id == data["id"], Todo.person == ctx.person)
        todo = tx.one(select(Todo.kind, Todo.subject).where(*mine))
        if todo is None:
            raise NotFound("todo")
        if todo.kind not in DISMISSIBLE:
            raise Conflict("not-dismissible", todo.kind)
        tx.execute(delete(Todo).where(*mine))
        tx.audit("desk.todo.dismissed", subject=todo.subject, before={"kind": todo.kind})
        tx.tell([ctx.person], projection.TOPIC)
        return {"id": data["id"], "dismissed": True}

    # -- what others tell ---------------------------------------------------------------------------

    @on_event("approval.started", "approval.advanced", "approval.approved", "approval.returned", "approval.withdrawn")
    def follow(self, tx: Tx, event: Event) -> None:
        """A process came further: other people are to act."""
        projection.follow(tx, event)

    @on_event("documents.registered")
    def registered(self, tx: Tx, event: Event) -> None:
        """A document has its number: the drafter is told."""
        projection.registered(tx, event)
