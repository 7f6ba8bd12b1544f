"""What came of messages, as couriers report it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row, delete, select, update

from services.notify import devices, figures
from services.notify.domain import message
from services.notify.domain.message import FAILED, State
from services.notify.models import Bounced, Message
from shared import dialects, paging
from shared.db import Tx

_LOST = Message.state.not_in(("leased", "again", "sent", "void"))
_LAST_FIRST = paging.Order("failures", (Message.ended_at, Message.id), descending=True)


def report(tx: Tx, channel: str, results: list[dict[str, Any]]) -> dict[str, Any]:
    """Takes the outcomes; those of messages that there are not any more are passed over: `{taken: how many}`."""
    by_id = {result["id"]: result for result in results}
    told = (Message.channel == channel, Message.id.in_(by_id))
    rows = tx.all(select(Message.__table__).where(*told).order_by(Message.id).with_for_update())
    return {"taken": sum(_take(tx, row, by_id[row.id]) for row in rows)}


def _take(tx: Tx, row: Row[Any], result: dict[str, Any]) -> bool:
    before = State(row.state, row.tries, row.due)
    state = message.reported(before, result["outcome"], tx.now, holds=row.lease == result["lease"])
    if state == before:
        return False
    values = {"state": state.name, "due": state.due, "lease": None, "reason": result["reason"]}
    values["ended_at"] = None if state.open else tx.now
    tx.execute(update(Message).where(Message.id == row.id).values(**values))
    figures.ended(tx, row.channel, state.name)
    if state.name == "sent":
        figures.sent(tx, row.channel, row.wanted_at)
        if row.channel == "mail":
            tx.execute(delete(Bounced).where(Bounced.person == row.person))
    elif state.name == "bounced":
        _bounced(tx, row.person, result)
    elif state.name == "gone":
        devices.forget(tx, row.person, row.device)
    elif state.name == FAILED:
        tx.audit("notify.message.failed", subject=row.person, after={"channel": row.channel, "tries": row.tries})
    return True


def _bounced(tx: Tx, person: str, result: dict[str, Any]) -> None:
    values = {"address": result["address"], "at": tx.now, "reason": result["reason"]}
    marked = dialects.insert(tx.connection, Bounced).values(person=person, **values)
    tx.execute(marked.on_conflict_do_update(index_elements=["person"], set_=values))
    tx.audit("notify.address.bounced", subject=person, after={"reason": result["reason"]})


def clear_bounce(tx: Tx, person: str) -> dict[str, Any]:
    """The person's address is tried again: `{cleared}` says whether it was marked."""
    cleared = tx.execute(delete(Bounced).where(Bounced.person == person)).rowcount == 1
    if cleared:
        tx.audit("notify.bounce.cleared", subject=person)
    return {"cleared": cleared}


def failures(tx: Tx, asked: dict[str, Any]) -> dict[str, Any]:
    """One page of the messages that did not reach their person, as `FailurePage`."""
    columns = (
        *(Message.id, Message.channel, Message.person, Message.state.label("outcome")),
        *(Message.reason, Message.tries, Message.ended_at),
    )
    statement = select(*columns).where(_LOST).order_by(Message.ended_at.desc(), Message.id.desc())
    if asked["cursor"]:
        statement = statement.where(_LAST_FIRST.after(asked["cursor"]))
    rows = tx.all(statement.limit(asked["limit"] + 1))
    shown, following = paging.page(rows, asked["limit"], _LAST_FIRST.key)
    items = [{name: value for name, value in row._mapping.items() if name != "ended_at"} for row in shown]
    return {"items": [{**item, "at": row.ended_at} for item, row in zip(items, shown, strict=True)], "next": following}
