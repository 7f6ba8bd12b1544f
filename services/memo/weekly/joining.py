"""What a head does with the reports below: taken up, sent back, asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row

from services.memo.weekly import catalogue, desk, figures, rows
from services.memo.weekly.domain import lines as rules
from services.memo.weekly.domain import states
from shared.context import Context
from shared.db import Tx
from shared.errors import Conflict, Forbidden, NotFound


def take(tx: Tx, ctx: Context, row: Row[Any], data: Mapping[str, Any]) -> dict[str, Any]:
    """What is handed in below goes into a locked report, as `WeeklyState`. Raises `Stale`, `Conflict`."""
    rows.require_writer(tx, ctx, row)
    states.require_writing(row.state)
    rows.require_version(row, data["version"])
    news = [each for each in rows.below(tx, row.id, lock=True) if _is_news(each, data["seen"])]
    if not news:
        return {"id": row.id, "state": row.state, "version": row.version}
    theirs = rows.lines_of(tx, [each.id for each in news])
    before = after = rows.lines(tx, row.id)
    for each in sorted(news, key=lambda each: (each.place, each.id)):
        after = rules.joined(after, each.id, theirs.get(each.id, []), tx.new_id)
    rows.put_lines(tx, row.id, before, after)
    rows.keep(tx, row, version=row.version + 1)
    for each in news:
        state = states.after("take", each.state)
        now = rows.change(tx, each, state=state, taken_at=tx.now, version=each.version + 1)
        desk.tell(tx, now, watchers=[each.writer_id])
        catalogue.tell(tx, now)
    tx.audit("memo.weekly.joined", row.id, after={"reports": [each.id for each in news], "lines": len(after)})
    return {"id": row.id, "state": row.state, "version": row.version + 1}


def _is_news(row: Row[Any], seen: list[dict[str, Any]] | None) -> bool:
    if row.state != states.SUBMITTED:
        return False
    return seen is None or {"id": row.id, "version": row.version} in seen


def send_back(tx: Tx, ctx: Context, id_: str, reason: str) -> dict[str, Any]:
    """Sends a report below back to its writer, as `WeeklyState`. Raises `Forbidden`, `Conflict`, `NotFound`.

    What was taken from it stays in the joined report until it comes again; then it is news.
    """
    found = rows.opened(tx, ctx, id_)
    # The joined one first, as who takes up does.
    above = rows.locked(tx, found.above) if found.above else None
    row = rows.locked(tx, id_)
    if above is None or not rows.writes(ctx, above):
        raise Forbidden("head")
    state = states.after("return", row.state)
    states.require_writing(above.state)
    values = {"state": state, "returned_at": tx.now, "reason": reason, "sender": ctx.person_ref}
    now = rows.change(tx, row, version=row.version + 1, **values)
    tx.audit("memo.weekly.returned", id_, {"state": row.state}, {"state": state, "reason": reason})
    notices = [desk.notice(tx, now, each, "weekly_returned", reason=reason) for each in desk.writers(now)]
    desk.tell(tx, now, notices, [above.writer_id])
    catalogue.tell(tx, now)
    return {"id": id_, "state": state, "version": now["version"]}


def ask(tx: Tx, ctx: Context, row: Row[Any]) -> dict[str, Any]:
    """Asks for the reports that are missing below a locked one, each once, as `WeeklyAsked`. Raises `Conflict`."""
    rows.require_writer(tx, ctx, row)
    if row.gathers_at is None:
        raise NotFound("weekly")
    if tx.now < row.gathers_at:
        raise Conflict("weekly-not-due")
    missing = [
        each
        for each in rows.below(tx, row.id, lock=True)
        if states.is_missing(each.state, each.due_at, each.excused, tx.now)
    ]
    asked = [each for each in missing if each.asked_at is None]
    for each in asked:
        now = rows.change(tx, each, asked_at=tx.now, sender=ctx.person_ref)
        notices = [desk.notice(tx, now, person, "asked", name=ctx.name) for person in desk.writers(now)]
        desk.tell(tx, now, notices, [row.writer_id])
        tx.audit("memo.weekly.asked", each.id, after={"asked_at": tx.now})
        tx.count(figures.ASKED)
    already = [each.writer for each in missing if each.asked_at is not None]
    return {"asked": [each.writer for each in asked], "already": already}
