"""The methods of memo reports: written, sent, read, answered, passed on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from services.memo import (
    addressing,
    boxes,
    cards,
    drafts,
    escalations,
    marks,
    passing,
    receipts,
    rows,
    sending,
    templates,
)
from services.memo.domain import escalation, lifecycle, receivers
from services.memo.domain.receivers import Expanded
from services.memo.rows import Restricted
from shared.alarms import Alarm
from shared.bus import command, on_time, query
from shared.context import Context
from shared.contracts import memo as contract
from shared.contracts import threads as threads_contract
from shared.db import Tx
from shared.errors import NotFound
from shared.threads import WithThreads

_ALERTS, _RECENT = 5, 3


class MemoMethods(WithThreads):
    """Among the bases of `MemoService`."""

    # -- writing ------------------------------------------------------------------------------------

    @command(contract.CreateMemoDraft, keeps=Restricted)
    def create_draft(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """A new draft of the caller's, as `DraftResult`."""
        memo = drafts.create(tx, ctx, drafts.first(tx, ctx, data, self._expanded(ctx, data)))
        return drafts.made(tx, memo)

    @command(contract.SaveMemoDraft, keeps=Restricted)
    def save_draft(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """Changes the fields given; a new version unless nothing changed. `DraftResult`."""
        found = drafts.content(tx, ctx, data, self._expanded(ctx, data))
        row = rows.own(tx, ctx, data["id"])
        lifecycle.require_draft(row.state)
        rows.require_version(row, data["version"])
        return drafts.save(tx, row, rows.content(tx, row.id), found)

    @command(contract.DeleteMemoDraft)
    def delete_draft(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """Deletes a draft of the caller's."""
        row = rows.own(tx, ctx, data["id"])
        rows.require_version(row, data["version"])
        return drafts.delete(tx, row)

    @command(contract.SendMemoDraft)
    def send_draft(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """Sends a draft of the caller's, now, after `hold` seconds or at its time; `SendResult`."""
        kept = rows.content(tx, rows.opened(tx, ctx, data["id"]).row.id)
        expanded = self._expanded(ctx, {role: addressing.receivers(getattr(kept, role)) for role in contract.ROLES})
        row = rows.own(tx, ctx, data["id"])
        rows.require_version(row, data["version"])
        return sending.send(tx, row, rows.content(tx, row.id), expanded, data["hold"])

    @command(contract.SendMemo, keeps=Restricted)
    def send_memo(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """A memo written and sent in one; `SendResult`."""
        expanded = self._expanded(ctx, data)
        memo = drafts.create(tx, ctx, drafts.content(tx, ctx, data, expanded))
        return sending.send(tx, rows.own(tx, ctx, memo), rows.content(tx, memo), expanded, data["hold"])

    @command(contract.MemoCommand)
    def take_back(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """One that is held or scheduled is a draft again (실행 취소); `DraftResult`."""
        return sending.take_back(tx, rows.own(tx, ctx, data["id"]))

    @on_time(sending.SEND)
    def send_at_its_time(self, tx: Tx, alarm: Alarm) -> None:
        """One that was held or scheduled goes out, to whoever is meant by its receivers now."""
        waiting = sending.waiting(tx, alarm.subject, alarm.at)
        if waiting is None:
            return
        kept = rows.content(tx, waiting.id)
        # A group of the sender's own is nobody else's to ask for.
        sender = replace(tx.ctx, person=waiting.sender_id, department_id=waiting.sender["department_id"])
        named = {role: addressing.receivers(getattr(kept, role)) for role in contract.ROLES}
        expanded = self._expanded(sender, named)
        row = sending.waiting(tx, alarm.subject, alarm.at, lock=True)
        if row is not None and row.version == waiting.version:
            sending.go_out(tx, row, expanded)

    @query(contract.CheckReceivers)
    def check_receivers(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """Whom a memo would reach, as `Reach`."""
        found = self._expanded(ctx, data)
        return receivers.addressed(found["to"], found["cc"], ctx.person).reach()

    def _expanded(self, ctx: Context, data: Mapping[str, Any]) -> dict[str, Expanded]:
        named = {role: data[role] for role in contract.ROLES if role in data}
        return addressing.asked(self, ctx, named)

    # -- receiving ----------------------------------------------------------------------------------

    @command(contract.ReadMemo)
    def read(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """The caller has the whole memo before them, as `ReadResult`."""
        return receipts.read(tx, ctx, rows.held(tx, ctx, data["id"]), data["channel"])

    @command(contract.AnswerMemo)
    def answer(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """확인, 동의, 의견, 지시: as `AnswerResult`."""
        return receipts.answer(tx, ctx, *rows.received(tx, ctx, data["id"]), data)

    @command(contract.Mark)
    def mark(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """How it lies in the caller's own list, as `MarkResult`."""
        return marks.mark(tx, *rows.received(tx, ctx, data["id"]), data)

    @command(contract.MarkSeveral)
    def mark_several(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """How several lie in the caller's own list, as `MarksResult`."""
        return marks.mark_several(tx, ctx, data)

    @on_time(marks.WAKE)
    def wake(self, tx: Tx, alarm: Alarm) -> None:
        """One that was put off is back."""
        marks.wake(tx, alarm.subject)

    # -- passed on, taken back ----------------------------------------------------------------------

    @command(contract.Forward, keeps=Restricted)
    def forward(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """To further people with a note; by the sender it adds them. `ForwardResult`."""
        passing.require_passable(tx, rows.opened(tx, ctx, data["id"]), "forward")
        expanded = addressing.asked(self, ctx, {"to": data["to"]})["to"]
        found = rows.held(tx, ctx, data["id"])
        passing.require_passable(tx, found, "forward")
        return passing.forward(tx, ctx, found, expanded, data)

    @command(contract.Recall)
    def recall(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """회수: from everybody who has not read it, as `RecallResult`."""
        return passing.recall(tx, rows.own(tx, ctx, data["id"]), data["reason"])

    @on_time(sending.ESCALATE)
    def escalate(self, tx: Tx, alarm: Alarm) -> None:
        """An urgent memo goes on from those who have not read it."""
        lines = {person: self._above(tx, person) for person in escalations.due(tx, alarm.subject)}
        escalations.go_on(tx, alarm.subject, lines)

    def _above(self, tx: Tx, person: str) -> list[dict[str, Any]]:
        try:
            return escalation.line(self.call("directory", "superiors", tx.ctx, {"person": person}))
        except NotFound:
            return []

    @command(contract.Quote, keeps=Restricted)
    def quote(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """What another object takes over, as `QuoteView`."""
        return cards.quote(tx, ctx, data["id"])

    # -- reading ------------------------------------------------------------------------------------

    @query(contract.MemoQuery)
    def memo(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """One memo, whole, as `MemoView`."""
        return cards.memo(tx, ctx, data["id"])

    @query(contract.BoxQuery)
    def box(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """One page of a box, as `MemoPage`."""
        return boxes.page(tx, ctx, data)

    @query(contract.ReceiptsQuery)
    def receipts(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """Who has read it when, and who has not; as `Receipts`."""
        return cards.receipts(tx, ctx, data)

    @query(contract.Nothing)
    def alerts(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """Urgent memos that the caller has not read, as `Alerts`."""
        return boxes.alerts(tx, ctx, _ALERTS)

    @query(contract.Nothing)
    def recent_receivers(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """Whom the caller's last memos went to, as `Proposal`."""
        return {"recent": drafts.recent(tx, ctx, _RECENT)}

    # -- comments: what would bring somebody in whom a memo may not be passed on to, is on the record ---

    @command(threads_contract.WriteComment, keeps=Restricted)
    def comment(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """A comment, or an answer to one, as `CommentView`."""
        return super().comment(tx, ctx, data)

    @command(threads_contract.EditComment, keeps=Restricted)
    def edit_comment(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """Another text of the caller's own comment, as `CommentView`."""
        return super().edit_comment(tx, ctx, data)

    # -- templates and settings ---------------------------------------------------------------------

    @query(contract.Nothing)
    def templates(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """`{items: [TemplateView]}` of the caller's department."""
        return {"items": templates.every(tx, ctx)}

    @command(contract.SaveTemplate)
    def save_template(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """Keeps one under its name, as `TemplateView`."""
        return templates.save(tx, ctx, data)

    @command(contract.TemplateQuery)
    def delete_template(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """Deletes one of the caller's department."""
        templates.remove(tx, ctx, data["id"])
        return {"id": data["id"], "deleted": True}

    @query(contract.Nothing)
    def settings(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """`SaveMemoSettings` as they are."""
        return {templates.ESCALATE: templates.escalate_after(tx)}

    @command(contract.SaveMemoSettings, roles=("tenant_admin",))
    def save_settings(self, tx: Tx, ctx: Context, data: dict[str, Any]) -> dict[str, Any]:
        """Sets them for the organisation."""
        templates.save_escalate_after(tx, data["escalate_after"])
        return {templates.ESCALATE: data["escalate_after"]}
