"""What a meeting comes to: decisions, votes, action items, the gist."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update

from services.meetings import acting, keeping, reading, results, settling
from services.meetings.domain import acts, quorum, states, votes
from services.meetings.domain.meeting import Moved, Ref
from services.meetings.models import Action, Ballot, Decision, Item, Minutes, Vote
from services.meetings.rows import Kept
from shared.context import Context
from shared.db import Tx
from shared.errors import Conflict, Invalid, NotFound, Stale

Doc = dict[str, Any]
Made = tuple[Kept, str | None]
# What one person writes within this time is one line of the history.
_ONE_STEP = timedelta(minutes=10)
_COUNTS = {votes.FOR: Vote.in_favour, votes.AGAINST: Vote.against, votes.ABSTAIN: Vote.abstained}


def _led(tx: Tx, ctx: Context, data: Doc, act: str) -> Kept:
    """The meeting, locked, for who leads it while its results may be written down."""
    kept = reading.opened(tx, ctx, data["id"], lock=True)
    acts.require_leads(kept.meeting, acting.who_of(ctx))
    states.require(kept.meeting.state, states.WRITTEN, act)
    if data.get("item"):
        acting.item_of(tx, kept, data["item"])
    return kept


def _require_quorum(kept: Kept) -> bool | None:
    """That enough members are there. Raises `Conflict` (`no-quorum`); None where that is not asked."""
    found = quorum.of(kept.row["quorum"], kept.meeting.people)
    if found is not None and not found.met:
        raise Conflict("no-quorum", present=found.present, needed=found.needed, state=kept.meeting.state)
    return True if found else None


def decide(tx: Tx, ctx: Context, data: Doc) -> Made:
    """Enters a decision, changes it, or takes it back."""
    kept = _led(tx, ctx, data, "decide")
    if data["decision"] is None:
        if not data["text"]:
            raise Invalid({"text": "required"})
        values = {"id": tx.new_id(), "item": data["item"], "text": data["text"], "quorate": _require_quorum(kept)}
        tx.insert(Decision, meeting=kept.meeting.id, **values)
        return _save(tx, ctx, kept, "decided", {"text": data["text"]}), values["id"]
    mine = (Decision.id == data["decision"], Decision.meeting == kept.meeting.id)
    row = tx.one(select(Decision.text, Decision.item).where(*mine))
    if row is None:
        raise NotFound("decision")
    if not data["text"]:
        tx.execute(delete(Decision).where(*mine))
        return _save(tx, ctx, kept, "decision_dropped", {"text": row.text}), None
    _require_quorum(kept)
    tx.execute(update(Decision).where(*mine).values(text=data["text"]))
    return _save(tx, ctx, kept, "decided", {"text": data["text"], "before": row.text}), data["decision"]


def _save(tx: Tx, ctx: Context, kept: Kept, action: str, detail: Doc) -> Kept:
    return keeping.save(tx, ctx, kept, Moved(kept.meeting, action, detail))


def add_action(tx: Tx, ctx: Context, data: Doc, person: Ref | None) -> Made:
    """Enters an action item, changes it, or takes it back; not what is a request already (`already-asked`)."""
    kept = _led(tx, ctx, data, "add_action")
    values: Doc = {"title": data["title"], "person": person, "due": data["due"], "item": data["item"]}
    detail = {"title": data["title"], "person": person["name"] if person else ""}
    if data["action"] is None:
        if not data["title"]:
            raise Invalid({"title": "required"})
        id_ = tx.new_id()
        values |= {"request": None, "request_state": "", "request_sequence": 0}
        tx.insert(Action, id=id_, meeting=kept.meeting.id, **values)
        return _save(tx, ctx, kept, "action_added", detail), id_
    row = _action(tx, kept, data["action"])
    if row.request:
        raise Conflict("already-asked", request=row.request, state=kept.meeting.state)
    if not data["title"]:
        tx.execute(delete(Action).where(Action.id == row.id))
        return _save(tx, ctx, kept, "action_dropped", {"title": row.title}), None
    tx.execute(update(Action).where(Action.id == row.id).values(**values))
    return _save(tx, ctx, kept, "action_added", detail), row.id


def _action(tx: Tx, kept: Kept, id_: str) -> Any:
    row = tx.one(select(Action.__table__).where(Action.id == id_, Action.meeting == kept.meeting.id))
    if row is None:
        raise NotFound("action")
    return row


def action_asked(tx: Tx, ctx: Context, data: Doc) -> Kept:
    """Keeps which request an action item became. A second one is refused (`already-asked`)."""
    kept = reading.opened(tx, ctx, data["id"], lock=True)
    acts.require_leads(kept.meeting, acting.who_of(ctx))
    states.require(kept.meeting.state, states.BEGUN | {states.CONFIRMED}, "action_asked")
    row = _action(tx, kept, data["action"])
    if row.request == data["request"]:
        return kept
    if row.request:
        raise Conflict("already-asked", request=row.request, state=kept.meeting.state)
    values = {"request": data["request"], "request_state": "asked"}
    tx.execute(update(Action).where(Action.id == row.id).values(**values))
    return _save(tx, ctx, kept, "action_asked", {"title": row.title, "request": data["request"]})


def request_stands(tx: Tx, told: Doc) -> None:
    """A request is in another state: the highest sequence counts, so any order of the events ends the same."""
    same = (Action.request == told["subject"], Action.request_sequence < told["sequence"])
    tx.execute(update(Action).where(*same).values(request_state=told["state"], request_sequence=told["sequence"]))


# -- votes ------------------------------------------------------------------------------------------


def open_vote(tx: Tx, ctx: Context, data: Doc) -> Made:
    """Puts something to the vote while the meeting is held. Raises `Conflict` (`no-quorum`)."""
    kept = _led(tx, ctx, data, "open_vote")
    states.require(kept.meeting.state, frozenset((states.HELD,)), "open_vote")
    _require_quorum(kept)
    id_ = tx.new_id()
    values = {"item": data["item"], "question": data["question"], "secret": data["secret"], "closed": False}
    tx.insert(Vote, id=id_, meeting=kept.meeting.id, in_favour=0, against=0, abstained=0, **values)
    return _save(tx, ctx, kept, "vote_opened", {"question": data["question"], "secret": data["secret"]}), id_


def _vote(tx: Tx, kept: Kept, id_: str) -> Any:
    row = tx.one(select(Vote.__table__).where(Vote.id == id_, Vote.meeting == kept.meeting.id))
    if row is None:
        raise NotFound("vote")
    return row


def cast(tx: Tx, ctx: Context, data: Doc) -> Kept:
    """One vote of who is present. Raises `Conflict` (`not-present`, `already-voted`, `vote-closed`).

    Of a secret one the history, the record and the row of who has voted say nothing of what was voted.
    """
    kept = reading.opened(tx, ctx, data["id"], lock=True)
    row = _vote(tx, kept, data["vote"])
    votes.require_voter(kept.meeting, acting.who_of(ctx))
    if row.closed:
        raise Conflict("vote-closed", state=kept.meeting.state)
    choice = None if row.secret else data["choice"]
    if not tx.insert_new(Ballot, vote=row.id, person_id=ctx.person, person=ctx.person_ref, choice=choice):
        raise Conflict("already-voted", state=kept.meeting.state)
    count = _COUNTS[data["choice"]]
    tx.execute(update(Vote).where(Vote.id == row.id).values({count: count + 1}))
    moved = Moved(kept.meeting, "voted", {"question": row.question})
    return keeping.save(tx, ctx, kept, moved, small=True)


def close_vote(tx: Tx, ctx: Context, data: Doc) -> Kept:
    """Nobody votes any more; how it went can be seen from then on."""
    kept = _led(tx, ctx, data, "close_vote")
    row = _vote(tx, kept, data["vote"])
    if row.closed:
        return kept
    tx.execute(update(Vote).where(Vote.id == row.id).values(closed=True))
    tally = {"for": row.in_favour, "against": row.against, "abstain": row.abstained}
    return _save(tx, ctx, kept, "vote_closed", {"question": row.question, **tally})


# -- the gist ---------------------------------------------------------------------------------------


def write_minutes(tx: Tx, ctx: Context, data: Doc) -> tuple[Kept, int]:
    """Keeps the gist of the whole and of items; the version of what is written. Bodies come cleaned.

    Raises `Conflict` (`written-together`) where it would go over what others are typing.
    """
    kept = _led(tx, ctx, data, "write_minutes")
    if settling.state_of(tx, kept.meeting.id) is not None:
        raise Conflict("written-together", state=kept.meeting.state)
    row = results.written(tx, kept.meeting.id)
    version = row.version if row else 0
    if data["version"] is not None and data["version"] != version:
        raise Stale(version)
    for each in data["items"]:
        acting.item_of(tx, kept, each["item"])
    if row is None:
        tx.insert_new(Minutes, **results.no_minutes(tx, kept))
    for each in data["items"]:
        tx.execute(update(Item).where(Item.id == each["item"]).values(gist=each["body"]))
    values = {"version": version + 1, "written_by": ctx.person_ref, "written_at": tx.now}
    values |= {"body": data["body"]} if "body" in data else {}
    tx.execute(update(Minutes).where(Minutes.meeting == kept.meeting.id).values(**values))
    if row is not None and _goes_on(row, ctx, tx.now):
        tx.audit("meetings.minutes_written", subject=kept.meeting.id, after={"version": version + 1})
        return keeping.retold(tx, kept), version + 1
    return _save(tx, ctx, kept, "minutes_written", {"version": version + 1}), version + 1


def _goes_on(row: Any, ctx: Context, now: datetime) -> bool:
    """Whether somebody goes on writing: a page keeps what is typed every few seconds, which is one step."""
    return bool(row.version > 0 and row.written_by["id"] == ctx.person and now - row.written_at < _ONE_STEP)
