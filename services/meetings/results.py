"""What a meeting came to, from its rows: agenda with gist, decisions, votes, action items, and the minutes of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import bindparam, select

from services.meetings.domain import minutes, votes
from services.meetings.models import Action, Ballot, Decision, Guest, Item, Minutes, Vote
from services.meetings.models import Meeting as Row
from services.meetings.rows import Kept
from shared.db import Tx

Doc = dict[str, Any]
_OPEN_BEFORE = 50
_ITEMS = select(Item.__table__).where(Item.meeting == bindparam("id")).order_by(Item.number)
_DECISIONS = select(Decision.__table__).where(Decision.meeting == bindparam("id")).order_by(Decision.id)
_VOTES = select(Vote.__table__).where(Vote.meeting == bindparam("id")).order_by(Vote.id)
_BALLOTS = (
    select(Ballot.vote, Ballot.person, Ballot.choice)
    .join(Vote, Vote.id == Ballot.vote)
    .where(Vote.meeting == bindparam("id"))
    # Not in the order in which they were cast.
    .order_by(Ballot.vote, Ballot.person_id)
)
_ACTIONS = select(Action.__table__).where(Action.meeting == bindparam("id")).order_by(Action.id)
_GUESTS = select(Guest.__table__).where(Guest.meeting == bindparam("id"), Guest.active.is_(True)).order_by(Guest.id)
_MINUTES = select(Minutes.__table__).where(Minutes.meeting == bindparam("id"))
_ITEM_NAMES = ("id", "number", "title", "presenter", "minutes", "ready", "gist", "started_at", "spent")


def items(tx: Tx, id_: str) -> list[Doc]:
    """The agenda, as `ItemView` without its papers."""
    return [{name: getattr(row, name) for name in _ITEM_NAMES} for row in tx.execute(_ITEMS, {"id": id_}).all()]


def decisions(tx: Tx, id_: str) -> list[Doc]:
    """The decisions, as `DecisionView`."""
    names = ("id", "item", "text", "quorate")
    return [{name: getattr(row, name) for name in names} for row in tx.execute(_DECISIONS, {"id": id_}).all()]


def votes_of(tx: Tx, id_: str) -> list[Doc]:
    """The votes, as `VoteView`: how they stand is told once they are closed."""
    ballots: dict[str, list[Any]] = {}
    for row in tx.execute(_BALLOTS, {"id": id_}).all():
        ballots.setdefault(row.vote, []).append(row)
    return [_vote(row, ballots.get(row.id, [])) for row in tx.execute(_VOTES, {"id": id_}).all()]


def _vote(row: Any, cast: list[Any]) -> Doc:
    tally = {votes.FOR: row.in_favour, votes.AGAINST: row.against, votes.ABSTAIN: row.abstained}
    named = [{"person": each.person, "choice": each.choice} for each in cast] if row.closed and not row.secret else []
    return {
        **{name: getattr(row, name) for name in ("id", "item", "question", "secret", "closed")},
        "tally": tally if row.closed else dict.fromkeys(tally, 0),
        "carried": votes.carried(tally) if row.closed else None,
        "voted": [each.person for each in cast],
        "ballots": named,
    }


def actions(tx: Tx, id_: str) -> list[Doc]:
    """The action items, as `ActionView`."""
    return [action_view(row) for row in tx.execute(_ACTIONS, {"id": id_}).all()]


def action_view(row: Any) -> Doc:
    """An action item, as `ActionView`."""
    names = ("id", "item", "title", "person", "request")
    due = row.due.isoformat() if row.due else None
    return {name: getattr(row, name) for name in names} | {"due": due, "state": row.request_state}


def left(tx: Tx, row: Mapping[str, Any]) -> list[Doc]:
    """What is left to do from earlier meetings of the series, or of the committee, as `ActionView`."""
    if row["series"]:
        same = Row.series == row["series"]
    elif row["committee"]:
        same = Row.committee == row["committee"]
    else:
        return []
    earlier = (same, Row.starts_at < row["starts_at"], Row.state != "cancelled")
    found = select(Action.__table__).join(Row, Row.id == Action.meeting).where(*earlier)
    open_ = found.where(Action.request_state.notin_(("done", "withdrawn"))).order_by(Action.id.desc())
    return [action_view(each) for each in tx.all(open_.limit(_OPEN_BEFORE))]


def guests(tx: Tx, id_: str) -> list[Doc]:
    """Those from outside who are invited."""
    return [dict(row._mapping) for row in tx.execute(_GUESTS, {"id": id_}).all()]


def written(tx: Tx, id_: str) -> Any:
    """The row of what was written of the meeting as a whole; None where nothing was."""
    return tx.execute(_MINUTES, {"id": id_}).first()


def no_minutes(tx: Tx, kept: Kept) -> Doc:
    """The row of minutes of which nothing is written yet."""
    organiser = dict(kept.meeting.organiser)
    row = {"meeting": kept.meeting.id, "version": 0, "body": "", "state": "open", "digest": ""}
    return {**row, "written_by": organiser, "written_at": tx.now}


def together(tx: Tx, kept: Kept) -> Doc:
    """The minutes, put together as the law demands."""
    id_ = kept.meeting.id
    row = written(tx, id_)
    found = {
        "guests": guests(tx, id_),
        "decisions": decisions(tx, id_),
        "votes": votes_of(tx, id_),
        "actions": actions(tx, id_),
        "body": row.body if row else "",
    }
    return minutes.together(kept.row, kept.meeting, items(tx, id_), found)
