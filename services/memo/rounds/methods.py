"""The methods by which the memo service holds opinion rounds."""

from __future__ import annotations

from typing import Any

from services.memo.rounds import answering, asking, reading, report, rows
from services.memo.rounds.domain import states
from shared.alarms import Alarm
from shared.bus import Service, command, on_time, query
from shared.context import Context
from shared.contracts import rounds as contract
from shared.db import Tx
from shared.errors import NotFound
from shared.work import bodies


class RoundMethods(Service):
    """Among the bases of the memo service."""

    @command(contract.StartRound)
    def start_round(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """Asks people, as `RoundAsked`."""
        named = {name: data[name] for name in ("people", "departments", "groups")}
        expanded = self.call("directory", "expand", ctx, named)
        return asking.start(tx, ctx, data, bodies.accepted(data["body"]), expanded)

    @command(contract.ExtendRound)
    def extend_round(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """Another time for it, as `RoundState`."""
        return asking.extend(tx, ctx, rows.locked(tx, data["id"]), data["closes_at"])

    @command(contract.RoundQuery)
    def close_round_early(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """Closes it before its time, as `RoundState`."""
        return asking.close_early(tx, ctx, rows.locked(tx, data["id"]))

    @command(contract.WithdrawRound)
    def withdraw_round(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """Takes it back, as `RoundState`."""
        return asking.withdraw(tx, ctx, rows.locked(tx, data["id"]), data["reason"])

    @command(contract.AnswerRound, keeps=answering.TooLate)
    def answer_round(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """The caller's answers; `{id, answered, changed}`."""
        return answering.answer(tx, ctx, rows.locked(tx, data["id"]), data)

    @query(contract.RoundsQuery)
    def rounds(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """One page of a box, as `RoundPage`."""
        return reading.page(tx, ctx, data)

    @query(contract.RoundQuery)
    def opinion_round(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """One round, as `RoundView`."""
        return reading.view(tx, ctx, data["id"])

    @query(contract.RoundQuery)
    def round_results(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """What was answered, as `RoundResults`."""
        return reading.results(tx, ctx, data["id"])

    @query(contract.AnswersQuery)
    def round_answers(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """Who answered what, as `AnswersPage`."""
        return reading.table(tx, ctx, data)

    @query(contract.RoundQuery)
    def quote_round(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """The collected report as the beginning of a memo."""
        return report.quote(tx, ctx, data["id"])

    @on_time(asking.CLOSE)
    def end_round(self, tx: Tx, alarm: Alarm) -> None:
        """Closes what is due."""
        row = _locked(tx, alarm.subject)
        if row is not None and states.due(row.state, row.closes_at, tx.now):
            asking.close(tx, row)

    @on_time(asking.REMIND)
    def remind_of_round(self, tx: Tx, alarm: Alarm) -> None:
        """Reminds those who have not answered, and sets itself the next time."""
        row = _locked(tx, alarm.subject)
        if row is not None and row.state == states.OPEN and tx.now < row.closes_at:
            asking.remind(tx, row)


def _locked(tx: Tx, id_: str) -> Any:
    try:
        return rows.locked(tx, id_)
    except NotFound:
        return None
