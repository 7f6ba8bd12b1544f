"""Requests as what has files and a thread."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from services.requests import desk, reading
from services.requests.domain import audience as readers
from services.requests.domain.request import Who
from services.requests.models import AUDIENCE
from services.requests.rows import Kept
from shared import audience, threads
from shared.context import Context
from shared.db import Tx
from shared.errors import Conflict, Forbidden
from shared.files.owners import Owners as FileOwners


class _Opened:
    """What both ask of it: its id, and the request itself."""

    def __init__(self, kept: Kept) -> None:
        self.id = kept.request.id
        self.kept = kept


class RequestFiles(FileOwners):
    """Files of a request: those on it add and remove them while it runs."""

    def opened(self, tx: Tx, ctx: Context, owner: str) -> Any:
        """A request the caller may read."""
        return _Opened(reading.opened(tx, ctx, owner))

    def held(self, tx: Tx, ctx: Context, owner: str) -> Any:
        """A running request the caller has asked or does a part of, locked."""
        kept = reading.opened(tx, ctx, owner, lock=True)
        request, who = kept.request, Who(ctx.person_ref, ctx.roles)
        entered = request.entered_by is not None and request.entered_by["id"] == who.id
        if not (request.is_asked_by(who) or entered or request.held_by(who)):
            raise Forbidden("not on it")
        if request.is_finished:
            raise Conflict("finished", state=request.state)
        return _Opened(kept)


class RequestThreads(threads.Owners):
    """The thread of a request: for everybody who may read it, also after its end."""

    def opened(self, tx: Tx, ctx: Context, owner: str) -> Any:
        """A request the caller may read."""
        return _Opened(reading.opened(tx, ctx, owner))

    def joined(self, tx: Tx, ctx: Context, owner: str) -> Any:
        """The same, locked: who is told is told with the next version."""
        return _Opened(reading.opened(tx, ctx, owner, lock=True))

    def readers(self, tx: Tx, found: Any, people: Collection[str]) -> set[str]:
        """Those on it; others of a department that does it look at it without being told."""
        return audience.people(tx, AUDIENCE, found.id, people)

    def told(
        self, tx: Tx, ctx: Context, found: Any, comment: dict[str, Any], mentioned: list[str], others: list[str]
    ) -> None:
        """Who was mentioned gets a notice, who wrote or is on it another; open pages look again."""
        people = [*others, *readers.people(found.kept.request)]
        desk.inform(tx, found.kept, {"mentioned": mentioned, "commented": people}, {}, looking=True)
