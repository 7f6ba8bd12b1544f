"""The desk service: what each person is to do, and what happened to what is theirs."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select, update

from services.desk import board, lists, rebuilding
from services.desk.models import Notice, Slot
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
        """The caller's to-dos, the longest waiting first or by bands, as `TodoPage`."""
        return lists.todos(tx, ctx.person, data)

    @query(Strict)
    def counts(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """How many to-dos the caller has of each kind, as `Counts`."""
        return lists.counts(tx, ctx.person)

    @query(Strict)
    def pressing(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """How many of the caller's to-dos are late or due today, by kind, as `Pressing`."""
        return {"items": [{"kind": kind, "count": count} for kind, count in lists.pressing(tx, ctx.person).items()]}

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
            tx.tell([ctx.person], board.TOPIC)
        return {"read": count}

    @command(contract.DismissTodo)
    def dismiss_todo(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """Takes an item off the caller's desk that only tells; one that asks for an act ends with it (`Conflict`)."""
        mine = (Slot.id == data["id"], Slot.person == ctx.person, lists.SHOWN)
        todo = tx.one(select(Slot.kind, Slot.subject, Slot.dismissible).where(*mine))
        if todo is None:
            raise NotFound("todo")
        if not todo.dismissible:
            raise Conflict("not-dismissible", todo.kind)
        tx.execute(update(Slot).where(*mine).values(shown=False, dismissed=Slot.since))
        tx.audit("desk.todo.dismissed", subject=todo.subject, before={"kind": todo.kind})
        tx.tell([ctx.person], board.TOPIC)
        return {"id": data["id"], "dismissed": True}

    # -- what others tell ---------------------------------------------------------------------------

    @on_event("*.desk")
    def told(self, tx: Tx, event: Event) -> None:
        """A service says what a subject of its puts on people's desks."""
        board.apply(tx, event)

    @command(contract.Rebuild, roles=("platform_operator",))
    def begin_rebuild(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """What the source has told is doubted until it tells it again; `{doubted: how many}` slots."""
        return rebuilding.begin(tx, data["source"])

    @command(contract.Rebuild, roles=("platform_operator",))
    def end_rebuild(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """What the source has not told again leaves the desks; `{emptied: how many}` slots."""
        return rebuilding.end(tx, data["source"])
