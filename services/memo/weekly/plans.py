"""How departments report: set by their heads, and by those above."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, bindparam, select, update

from services.memo.weekly.domain import periods
from services.memo.weekly.domain.periods import Opening, Rule
from services.memo.weekly.models import WeeklyPlan
from shared import alarms
from shared.calendar import Exceptions
from shared.context import Context
from shared.db import Tx
from shared.errors import Forbidden, Invalid, Stale

OPEN = "weekly_open"
_RULE = ("weekday", "day", "hour", "active")
_VIEW = ("id", "department", "name", "cadence", *_RULE, "version", "next")
_CHANGE = update(WeeklyPlan).where(WeeklyPlan.id == bindparam("of_plan"))


def found(tx: Tx, id_: str, *, lock: bool = False) -> Row[Any] | None:
    """A plan, where it is there."""
    statement = select(WeeklyPlan.__table__).where(WeeklyPlan.id == id_)
    return tx.one(statement.with_for_update() if lock else statement)


def of_department(tx: Tx, department: str, cadence: str, *, lock: bool = False) -> Row[Any] | None:
    """The plan by which a department reports, where it has one."""
    statement = select(WeeklyPlan.__table__)
    statement = statement.where(WeeklyPlan.department == department, WeeklyPlan.cadence == cadence)
    return tx.one(statement.with_for_update() if lock else statement)


def planned(tx: Tx, departments: Sequence[str], cadence: str) -> set[str]:
    """Those of the departments that report by a plan of their own."""
    if not departments:
        return set()
    plans = select(WeeklyPlan.department).where(WeeklyPlan.cadence == cadence, WeeklyPlan.active)
    return {row.department for row in tx.all(plans.where(WeeklyPlan.department.in_(departments)))}


def save(
    tx: Tx, ctx: Context, data: Mapping[str, Any], unit: Mapping[str, Any], exceptions: Exceptions
) -> dict[str, Any]:
    """Sets how a department (`UnitView`) reports, as `WeeklyPlanView`. Raises `Forbidden`, `Invalid`, `Stale`.

    The period that runs is reported on where its due time is to come; what is open already stays as it was opened.
    """
    _require_head(ctx, unit)
    if unit["abolished"] and data["active"]:
        raise Invalid({"department": "dissolved"})
    before = of_department(tx, data["department"], data["cadence"], lock=True)
    if data["version"] not in (None, before.version if before else None):
        raise Stale(before.version if before else 0)
    values = {name: data[name] for name in _RULE} | {"name": unit["name"]}
    opened = before.opened if before else None
    coming = _upcoming(tx, data, exceptions, opened) if data["active"] else None
    values["next"] = _told(coming)
    id_ = before.id if before else tx.new_id()
    if before is None:
        keys = {"id": id_, "department": unit["id"], "cadence": data["cadence"], "opened": None, "version": 1}
        tx.insert(WeeklyPlan, **keys, **values)
    else:
        tx.change(_CHANGE, {"of_plan": id_, "version": before.version + 1, **values})
    _set_alarm(tx, id_, coming)
    was = {name: getattr(before, name) for name in _RULE} if before else None
    tx.audit("memo.weekly.planned", id_, was, {name: data[name] for name in ("department", "cadence", *_RULE)})
    version = before.version + 1 if before else 1
    return {"id": id_, "department": unit["id"], "cadence": data["cadence"], "version": version, **values}


def _require_head(ctx: Context, unit: Mapping[str, Any]) -> None:
    if not ctx.has("tenant_admin") and all(head["id"] != ctx.person for head in unit["heads"]):
        raise Forbidden("head")


def due(tx: Tx, plan: Row[Any], exceptions: Exceptions) -> Opening | None:
    """The period that a plan opens now; None where it is not time yet, and it is set for then."""
    coming = _upcoming(tx, {**plan._mapping}, exceptions, plan.opened)
    if coming.opens_at <= tx.now:
        return coming
    _go_on(tx, plan.id, coming)
    return None


def opened(tx: Tx, plan: Row[Any], opening: Opening, exceptions: Exceptions) -> None:
    """The plan has opened a period: it is set for the next."""
    first = opening.period.first.isoformat()
    _go_on(tx, plan.id, _upcoming(tx, {**plan._mapping}, exceptions, first), opened=first)


def end(tx: Tx, plan: Row[Any]) -> None:
    """The department is no more: nothing is opened any more."""
    tx.change(_CHANGE, {"of_plan": plan.id, "active": False, "next": None, "version": plan.version + 1})
    tx.audit("memo.weekly.plan_ended", plan.id, {"active": True}, {"active": False})


def rule(plan: Mapping[str, Any]) -> Rule:
    """When reports by this plan are due."""
    return Rule(plan["cadence"], plan["weekday"], plan["day"], plan["hour"])


def every(tx: Tx, ctx: Context, departments: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The departments whose plans the caller may set, with those they have, as `WeeklyPlans`."""
    mine: dict[str, Mapping[str, Any]] = {}
    for each in departments:
        heads = each["head"] is not None and each["head"]["id"] == ctx.person
        if not each["abolished"] and (heads or each["parent"] in mine or ctx.has("tenant_admin")):
            mine[each["id"]] = each
    kept: dict[str, list[dict[str, Any]]] = {}
    if mine:
        for row in tx.all(select(WeeklyPlan.__table__).order_by(WeeklyPlan.cadence.desc())):
            kept.setdefault(row.department, []).append({name: getattr(row, name) for name in _VIEW})
    return {
        "items": [
            {"department": id_, "name": each["name"], "depth": each["depth"], "plans": kept.get(id_, [])}
            for id_, each in mine.items()
        ]
    }


def _upcoming(tx: Tx, plan: Mapping[str, Any], exceptions: Exceptions, opened: str | None) -> Opening:
    return periods.upcoming(rule(plan), tx.now, exceptions, date.fromisoformat(opened) if opened else None)


def _go_on(tx: Tx, id_: str, coming: Opening, **values: Any) -> None:
    tx.change(_CHANGE, {"of_plan": id_, "next": _told(coming), **values})
    _set_alarm(tx, id_, coming)


def _set_alarm(tx: Tx, id_: str, coming: Opening | None) -> None:
    if coming is None:
        alarms.cancel(tx, OPEN, id_)
    else:
        alarms.at(tx, max(coming.opens_at, tx.now), OPEN, id_)


def _told(coming: Opening | None) -> dict[str, Any] | None:
    if coming is None:
        return None
    times = {"opens_at": coming.opens_at.isoformat(), "due_at": coming.due_at.isoformat()}
    return {"period": coming.period.key, **times}
