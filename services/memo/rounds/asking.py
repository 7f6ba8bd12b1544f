"""A round from its start to its end: started, extended, closed before its time, withdrawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import update

from services.memo.rounds import answering, catalogue, desk, figures, rows
from services.memo.rounds.domain import states
from services.memo.rounds.models import Asked, OpinionRound
from shared import alarms
from shared.context import Context
from shared.db import Tx
from shared.desk import Notice
from shared.errors import Invalid
from shared.people import ref
from shared.receivers import KINDS

CLOSE, REMIND = "close_round", "remind_round"


def start(tx: Tx, ctx: Context, asked: Mapping[str, Any], body: str, expanded: Mapping[str, Any]) -> dict[str, Any]:
    """Asks the people that `expanded` (`directory.expand`) names, as `RoundAsked`. Raises `Invalid`."""
    bad = states.problems(asked["closes_at"], tx.now) | _unknown(expanded)
    if bad:
        raise Invalid(bad)
    people = [ref(each) for each in expanded["people"] if each["id"] != ctx.person]
    states.require_enough(asked["anonymous"], len(people))
    row = {
        "id": tx.new_id(),
        "state": states.OPEN,
        "sequence": 1,
        "asker_id": ctx.person,
        "asker": ctx.person_ref,
        "body": body,
        "departments": _departments(expanded["people"]),
        "asked": len(people),
        "at": tx.now,
        "ended_at": None,
        **{name: asked[name] for name in ("title", "questions", "anonymous", "late", "sources", "closes_at")},
    }
    tx.insert(OpinionRound, **row)
    tx.insert_many(Asked, [_waiting(row["id"], each, tx.now) for each in people])
    _set_alarms(tx, row["id"], row["closes_at"])
    told = {name: row[name] for name in ("title", "anonymous", "asked", "questions")}
    tx.audit("memo.round.started", row["id"], after=told | {"closes_at": row["closes_at"]})
    desk.asks(tx, row, 1, [each["id"] for each in people])
    catalogue.tell(tx, row)
    tx.count(figures.STARTED, "anonymous" if row["anonymous"] else "open")
    left = [ref(each) for each in expanded["left"]]
    return {"id": row["id"], "state": states.OPEN, "asked": len(people), "left": left}


def extend(tx: Tx, ctx: Context, row: Any, closes_at: Any) -> dict[str, Any]:
    """Another time for a locked round, also for one that is closed, as `RoundState`; who came too late is told."""
    rows.require_asker(tx, ctx, row)
    states.require_extendable(row.state, row.anonymous, rows.answered(tx, row.id))
    bad = states.problems(closes_at, tx.now)
    if bad:
        raise Invalid(bad)
    before = {"state": row.state, "closes_at": row.closes_at}
    values = {"state": states.OPEN, "closes_at": closes_at, "ended_at": None}
    sequence = rows.change(tx, row, **values)
    late = _take_refused(tx, row.id)
    _stand(tx, row.id, was="missed", now="waiting")
    _set_alarms(tx, row.id, closes_at)
    tx.audit("memo.round.extended", row.id, before, {"state": states.OPEN, "closes_at": closes_at})
    told = {"title": row.title, "until": closes_at.isoformat()}
    notices = [Notice(person, "extended", sequence, tx.now, told) for person in late]
    now = {**row._mapping, **values, "sequence": sequence}
    desk.asks(tx, now, sequence, rows.waiting(tx, row.id), notices)
    catalogue.tell(tx, now)
    return {"id": row.id, "state": states.OPEN, "closes_at": closes_at}


def close_early(tx: Tx, ctx: Context, row: Any) -> dict[str, Any]:
    """Nothing counts any more that comes from now on; what is on its way does. As `RoundState`."""
    rows.require_asker(tx, ctx, row)
    states.require_open(row.state)
    closes_at = min(row.closes_at, tx.now)
    rows.change(tx, row, closes_at=closes_at)
    _set_alarms(tx, row.id, closes_at)
    tx.audit("memo.round.closed_early", row.id, {"closes_at": row.closes_at}, {"closes_at": closes_at})
    return {"id": row.id, "state": row.state, "closes_at": closes_at}


def withdraw(tx: Tx, ctx: Context, row: Any, reason: str) -> dict[str, Any]:
    """Takes a round back while it is open, as `RoundState`; those who are asked are told."""
    rows.require_asker(tx, ctx, row)
    states.require_open(row.state)
    values = {"state": states.WITHDRAWN, "ended_at": tx.now}
    sequence = rows.change(tx, row, **values)
    alarms.cancel(tx, CLOSE, row.id)
    alarms.cancel(tx, REMIND, row.id)
    waiting = rows.waiting(tx, row.id)
    _end_for_all(tx, row.id)
    tx.audit("memo.round.withdrawn", row.id, {"state": row.state}, {"state": states.WITHDRAWN, "reason": reason})
    desk.ended(tx, row, sequence, "round_withdrawn", waiting)
    catalogue.tell(tx, {**row._mapping, **values, "sequence": sequence})
    return {"id": row.id, "state": states.WITHDRAWN, "closes_at": row.closes_at}


def close(tx: Tx, row: Any) -> None:
    """Closes a locked round whose time has come: who asks is told once."""
    values = {"state": states.CLOSED, "ended_at": row.closes_at}
    sequence = rows.change(tx, row, **values)
    answered = rows.answered(tx, row.id)
    if row.anonymous:
        answering.mix(tx, row.id)
    _stand(tx, row.id, was="waiting", now="missed")
    tx.audit("memo.round.closed", row.id, {"state": row.state}, {"state": states.CLOSED, "answered": answered})
    desk.ended(tx, row, sequence, "round_closed", [row.asker_id])
    catalogue.tell(tx, {**row._mapping, **values, "sequence": sequence})
    tx.count(figures.CLOSED)


def remind(tx: Tx, row: Any) -> None:
    """Tells those who have not answered of a locked round that it ends soon."""
    sequence = rows.change(tx, row)
    desk.reminded(tx, row, sequence, rows.waiting(tx, row.id))
    reminder = states.next_reminder(row.closes_at, tx.now)
    if reminder is not None:
        alarms.at(tx, reminder, REMIND, row.id)


def _set_alarms(tx: Tx, id_: str, closes_at: Any) -> None:
    alarms.at(tx, closes_at + states.GRACE, CLOSE, id_)
    reminder = states.next_reminder(closes_at, tx.now)
    if reminder is None:
        alarms.cancel(tx, REMIND, id_)
    else:
        alarms.at(tx, reminder, REMIND, id_)


def _take_refused(tx: Tx, id_: str) -> list[str]:
    """Those whose answers came too late since the last extension; they are forgotten."""
    changed = update(Asked).where(Asked.round == id_, Asked.refused).values(refused=False).returning(Asked.person)
    return sorted(row.person for row in tx.execute(changed).all())


def _stand(tx: Tx, id_: str, *, was: str, now: str) -> None:
    is_open = now == "waiting"
    tx.execute(update(Asked).where(Asked.round == id_).values(is_open=is_open))
    tx.execute(update(Asked).where(Asked.round == id_, Asked.standing == was).values(standing=now))


def _end_for_all(tx: Tx, id_: str) -> None:
    tx.execute(update(Asked).where(Asked.round == id_).values(is_open=False))


def _waiting(id_: str, ref: dict[str, Any], at: Any) -> dict[str, Any]:
    return {
        "round": id_,
        "person": ref["id"],
        "ref": ref,
        "standing": "waiting",
        "refused": False,
        "is_open": True,
        "at": at,
    }


def _departments(people: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The departments that were asked as such."""
    named = {way["id"]: way["name"] for each in people for way in each["through"] if way["kind"] == "department"}
    return [{"id": id_, "name": name} for id_, name in named.items()]


def _unknown(expanded: Mapping[str, Any]) -> dict[str, str]:
    """What was named and is not there; codes by field."""
    bad = {KINDS[each["kind"]]: f"unknown_{each['kind']}" for each in expanded["unknown"]}
    return bad | ({"departments": "dissolved"} if expanded["dissolved"] else {})
