"""Reminders and escalation, by the tenant's rule and its alarms."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from sqlalchemy import select, update

from services.requests.domain import reminders
from services.requests.domain.reminders import Rule
from services.requests.domain.request import Request
from services.requests.models import ReminderRule
from shared import alarms
from shared.calendar import Exceptions
from shared.context import Context
from shared.db import Tx
from shared.errors import Stale

REMIND, ESCALATE = "remind", "escalate"
_LISTS = ("before", "after", "to")
_THE = 1


def rule(tx: Tx) -> tuple[Rule, int]:
    """The rule that holds, and its version; 0 while it is the one that comes with the system."""
    row = tx.one(select(ReminderRule.rule, ReminderRule.version).where(ReminderRule.id == _THE))
    if row is None:
        return Rule(), 0
    kept: dict[str, Any] = {name: tuple(v) if name in _LISTS else v for name, v in row.rule.items()}
    return Rule(**kept), row.version


def view(tx: Tx) -> dict[str, Any]:
    """The rule, as `RemindersView`."""
    found, version = rule(tx)
    lists = {name: list(getattr(found, name)) for name in _LISTS}
    return {**asdict(found), **lists, "version": version}


def save(tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
    """Keeps another rule. Raises `Stale` where another version than the one seen holds."""
    seen = data.pop("version")
    tx.insert_new(ReminderRule, id=_THE, version=0, rule={**asdict(Rule())})
    row = tx.one(select(ReminderRule.version, ReminderRule.rule).where(ReminderRule.id == _THE).with_for_update())
    current = row.version if row else 0
    if seen is not None and seen != current:
        raise Stale(current)
    version = current + 1
    tx.execute(update(ReminderRule).where(ReminderRule.id == _THE).values(version=version, rule=data))
    tx.audit("requests.reminders.saved", subject=ctx.tenant, before=row.rule if row else None, after=data)
    return {**data, "version": version}


def set_(tx: Tx, request: Request, exceptions: Exceptions, *, escalated: bool) -> None:
    """Sets the next reminder and the escalation of a request, in place of those that were set."""
    cancel(tx, request.id)
    if request.due is None or request.is_finished:
        return
    found, _ = rule(tx)
    following = reminders.next_one(request.due, found, tx.now, exceptions)
    if following:
        alarms.at(tx, following.at, REMIND, request.id, code=following.code, days=following.days)
    at = None if escalated else reminders.escalation(request.due, found, exceptions)
    if at:
        alarms.at(tx, at, ESCALATE, request.id)


def cancel(tx: Tx, id_: str) -> None:
    """Takes the alarms off a request."""
    alarms.cancel(tx, REMIND, id_)
    alarms.cancel(tx, ESCALATE, id_)
