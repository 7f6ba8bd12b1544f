"""Minutes written by several people at once: their updates come, are kept in order, and are given to the others.

Nothing is kept in memory: an update is in the database before its browser hears that it is saved, and any process of
the service answers any of them. The order does not matter to what the document says; the numbers only say who has seen
what.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, select, update

from services.meetings import acting, reading, results, settling
from services.meetings.domain import acts, states, together
from services.meetings.domain import audience as readers
from services.meetings.models import MinutesState, MinutesUpdate
from services.meetings.rows import Kept
from shared.context import Context
from shared.db import Tx
from shared.errors import Conflict, Invalid, TooLarge
from shared.work.pool import Work

Doc = dict[str, Any]
TOPIC = "minutes"
# Of one document, in characters of base64: some hundred pages with everything that was ever typed and taken out.
LIMIT = 6_000_000
# Of one answer; the rest is asked for again.
_ANSWERED = 1_500_000
_ANSWERED_ROWS = 500
_MOST_TOLD = 500

_CHECKED = Work("services.meetings.domain.document:checked", seconds=2, pool=settling.POOL)
_SEEDED = Work("services.meetings.domain.document:seeded", seconds=5, pool=settling.POOL)
_NUMBER = select(MinutesUpdate.number).where(
    MinutesUpdate.meeting == bindparam("id"), MinutesUpdate.key == bindparam("key")
)
_AFTER = (
    select(MinutesUpdate.__table__)
    .where(MinutesUpdate.meeting == bindparam("id"), MinutesUpdate.number > bindparam("after"))
    .order_by(MinutesUpdate.number)
    .limit(_ANSWERED_ROWS + 1)
)
_PUSHED = (
    update(MinutesState)
    .where(MinutesState.meeting == bindparam("of_id"))
    .values(last=bindparam("now_last"), size=bindparam("now_size"))
)


def begin(tx: Tx, ctx: Context, data: Doc) -> Kept:
    """Has minutes written together; gives items of the agenda that came since their headings. Who leads.

    The first text is what is written already, and is the server's alone: two browsers would each bring their own.
    """
    kept = reading.opened(tx, ctx, data["id"], lock=True)
    acts.require_leads(kept.meeting, acting.who_of(ctx))
    states.require(kept.meeting.state, states.WRITTEN, "write_minutes")
    id_ = kept.meeting.id
    state = settling.state_of(tx, id_, lock=True)
    parts = settling.parts(tx, state)[0] if state else []
    items = [item for item in results.items(tx, id_) if not state or item["id"] not in state.seeded]
    written = results.written(tx, id_)
    body = written.body if written and not state else ""
    named = [{name: item[name] for name in ("id", "title", "gist")} for item in items]
    seed = base64.b64encode(_SEEDED(parts, body, named)).decode() if named or not state else ""
    if state is None:
        values = {"last": 0, "held": 0, "settled": 0, "snapshot": "", "size": 0, "seeded": [], "everyone": False}
        tx.insert(MinutesState, meeting=id_, **values)
        state = settling.state_of(tx, id_)
    everyone = state.everyone if data["everyone"] is None else data["everyone"]
    if seed:
        _append(tx, ctx, kept, state, {"key": tx.new_id(), "update": seed, "client": 0, "cursor": ""})
    elif everyone == state.everyone:
        return kept
    seeded = [*state.seeded, *(item["id"] for item in items)]
    tx.execute(update(MinutesState).where(MinutesState.meeting == id_).values(seeded=seeded, everyone=everyone))
    tx.audit("meetings.minutes.shared", id_, {"everyone": state.everyone}, {"everyone": everyone})
    _tell(tx, kept)
    return kept


def push(tx: Tx, ctx: Context, data: Doc) -> Doc:
    """Keeps what somebody has typed, as `MinutesPushed`; once, however often it comes.

    Raises `Invalid` for what is no update, `Forbidden` for who only reads, `Conflict` (`signed`, `not-shared`),
    `TooLarge`.
    """
    data["update"] = base64.b64encode(_CHECKED(_decoded(data["update"]))).decode()
    # Before the meeting is read: an act that ends the writing holds this row while it takes the last words.
    state = settling.state_of(tx, data["id"], lock=True)
    kept = reading.opened(tx, ctx, data["id"])
    together.require_writes(kept.meeting, acting.who_of(ctx), everyone=bool(state and state.everyone))
    if state is None:
        raise Conflict("not-shared", state=kept.meeting.state)
    number = tx.execute(_NUMBER, {"id": data["id"], "key": data["key"]}).scalar()
    if number is None:
        if state.size + len(data["update"]) > LIMIT:
            raise TooLarge(LIMIT)
        number = _append(tx, ctx, kept, state, data)
        _tell(tx, kept)
    return {"id": data["id"], "number": number}


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Invalid({"update": "not_valid"}) from error


def _append(tx: Tx, ctx: Context, kept: Kept, state: Any, data: Doc) -> int:
    id_, number = kept.meeting.id, int(state.last) + 1
    values = {name: data[name] for name in ("key", "client", "cursor")}
    tx.insert(
        MinutesUpdate,
        meeting=id_,
        number=number,
        content=data["update"],
        person={"id": ctx.person, "name": ctx.name},
        at=tx.now,
        **values,
    )
    tx.change(_PUSHED, {"of_id": id_, "now_last": number, "now_size": state.size + len(data["update"])})
    if state.settled == state.last:
        settling.ask(tx, id_)
    return number


def _tell(tx: Tx, kept: Kept) -> None:
    tx.tell(readers.people(kept.meeting)[:_MOST_TOLD], TOPIC)


def pull(tx: Tx, ctx: Context, data: Doc) -> Doc:
    """What came after a number, as `MinutesUpdates`, for who may read the meeting."""
    kept = reading.opened(tx, ctx, data["id"])
    who, state = acting.who_of(ctx), settling.state_of(tx, data["id"])
    found = {"id": data["id"], "state": kept.meeting.state, "begun": state is not None}
    found |= shared(kept, who, state) or {"everyone": False, "writes": False}
    found["may_write"] = together.is_writer(kept.meeting, who, everyone=found["everyone"])
    if state is None:
        return found | {"number": 0, "snapshot": None, "updates": [], "more": False}
    # Who has seen more than there is asks a database that was put back.
    after = data["after"] if data["after"] <= state.last else 0
    rows = tx.execute(_AFTER, {"id": data["id"], "after": after}).all()
    snapshot = None
    if (rows[0].number if rows else state.last + 1) != after + 1:
        snapshot, after = state.snapshot, int(state.held)
        rows = [row for row in rows if row.number > after]
    given = _bounded(rows)
    more = len(given) < len(rows)
    number = given[-1].number if more else max([after, *(row.number for row in given)])
    return found | {"number": number, "snapshot": snapshot, "updates": [_view(row) for row in given], "more": more}


def _bounded(rows: Sequence[Any]) -> list[Any]:
    """As many as one answer takes, and at least one."""
    given: list[Any] = []
    size = 0
    for row in rows[:_ANSWERED_ROWS]:
        size += len(row.content)
        if given and size > _ANSWERED:
            break
        given.append(row)
    return given


def _view(row: Any) -> Doc:
    names = ("number", "person", "client", "cursor", "at")
    return {name: getattr(row, name) for name in names} | {"update": row.content}


def shared(kept: Kept, who: Any, state: Any) -> Doc | None:
    """What a page has to know of minutes that are written together; None where they are not."""
    if state is None:
        return None
    writes = together.is_writer(kept.meeting, who, everyone=state.everyone) and kept.meeting.state in states.WRITTEN
    return {"writes": writes, "everyone": state.everyone}
