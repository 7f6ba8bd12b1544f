"""The methods by which the memo service holds weekly and monthly reports."""

from __future__ import annotations

from typing import Any

from services.memo.weekly import due, joining, opening, plans, reading, report, rows, writing
from shared.alarms import Alarm
from shared.bus import Service, command, on_time, query
from shared.context import Context
from shared.contracts import weekly as contract
from shared.contracts.common import Strict
from shared.db import Tx


class WeeklyMethods(Service):
    """Among the bases of the memo service."""

    @command(contract.SaveWeeklyPlan)
    def save_weekly_plan(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """How a department reports, as `WeeklyPlanView`."""
        unit = self.call("directory", "unit", ctx, {"id": data["department"]})
        return plans.save(tx, ctx, data, unit, self.calendar(ctx))

    @query(Strict)
    def weekly_plans(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """The departments whose plans the caller may set, as `WeeklyPlans`."""
        return plans.every(tx, ctx, self.call("directory", "departments", ctx, {})["items"])

    @query(contract.WeeklyReportsQuery)
    def weekly_reports(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """One page of a box, as `WeeklyReportPage`."""
        return reading.page(tx, ctx, data)

    @query(contract.WeeklyQuery)
    def weekly_report(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """One report, as `WeeklyReportView`."""
        return reading.view(tx, ctx, data["id"])

    @query(contract.WeeklyQuery)
    def quote_weekly(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """The report as the beginning of a memo."""
        return report.quote(tx, ctx, data["id"])

    @command(contract.SaveWeeklyLines)
    def save_weekly_lines(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """Its lines in their order, as `WeeklyLines`."""
        return writing.save(tx, ctx, rows.locked(tx, data["id"]), data)

    @command(contract.WeeklyAct)
    def submit_weekly(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """Hands it in, as `WeeklyState`."""
        return writing.submit(tx, ctx, rows.locked(tx, data["id"]), data["version"])

    @command(contract.WeeklyAct)
    def recall_weekly(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """Takes it back, as `WeeklyState`."""
        return writing.recall(tx, ctx, rows.locked(tx, data["id"]), data["version"])

    @command(contract.TakeWeekly)
    def take_weekly(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """Joins what is handed in below, as `WeeklyState`."""
        return joining.take(tx, ctx, rows.locked(tx, data["id"]), data)

    @command(contract.ReturnWeekly)
    def return_weekly(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """Sends one below back, as `WeeklyState`."""
        return joining.send_back(tx, ctx, data["id"], data["reason"])

    @command(contract.WeeklyQuery)
    def ask_weekly(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """Asks for what is missing below, as `WeeklyAsked`."""
        return joining.ask(tx, ctx, rows.locked(tx, data["id"]))

    @on_time(plans.OPEN)
    def open_weekly(self, tx: Tx, alarm: Alarm) -> None:
        """Opens the period of a plan, and sets it for the next."""
        plan = plans.found(tx, alarm.subject)
        if plan is not None and plan.active:
            unit = self.call("directory", "unit", tx.ctx, {"id": plan.department})
            opening.open_period(tx, plan.id, unit, self.calendar(tx.ctx))

    @on_time(opening.REMIND)
    def remind_of_weekly(self, tx: Tx, alarm: Alarm) -> None:
        """Reminds who has not written."""
        joint = rows.found(tx, alarm.subject)
        if joint is not None:
            due.remind(tx, joint.id, self.call("directory", "unit", tx.ctx, {"id": joint.unit}))

    @on_time(opening.DUE)
    def weekly_falls_due(self, tx: Tx, alarm: Alarm) -> None:
        """Tells who joins which reports have not come."""
        joint = rows.found(tx, alarm.subject)
        if joint is not None:
            due.fall_due(tx, joint.id, self.call("directory", "unit", tx.ctx, {"id": joint.unit}))
