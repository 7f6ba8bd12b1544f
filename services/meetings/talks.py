"""Meetings and their agenda items as what has files; meetings as what has a thread."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import select

from services.meetings import acting, desk, reading
from services.meetings.domain import acts, states
from services.meetings.domain import audience as readers
from services.meetings.models import AUDIENCE, Item
from services.meetings.models import Meeting as Row
from services.meetings.rows import Kept
from shared import audience, threads
from shared.context import Context
from shared.db import Tx
from shared.errors import NotFound
from shared.files.owners import Owners as FileOwners


class _Opened:
    """What both ask of it: its id, the meeting, and the agenda item where it is one."""

    def __init__(self, id_: str, kept: Kept, item: Any = None) -> None:
        self.id = id_
        self.kept = kept
        self.item = item


def _require_open(kept: Kept) -> None:
    if kept.meeting.state in states.FINISHED:
        raise states.refused(kept.meeting.state, "file")


class MeetingFiles(FileOwners):
    """Files of a meeting: who leads adds and removes them until it is confirmed."""

    def has(self, tx: Tx, owner: str) -> bool:
        """Whether there is such a meeting."""
        return bool(tx.scalar(select(Row.id).where(Row.id == owner)))

    def opened(self, tx: Tx, ctx: Context, owner: str) -> Any:
        """A meeting the caller may read."""
        return _Opened(owner, reading.opened(tx, ctx, owner))

    def held(self, tx: Tx, ctx: Context, owner: str) -> Any:
        """A meeting the caller leads, locked."""
        kept = reading.opened(tx, ctx, owner, lock=True)
        acts.require_leads(kept.meeting, acting.who_of(ctx))
        _require_open(kept)
        return _Opened(owner, kept)


class ItemFiles(FileOwners):
    """Papers of an agenda item: its presenter and who leads add and remove them until it is confirmed."""

    def has(self, tx: Tx, owner: str) -> bool:
        """Whether there is such an item."""
        return bool(tx.scalar(select(Item.id).where(Item.id == owner)))

    def _item(self, tx: Tx, ctx: Context, owner: str, *, lock: bool) -> _Opened:
        item = tx.one(select(Item.__table__).where(Item.id == owner))
        if item is None:
            raise NotFound("item")
        return _Opened(owner, reading.opened(tx, ctx, item.meeting, lock=lock), item)

    def opened(self, tx: Tx, ctx: Context, owner: str) -> Any:
        """An item of a meeting the caller may read."""
        return self._item(tx, ctx, owner, lock=False)

    def held(self, tx: Tx, ctx: Context, owner: str) -> Any:
        """An item the caller presents, or of a meeting they lead; the meeting is locked."""
        found = self._item(tx, ctx, owner, lock=True)
        if not (found.item.presenter and found.item.presenter["id"] == ctx.person):
            acts.require_leads(found.kept.meeting, acting.who_of(ctx))
        _require_open(found.kept)
        return found

    def added(self, tx: Tx, ctx: Context, found: Any, view: dict[str, Any]) -> dict[str, Any]:
        """With the first paper of its presenter an item is ready."""
        answer = super().added(tx, ctx, found, view)
        presenter = found.item.presenter
        if presenter and presenter["id"] == ctx.person and found.kept.meeting.state == states.CALLED:
            acting.mark_ready(tx, ctx, found.kept, found.item, is_ready=True)
        return answer


class MeetingThreads(threads.Owners):
    """The opinions on a meeting: for everybody who may read it, also after its end."""

    def opened(self, tx: Tx, ctx: Context, owner: str) -> Any:
        """A meeting the caller may read."""
        return _Opened(owner, reading.opened(tx, ctx, owner))

    def joined(self, tx: Tx, ctx: Context, owner: str) -> Any:
        """The same, locked: who is told is told with the next sequence."""
        return _Opened(owner, reading.opened(tx, ctx, owner, lock=True))

    def readers(self, tx: Tx, found: Any, people: Collection[str]) -> set[str]:
        """Those on it; others of the host's department look at it without being told."""
        return audience.people(tx, AUDIENCE, found.id, people)

    def told(
        self, tx: Tx, ctx: Context, found: Any, comment: dict[str, Any], mentioned: list[str], others: list[str]
    ) -> None:
        """Who was mentioned gets a notice, who wrote or leads another; open pages look again."""
        meeting = found.kept.meeting
        leading = [str(meeting.organiser["id"]), *(each.id for each in meeting.active if each.leads)]
        known = set(readers.people(meeting))
        people = [each for each in [*others, *leading] if each in known]
        desk.inform(tx, found.kept, {"mentioned": mentioned, "commented": people})
