"""Rounds as they are read: lists, one whole, results, who answered what."""

from __future__ import annotations

from typing import Any

from sqlalchemy import literal, select

from services.memo.rounds import rows
from services.memo.rounds.domain import answers, states
from services.memo.rounds.models import Asked, OpenAnswer, OpinionRound, Voice
from shared import paging
from shared.context import Context
from shared.db import Tx
from shared.errors import Forbidden
from shared.paging import Order

_LINE = ("id", "title", "state", "asker", "anonymous", "closes_at", "at", "asked")


def page(tx: Tx, ctx: Context, query: dict[str, Any]) -> dict[str, Any]:
    """One page of a box, the newest first, as `RoundPage`."""
    columns = [getattr(OpinionRound, name) for name in _LINE]
    if query["box"] == "mine":
        statement = select(*columns, literal("asker").label("mine")).where(OpinionRound.asker_id == ctx.person)
        order = Order("rounds mine", (OpinionRound.at, OpinionRound.id), descending=True)
    else:
        is_open = query["box"] == "asked"
        of_me = (Asked.person == ctx.person, Asked.is_open.is_(is_open))
        own = [column for column in columns if column.key not in ("id", "at")]
        keys = (Asked.round.label("id"), Asked.at, Asked.standing.label("mine"))
        statement = select(*own, *keys).join(OpinionRound, OpinionRound.id == Asked.round).where(*of_me)
        order = Order(f"rounds {query['box']}", (Asked.at, Asked.round), descending=True)
    if query["cursor"]:
        statement = statement.where(order.after(query["cursor"]))
    found = tx.all(statement.order_by(*order.clauses()).limit(query["limit"] + 1))
    keyed = lambda row: [order.name, row.at, row.id]  # noqa: E731
    shown, following = paging.page(found, query["limit"], keyed)
    return {"items": [_line(row, row.mine) for row in shown], "next": following}


def view(tx: Tx, ctx: Context, id_: str) -> dict[str, Any]:
    """One round, as `RoundView`."""
    row, mine = rows.opened(tx, ctx, id_)
    count = rows.answered(tx, id_)
    is_asker = row.asker_id == ctx.person
    standing = mine.standing if mine is not None else "asker"
    return {
        **_line(row, standing),
        "body": row.body,
        "questions": row.questions,
        "late": row.late,
        "own": _own(tx, ctx, row, standing),
        "answered": count if is_asker and not (row.anonymous and count < states.LEAST_ANONYMOUS) else None,
        "may": _may(row, is_asker, mine is not None, standing, count, tx),
    }


def results(tx: Tx, ctx: Context, id_: str) -> dict[str, Any]:
    """What was answered, counted, as `RoundResults`; for who asks. Raises `Forbidden`."""
    row, _ = rows.opened(tx, ctx, id_)
    if row.asker_id != ctx.person:
        raise Forbidden("asker")
    count = rows.answered(tx, id_)
    hidden = states.shown(row.state, row.anonymous, count)
    values = [] if hidden else every(tx, row)
    told = count if not hidden or not row.anonymous else None
    questions = answers.counted(row.questions, values)
    return {"id": id_, "hidden": hidden, "asked": row.asked, "answered": told, "questions": questions}


def every(tx: Tx, row: Any) -> list[tuple[int, list[str]]]:
    """Every answer to every question, by the number of the question."""
    if row.anonymous:
        voices = select(Voice.question, Voice.value).where(Voice.round == row.id).order_by(Voice.id)
        return [(each.question, each.value) for each in tx.all(voices)]
    kept = tx.all(select(OpenAnswer.answers).where(OpenAnswer.round == row.id))
    return [(int(number), value) for each in kept for number, value in each.answers.items()]


def table(tx: Tx, ctx: Context, query: dict[str, Any]) -> dict[str, Any]:
    """Who was asked and what they answered, as `AnswersPage`; for who asks. Raises `Forbidden`: anonymous."""
    row, _ = rows.opened(tx, ctx, query["id"])
    if row.asker_id != ctx.person or row.anonymous:
        raise Forbidden("anonymous" if row.anonymous else "asker")
    order = Order("round answers", (Asked.round, Asked.person), descending=False)
    joined = (OpenAnswer.round == Asked.round) & (OpenAnswer.person == Asked.person)
    columns = (Asked.round, Asked.person, Asked.ref, OpenAnswer.answers, OpenAnswer.at)
    statement = select(*columns).outerjoin(OpenAnswer, joined).where(Asked.round == row.id)
    if query["cursor"]:
        statement = statement.where(order.after(query["cursor"]))
    found = tx.all(statement.order_by(*order.clauses()).limit(query["limit"] + 1))
    shown, following = paging.page(found, query["limit"], order.key)
    items = [{"person": each.ref, "at": each.at, "answers": _given(each.answers)} for each in shown]
    return {"items": items, "next": following}


def _own(tx: Tx, ctx: Context, row: Any, standing: str) -> list[dict[str, Any]] | None:
    if row.anonymous or standing != "answered":
        return None
    mine = select(OpenAnswer.answers).where(OpenAnswer.round == row.id, OpenAnswer.person == ctx.person)
    return _given(tx.scalar(mine))


def _given(kept: dict[str, list[str]] | None) -> list[dict[str, Any]]:
    return answers.as_given({int(number): value for number, value in (kept or {}).items()})


def _may(row: Any, is_asker: bool, is_asked: bool, standing: str, count: int, tx: Tx) -> list[str]:
    is_open = row.state == states.OPEN
    may = []
    if is_asked and is_open and tx.now < row.closes_at and (standing != "answered" or not row.anonymous):
        may.append("answer")
    if is_asker and is_open:
        may += ["extend", "close", "withdraw"]
    elif is_asker and row.state == states.CLOSED and (not row.anonymous or states.shown(row.state, True, count)):
        may.append("extend")
    if is_asker and row.state == states.CLOSED and not states.shown(row.state, row.anonymous, count):
        may.append("report")
    return may


def _line(row: Any, mine: str) -> dict[str, Any]:
    return {name: getattr(row, name) for name in _LINE} | {"mine": mine}
