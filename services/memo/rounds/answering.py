"""Answers: taken while the round is open, those of an anonymous one without a trace of whose they are."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import delete, select, update

from services.memo.rounds import desk, figures, rows
from services.memo.rounds.domain import answers, states
from services.memo.rounds.models import Asked, OpenAnswer, Voice
from shared.context import Context
from shared.db import Tx
from shared.errors import Conflict, Forbidden, Invalid, NotFound

# Voices that are written anew with each answer.
_MIXED_AT_ONCE = 200


class TooLate(Conflict):
    """The answer came after the end; that it did is kept, so that an extension is told to who it matters to."""

    def __init__(self) -> None:
        super(Conflict, self).__init__(409, "round-closed", "The round was closed before this was received")


def answer(tx: Tx, ctx: Context, row: Any, asked: Mapping[str, Any]) -> dict[str, Any]:
    """The caller's answers to a locked round. Raises `TooLate`, `Invalid`, `Conflict`, `Forbidden`, `NotFound`."""
    mine = rows.asked(tx, row.id, ctx.person)
    if mine is None:
        raise Forbidden("asked") if row.asker_id == ctx.person else NotFound("round")
    if row.state == states.WITHDRAWN:
        raise Conflict("round-withdrawn")
    if not states.in_time(row.state, row.closes_at, states.received(asked["received_at"], tx.now)):
        tx.execute(update(Asked).where(Asked.round == row.id, Asked.person == ctx.person).values(refused=True))
        raise TooLate
    values, bad = answers.taken(row.questions, asked["answers"])
    if bad:
        raise Invalid(bad)
    first = mine.standing != "answered"
    if row.anonymous:
        # What was said first stands: nobody, the system included, can find it again to replace it.
        if first:
            _say(tx, row.id, values)
    else:
        _keep(tx, ctx, row, values)
    if first:
        _has_answered(tx, ctx, row)
    return {"id": row.id, "answered": True, "changed": first or not row.anonymous}


def _has_answered(tx: Tx, ctx: Context, row: Any) -> None:
    tx.execute(update(Asked).where(Asked.round == row.id, Asked.person == ctx.person).values(standing="answered"))
    sequence = rows.change(tx, row)
    desk.answered(tx, row, sequence, ctx.person)
    tx.count(figures.ANSWERED)


def _say(tx: Tx, id_: str, values: answers.Values) -> None:
    """Adds voices under ids drawn by lot, each for itself: what one person said is not told to belong together."""
    tx.insert_many(Voice, _drawn({"round": id_, "question": n, "value": value} for n, value in values.items()))
    some = tx.all(select(Voice.id).where(Voice.round == id_).limit(_MIXED_AT_ONCE + 1))
    if len(some) <= _MIXED_AT_ONCE:
        mix(tx, id_)


def mix(tx: Tx, id_: str) -> None:
    """Writes all voices of a round anew in the order of the lot: the place of a row tells no time.

    As long as they are few this is done with each answer, and at last when the round is closed.
    """
    old = tx.all(select(Voice.question, Voice.value).where(Voice.round == id_))
    tx.execute(delete(Voice).where(Voice.round == id_))
    tx.insert_many(Voice, _drawn({"round": id_, "question": row.question, "value": row.value} for row in old))


def _drawn(voices: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(({"id": str(uuid.uuid4()), **each} for each in voices), key=lambda each: str(each["id"]))


def _keep(tx: Tx, ctx: Context, row: Any, values: answers.Values) -> None:
    """Keeps open answers in place of earlier ones; the record has every one of them."""
    kept = {"answers": {str(number): value for number, value in values.items()}, "at": tx.now}
    mine = (OpenAnswer.round == row.id, OpenAnswer.person == ctx.person)
    before = tx.one(select(OpenAnswer.answers).where(*mine))
    if before is None:
        tx.insert(OpenAnswer, round=row.id, person=ctx.person, **kept)
    else:
        tx.change(update(OpenAnswer).where(*mine), kept)
    tx.audit("memo.round.answered", row.id, before.answers if before else None, kept["answers"])
