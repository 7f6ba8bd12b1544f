"""Memos and deliveries as they are kept: who may open one, and the locks under which they change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NoReturn

from sqlalchemy import Row, bindparam, select, update

from services.memo.domain import lifecycle
from services.memo.domain.delivery import RECALLED, Delivery, todo
from services.memo.models import Content, Memo
from services.memo.models import Delivery as Kept
from shared.context import Context
from shared.db import Tx
from shared.errors import Forbidden, NotFound, Stale
from shared.records import values

_MEMO = select(Memo.__table__).where(Memo.id == bindparam("of_memo"), Memo.state != lifecycle.DELETED)
_LOCKED = _MEMO.with_for_update()
_OF_PERSON = select(Kept.__table__).where(Kept.memo == bindparam("of_memo"), Kept.person == bindparam("of_person"))
# The columns to set are the other parameters these are executed with.
_CHANGE = update(Memo).where(Memo.id == bindparam("of_memo"))
_CHANGE_DELIVERY = update(Kept).where(Kept.memo == bindparam("of_memo"), Kept.person == bindparam("of_person"))
_STANDING = ("state", "asks", "place", "unread", "read_at", "channel", "answer", "text", "answered_at")
# Who may look at every memo that is out; each time is on the record.
OVERSIGHT = ("auditor", "tenant_admin")


class Restricted(Forbidden):
    """403: the sender keeps the memo from being passed on. What was tried stays on the record."""

    def __init__(self) -> None:
        super().__init__("its sender keeps it from being passed on", "no-forwarding")


@dataclass(frozen=True, slots=True)
class Opened:
    """A memo for somebody who may read it: its sender, a receiver (`mine`), or neither of them (oversight)."""

    row: Row[Any]
    mine: Row[Any] | None
    sender: bool

    @property
    def oversight(self) -> bool:
        """Whether it is opened by an auditor or administrator."""
        return not self.sender and self.mine is None


def opened(tx: Tx, ctx: Context, memo: str) -> Opened:
    """The memo as it is opened by the caller. Raises `NotFound`, `Forbidden` for what was recalled from them."""
    return _opened(tx, ctx, tx.execute(_MEMO, {"of_memo": memo}).first())


def held(tx: Tx, ctx: Context, memo: str) -> Opened:
    """As `opened`, locked: everything that changes a memo, or how it stands with somebody, locks its row first."""
    return _opened(tx, ctx, tx.execute(_LOCKED, {"of_memo": memo}).first())


def _opened(tx: Tx, ctx: Context, row: Row[Any] | None) -> Opened:
    if row is None or not ctx.person:
        raise NotFound("memo")
    if row.sender_id == ctx.person:
        return Opened(row, None, sender=True)
    if row.state in lifecycle.OUT:
        mine = of_person(tx, row.id, ctx.person)
        if mine is not None and mine.state != RECALLED:
            return Opened(row, mine, sender=False)
        if any(map(ctx.has, OVERSIGHT)):
            return Opened(row, None, sender=False)
        if mine is not None:
            raise Forbidden("its sender has recalled it", "memo-recalled")
    raise NotFound("memo")


def locked(tx: Tx, memo: str) -> Row[Any]:
    """The memo, to be changed by the system itself. Raises `NotFound`."""
    row = tx.execute(_LOCKED, {"of_memo": memo}).first()
    if row is None:
        raise NotFound("memo")
    return row


def own(tx: Tx, ctx: Context, memo: str) -> Row[Any]:
    """A memo of the caller's, locked. Raises `NotFound`, `Forbidden` for a receiver."""
    found = held(tx, ctx, memo)
    if not found.sender:
        raise Forbidden("sender")
    return found.row


def received(tx: Tx, ctx: Context, memo: str) -> tuple[Row[Any], Row[Any]]:
    """A memo that came to the caller, locked, and its delivery. Raises `Forbidden` for the sender and for oversight."""
    found = held(tx, ctx, memo)
    if found.mine is None:
        raise Forbidden("receiver")
    return found.row, found.mine


def require_version(row: Row[Any], version: int | None) -> None:
    """Raises `Stale` where the caller has looked at another version."""
    if version is not None and version != row.version:
        raise Stale(row.version)


def of_person(tx: Tx, memo: str, person: str) -> Row[Any] | None:
    """How the memo stands with one receiver."""
    return tx.execute(_OF_PERSON, {"of_memo": memo, "of_person": person}).first()


def content(tx: Tx, memo: str) -> Row[Any]:
    """What the memo says."""
    row = tx.one(select(Content.__table__).where(Content.memo == memo))
    assert row is not None
    return row


def change(tx: Tx, memo: str, **values: Any) -> None:
    """Changes a locked memo."""
    tx.change(_CHANGE, {"of_memo": memo, **values})


def change_delivery(tx: Tx, memo: str, person: str, **values: Any) -> None:
    """Changes how a locked memo stands with a receiver."""
    tx.change(_CHANGE_DELIVERY, {"of_memo": memo, "of_person": person, **values})


def standing(row: Row[Any]) -> Delivery:
    """A delivery as the domain knows it."""
    return Delivery(**{name: getattr(row, name) for name in _STANDING})


def columns(delivery: Delivery) -> dict[str, Any]:
    """What is kept of a delivery as the domain knows it."""
    return values(delivery)


def kept(delivery: Delivery, row: Row[Any], tx: Tx) -> dict[str, Any]:
    """The columns of a delivery that has changed, with what it has on the desk now, and since when."""
    task = todo(delivery)
    return columns(delivery) | {"todo": task, "since": row.since if task == row.todo else tx.now}


def refuse_passing(tx: Tx, memo: str, how: str) -> NoReturn:
    """Raises `Restricted`, and keeps on the record that somebody tried."""
    tx.audit("memo.passing.refused", subject=memo, after={"how": how})
    raise Restricted


def require_passable(tx: Tx, found: Opened, how: str) -> None:
    """Raises `Restricted` where nobody but the sender may pass the memo on."""
    if found.row.no_forward and not found.sender:
        refuse_passing(tx, found.row.id, how)
