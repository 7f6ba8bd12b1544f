"""What happens to a request by the clock: somebody is reminded, and what is overdue goes up one level, once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from services.requests import desk, keeping, reminding
from services.requests.domain import reminders
from services.requests.domain.request import Moved, Part, Request, is_late
from services.requests.domain.states import WORKED_ON
from services.requests.rows import Kept, sought
from shared import alarms
from shared.alarms import Alarm
from shared.calendar import Exceptions
from shared.db import Tx


def remind(tx: Tx, alarm: Alarm, exceptions: Exceptions) -> None:
    """Tells those who are to be told, and sets the next one. What was handed in meanwhile disturbs nobody."""
    kept = sought(tx, alarm.subject, lock=True)
    if kept is None or kept.request.is_finished or kept.request.due is None:
        return
    request, due = kept.request, kept.request.due
    rule, _ = reminding.rule(tx)
    if request.state in WORKED_ON:
        detail = {"due": due.told, "days": alarm.data["days"]}
        told = {f"reminded_{alarm.data['code']}": _whom(request, rule)}
        desk.inform(tx, kept, told, detail, looking=False)
        tx.audit("requests.reminded", subject=request.id, after={"code": alarm.data["code"]})
    following = reminders.next_one(due, rule, max(tx.now, alarm.at), exceptions)
    if following:
        alarms.at(tx, following.at, reminding.REMIND, request.id, code=following.code, days=following.days)


def _whom(request: Request, rule: reminders.Rule) -> list[str]:
    people = [str(request.asker["id"])] if "asker" in rule.to else []
    if "assignees" in rule.to:
        people += [id_ for part in request.parts if part.state in WORKED_ON for id_ in _holders(part)]
    return people


def _holders(part: Part) -> list[str]:
    return [str(part.person["id"])] if part.person else [str(each["id"]) for each in part.candidates]


def answerable(request: Request) -> str | None:
    """Whose superior hears of it where it is late: the lead, or who was to take or to assign the lead's part."""
    return next(iter(_holders(request.lead)), None)


def is_due(kept: Kept, tx: Tx) -> bool:
    """Whether it goes up now."""
    return kept.row["escalated_at"] is None and is_late(kept.request, tx.now)


def escalate(tx: Tx, alarm: Alarm, heads: list[dict[str, Any]]) -> None:
    """Tells the nearest head above, who may read it from then on; whoever has asked it knows already."""
    kept = sought(tx, alarm.subject, lock=True)
    if kept is None or not is_due(kept, tx):
        return
    request, due = kept.request, kept.request.due
    head = heads[0] if heads and heads[0]["id"] != request.asker["id"] else None
    told = [str(each["id"]) for each in (head, (head or {}).get("deputy")) if each]
    former = (*request.former, *(id_ for id_ in told if id_ not in request.former))
    detail: dict[str, Any] = {"to": head["name"] if head else "", "due": due.told if due else None}
    moved = Moved(replace(request, former=former), "escalated", detail, tuple(told))
    keeping.save(tx, tx.ctx, kept, moved, escalated_at=tx.now)
