"""Recurring instructions: a series makes the next one on its day, by an alarm."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import bindparam, select, update

from services.requests.domain import recurrence
from services.requests.domain.recurrence import Rule
from services.requests.models import Series
from shared import alarms, calendar
from shared.calendar import Exceptions
from shared.context import Context
from shared.db import Tx
from shared.errors import Forbidden, Invalid, NotFound

Doc = dict[str, Any]
REPEAT = "repeat"
# The hour of Seoul at which one is asked.
_HOUR = time(9)
_SERIES = select(Series.__table__).where(Series.id == bindparam("id"))
# What each of them has in common.
CONTENT = ("title", "body", "kind", "urgency", "assignees", "pool", "sources", "cards")


def rule_of(given: Doc, now: datetime) -> Rule:
    """A rule as it was given. Raises `Invalid`."""
    rule = Rule(**given)
    if not rule.is_valid:
        raise Invalid({"recurs.on": "out_of_range"})
    today = calendar.seoul_date(now)
    if rule.until < today:
        raise Invalid({"recurs.until": "past"})
    if rule.until > today + recurrence.LONGEST:
        raise Invalid({"recurs.until": "beyond_ten_years"})
    return rule


def first_due(rule: Rule, now: datetime, exceptions: Exceptions) -> date:
    """The first day on which one is due, after today. Raises `Invalid` where the rule ends before."""
    found = recurrence.following(rule, calendar.seoul_date(now), exceptions)
    if found is None:
        raise Invalid({"recurs.until": "none_before"})
    return found


def begin(tx: Tx, ctx: Context, id_: str, content: Doc, rule: Rule, first: tuple[str, date], at: Exceptions) -> None:
    """Keeps a series of which the first request is made, and sets the alarm of the next one."""
    request, due = first
    following = recurrence.following(rule, due, at)
    kept = {name: content[name] for name in CONTENT}
    tx.insert(
        Series,
        id=id_,
        owner=ctx.person,
        asker=ctx.person_ref,
        content=kept,
        rule={**asdict(rule), "until": rule.until.isoformat()},
        next_due=following.isoformat() if following else None,
        last=request,
        stopped_at=None,
    )
    if following:
        _set(tx, id_, rule, following, at)


def _set(tx: Tx, id_: str, rule: Rule, due: date, exceptions: Exceptions) -> None:
    day = recurrence.asked_on(rule, due, exceptions)
    alarms.at(tx, datetime.combine(day, _HOUR, calendar.SEOUL), REPEAT, id_)


def sought(tx: Tx, id_: str, *, lock: bool = False) -> Any:
    """A series, as a row; None where there is none."""
    return tx.execute(_SERIES.with_for_update() if lock else _SERIES, {"id": id_}).first()


def kept_rule(row: Any) -> Rule:
    """The rule of a series."""
    return Rule(**{**row.rule, "until": date.fromisoformat(row.rule["until"])})


def due_now(row: Any) -> date | None:
    """The day on which the one is due that is to be made now; None where the series has ended, or is not there."""
    running = row is not None and row.stopped_at is None
    return date.fromisoformat(row.next_due) if running and row.next_due else None


def go_on(tx: Tx, row: Any, made: str, exceptions: Exceptions) -> None:
    """One was made: the next is set, where there is one."""
    due, rule = due_now(row), kept_rule(row)
    following = recurrence.following(rule, due, exceptions) if due else None
    values = {"next_due": following.isoformat() if following else None, "last": made}
    tx.execute(update(Series).where(Series.id == row.id).values(**values))
    if following:
        _set(tx, row.id, rule, following, exceptions)


def end(tx: Tx, row: Any, why: str) -> None:
    """Nothing more is made of a series."""
    alarms.cancel(tx, REPEAT, row.id)
    tx.execute(update(Series).where(Series.id == row.id).values(stopped_at=tx.now))
    tx.audit("requests.series.stopped", subject=row.last, after={"series": row.id, "why": why})


def stop(tx: Tx, ctx: Context, id_: str) -> Doc:
    """By who began it; what was made goes on. A second time changes nothing. Raises `Forbidden`, `NotFound`."""
    row = sought(tx, id_, lock=True)
    if row is None:
        raise NotFound("series")
    if row.owner != ctx.person:
        raise Forbidden("not who began it")
    if row.stopped_at is None:
        end(tx, row, "by its owner")
    return {"id": id_, "stopped": True}


def view(tx: Tx, id_: str | None) -> Doc | None:
    """The series of a request: its rule, when the next one is due, and whether it was stopped."""
    row = sought(tx, id_) if id_ else None
    if row is None:
        return None
    return {**row.rule, "id": row.id, "next_due": row.next_due, "stopped": row.stopped_at is not None}


def remaining(assignees: list[Doc], bad: dict[str, str]) -> list[Doc]:
    """The assignees without those that cannot be asked any more, by the paths of a refusal."""
    gone = {int(path.split(".")[1]) for path in bad if path.startswith("assignees.")}
    left = [each for n, each in enumerate(assignees) if n not in gone]
    return left if len(left) < len(assignees) else []
