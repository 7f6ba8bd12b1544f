"""A period of a department opens: each of its reporters has a report to write, and the head one that joins them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select

from services.memo.weekly import desk, figures, plans, rows
from services.memo.weekly.domain import lines as rules
from services.memo.weekly.domain import periods, states, units
from services.memo.weekly.domain.periods import Period
from services.memo.weekly.domain.units import Reporter
from services.memo.weekly.models import WeeklyReport
from shared import alarms
from shared.calendar import Exceptions
from shared.db import Tx

REMIND, DUE = "weekly_remind", "weekly_due"
Columns = dict[str, Any]


def open_period(tx: Tx, plan_id: str, unit: Mapping[str, Any], exceptions: Exceptions) -> None:
    """Opens the period of a plan whose time has come, and sets it for the next one. `unit` is its `UnitView`."""
    plan = plans.found(tx, plan_id, lock=True)
    if plan is None or not plan.active:
        return
    if unit["abolished"]:
        plans.end(tx, plan)
        return
    opening = plans.due(tx, plan, exceptions)
    if opening is None:
        return
    head = units.joint(unit)
    if head is not None:
        joint = _joint(tx, head, opening.period, opening.due_at, unit["parent"])
        count = gather(tx, joint, unit, final=False)
        alarms.at(tx, opening.due_at, DUE, joint["id"])
        reminder = periods.reminder(tx.now, opening.due_at)
        if reminder is not None:
            alarms.at(tx, reminder, REMIND, joint["id"])
        tx.audit("memo.weekly.opened", joint["id"], after={"period": opening.period.key, "reporters": count})
    plans.opened(tx, plan, opening, exceptions)


def _joint(tx: Tx, head: Reporter, period: Period, due_at: datetime, parent: str | None) -> Columns:
    """The department's joined report, which is there already where the one above opened first."""
    first = period.first.isoformat()
    row = _of_period(tx, [head.unit], period.cadence, first).get(head.unit)
    if row is None:
        above = _of_period(tx, [parent] if parent else [], period.cadence, first).get(parent or "")
        up = {"above": above.id, "due_at": above.gathers_at} if above and above.gathers_at else {"due_at": due_at}
        (made,) = _create(tx, [(0, head)], period, **{"gathers_at": due_at, **up})
        return made
    now = rows.change(tx, row, gathers_at=due_at, **_told(row, head))
    desk.tell(tx, now)
    return now


def refresh(tx: Tx, row: Row[Any], unit: Mapping[str, Any]) -> Columns:
    """A locked joined report with who heads the department now, and with everybody who reports in it; its columns."""
    head = units.joint(unit)
    changes = _told(row, head) if head else {}
    if changes:
        now = rows.change(tx, row, **changes)
        desk.tell(tx, now)
    else:
        now = {**row._mapping}
    if head:
        gather(tx, now, unit, final=True)
    return now


def gather(tx: Tx, joint: Columns, unit: Mapping[str, Any], *, final: bool) -> int:
    """Lets everybody who reports in the department now have a report that goes into `joint`; how many they are.

    Safe to repeat. With `final`, who is away is excused from now on.
    """
    below = [each["id"] for each in unit["below"]]
    reporters = units.reporters(unit, plans.planned(tx, below, joint["cadence"]))
    period = periods.of(joint["cadence"], datetime.fromisoformat(joint["starts_on"]).date())
    there = _of_period(tx, [each.unit for each in reporters], joint["cadence"], joint["starts_on"])
    gone = [row for row in rows.below(tx, joint["id"], lock=True) if row.unit not in there]
    new = [(place, each) for place, each in enumerate(reporters) if each.unit not in there]
    for place, each in enumerate(reporters):
        if each.unit in there:
            _join(tx, there[each.unit], each, joint, place, final)
    for row in gone:
        if row.state in states.WRITING and row.excused != states.GONE:
            desk.tell(tx, rows.change(tx, row, excused=states.GONE))
    _create(tx, new, period, joint["gathers_at"], above=joint["id"], final=final)
    return len(reporters)


def _join(tx: Tx, row: Row[Any], each: Reporter, joint: Columns, place: int, final: bool) -> None:
    """A report that is there already goes into this one, unless another has taken it up."""
    changes = _told(row, each)
    if row.above != joint["id"] and row.state != states.TAKEN:
        changes |= {"above": joint["id"], "due_at": joint["gathers_at"]}
    if row.above == joint["id"] or "above" in changes:
        excused = each.excused if final else row.excused if row.excused != states.GONE else None
        changes |= {"excused": excused} if excused != row.excused else {}
    if changes:
        desk.tell(tx, rows.change(tx, row, place=place, **changes))
    elif row.place != place and row.above == joint["id"]:
        rows.keep(tx, row, place=place)


def _told(row: Row[Any], each: Reporter) -> Columns:
    """Who writes it, where that has changed."""
    deputy = each.deputy["id"] if each.deputy else None
    if (row.writer_id, row.deputy_id) == (each.writer["id"], deputy):
        return {}
    return {"writer_id": each.writer["id"], "writer": each.writer, "deputy_id": deputy, "deputy": each.deputy}


def _create(
    tx: Tx,
    new: Sequence[tuple[int, Reporter]],
    period: Period,
    due_at: datetime,
    *,
    above: str | None = None,
    gathers_at: datetime | None = None,
    final: bool = False,
) -> list[Columns]:
    """Reports that begin with the plans of the last period's, and are on the desks of who writes them."""
    before = _before(tx, [each.unit for _, each in new], period)
    plans_ = rows.lines_of(tx, [row.id for row in before.values()])
    found = []
    for place, each in new:
        previous = before.get(each.unit)
        begin = rules.carried(plans_.get(previous.id, []), tx.new_id) if previous else []
        row = _begun(tx, each, period, due_at) | {"above": above, "place": place, "gathers_at": gathers_at}
        row |= {"previous": previous.id if previous else None, "carried": bool(begin)}
        row |= {"excused": each.excused if final else None}
        tx.insert(WeeklyReport, **row)
        rows.add_lines(tx, row["id"], begin)
        desk.tell(tx, row)
        tx.count(figures.OPENED, each.kind)
        found.append(row)
    return found


def _begun(tx: Tx, each: Reporter, period: Period, due_at: datetime) -> Columns:
    times = dict.fromkeys(("submitted_at", "taken_at", "returned_at", "asked_at"))
    return times | {
        "id": tx.new_id(),
        "kind": each.kind,
        "unit": each.unit,
        "unit_name": each.name,
        "title": periods.title(period.cadence, period.first, period.last, each.name),
        "cadence": period.cadence,
        "period": period.key,
        "starts_on": period.first.isoformat(),
        "ends_on": period.last.isoformat(),
        "state": states.OPEN,
        "version": 1,
        "sequence": 1,
        "writer_id": each.writer["id"],
        "writer": each.writer,
        "deputy_id": each.deputy["id"] if each.deputy else None,
        "deputy": each.deputy,
        "opened_at": tx.now,
        "due_at": due_at,
        "reason": "",
        "sender": None,
    }


def _of_period(tx: Tx, wanted: Sequence[str], cadence: str, first: str) -> dict[str, Row[Any]]:
    """The reports of these units of a period, locked, by unit."""
    if not wanted:
        return {}
    where = (WeeklyReport.unit.in_(wanted), WeeklyReport.cadence == cadence, WeeklyReport.starts_on == first)
    found = tx.all(select(WeeklyReport.__table__).where(*where).order_by(WeeklyReport.id).with_for_update())
    return {row.unit: row for row in found}


def _before(tx: Tx, wanted: Iterable[str], period: Period) -> dict[str, Row[Any]]:
    """The last report of each of these units before a period."""
    named = sorted(wanted)
    if not named:
        return {}
    same = (WeeklyReport.unit.in_(named), WeeklyReport.cadence == period.cadence)
    last = select(WeeklyReport.unit, func.max(WeeklyReport.starts_on).label("first"))
    last = last.where(*same, WeeklyReport.starts_on < period.first.isoformat()).group_by(WeeklyReport.unit)
    newest = last.subquery()
    joined = (WeeklyReport.unit == newest.c.unit) & (WeeklyReport.starts_on == newest.c.first)
    found = tx.all(
        select(WeeklyReport.id, WeeklyReport.unit).join(newest, joined).where(WeeklyReport.cadence == period.cadence)
    )
    return {row.unit: row for row in found}
