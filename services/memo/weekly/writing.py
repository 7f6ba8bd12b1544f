"""What a writer does with a report: lines, handed in, taken back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row, select

from services.memo.weekly import catalogue, desk, figures, reading, rows
from services.memo.weekly.domain import lines as rules
from services.memo.weekly.domain import states
from services.memo.weekly.domain.lines import Line
from services.memo.weekly.models import WeeklyReport
from shared.context import Context
from shared.db import Tx
from shared.desk import Notice
from shared.errors import Conflict, Invalid


def save(tx: Tx, ctx: Context, row: Row[Any], data: Mapping[str, Any]) -> dict[str, Any]:
    """The lines of a locked report as they are given, as `WeeklyLines`. Raises `Invalid`, `Stale`, `Conflict`."""
    rows.require_writer(tx, ctx, row)
    states.require_writing(row.state)
    rows.require_version(row, data["version"])
    before = rows.lines(tx, row.id)
    after = rules.saved(before, data["lines"], ctx.person_ref, tx.new_id)
    version = row.version
    if after != before:
        version += 1
        rows.put_lines(tx, row.id, before, after)
        rows.keep(tx, row, version=version)
        tx.audit("memo.weekly.written", row.id, *_difference(before, after))
    return {"id": row.id, "state": row.state, "version": version, "lines": reading.lines(after)}


def submit(tx: Tx, ctx: Context, row: Row[Any], version: int | None) -> dict[str, Any]:
    """Hands in a locked report, as `WeeklyState`. Raises `Invalid` for an empty one.

    A joined one that has news is not handed in over them: `Conflict` `weekly-news`.
    """
    rows.require_writer(tx, ctx, row)
    state = states.after("submit", row.state)
    rows.require_version(row, version)
    if any(each.state == states.SUBMITTED for each in rows.below(tx, row.id)):
        raise Conflict("weekly-news")
    said = rules.shown(rows.lines(tx, row.id))
    if not said:
        raise Invalid({"lines": "required"})
    values = {"state": state, "submitted_at": tx.now, "version": row.version + 1, "asked_at": None, "reason": ""}
    now = rows.change(tx, row, **values)
    tx.audit("memo.weekly.submitted", row.id, {"state": row.state}, {"state": state, "lines": _told(said)})
    above = rows.found(tx, row.above)
    desk.tell(tx, now, _news(tx, now, above), _watchers(above))
    catalogue.tell(tx, now)
    tx.count(figures.SUBMITTED, "late" if tx.now > row.due_at else "in_time")
    _carry_on(tx, row, said)
    return _state(now)


def recall(tx: Tx, ctx: Context, row: Row[Any], version: int | None) -> dict[str, Any]:
    """Takes back a locked report that nobody has taken up, as `WeeklyState`. Raises `Conflict`."""
    rows.require_writer(tx, ctx, row)
    state = states.after("recall", row.state)
    rows.require_version(row, version)
    now = rows.change(tx, row, state=state, version=row.version + 1)
    tx.audit("memo.weekly.recalled", row.id, {"state": row.state}, {"state": state})
    desk.tell(tx, now, watchers=_watchers(rows.found(tx, row.above)))
    catalogue.tell(tx, now)
    return _state(now)


def _news(tx: Tx, now: dict[str, Any], above: Row[Any] | None) -> list[Notice]:
    """Who has handed in the joined report already hears that something came after it."""
    if above is None or above.state not in states.HANDED_IN:
        return []
    people = [each for each in (above.writer_id, above.deputy_id) if each]
    return [desk.notice(tx, now, each, "late_news", name=now["writer"]["name"]) for each in people]


def _watchers(above: Row[Any] | None) -> list[str]:
    return [each for each in (above.writer_id, above.deputy_id) if each] if above else []


def _carry_on(tx: Tx, row: Row[Any], said: Sequence[Line]) -> None:
    """Plans of a report that is handed in after the next one was opened without any begin that one all the same."""
    following = select(WeeklyReport.__table__).where(WeeklyReport.previous == row.id, WeeklyReport.unit == row.unit)
    found = tx.one(following.where(WeeklyReport.cadence == row.cadence).with_for_update())
    if found is None or found.carried or found.state not in states.WRITING:
        return
    begin = rules.carried(said, tx.new_id)
    if begin:
        before = rows.lines(tx, found.id)
        rows.put_lines(tx, found.id, before, rules.in_order([*begin, *before]))
        rows.keep(tx, found, carried=True, version=found.version + 1)


def _difference(before: Sequence[Line], after: Sequence[Line]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The lines that differ, as they were and as they are."""
    old, new = ({line.id: _line(line) for line in lines} for lines in (before, after))
    changed = [id_ for id_ in {**old, **new} if old.get(id_) != new.get(id_)]
    was = {id_: old[id_] for id_ in changed if id_ in old}
    order = [line.id for line in after] if not changed else None
    return {"lines": was}, {"lines": {id_: new[id_] for id_ in changed if id_ in new}, "order": order}


def _line(line: Line) -> dict[str, Any]:
    names = ("section", "text", "left_out", "merged_into")
    return {name: getattr(line, name) for name in names} | {"cards": list(line.cards)}


def _told(said: Sequence[Line]) -> list[dict[str, Any]]:
    return [
        {"id": line.id, "section": line.section, "text": line.text, "writers": [ref["id"] for ref in line.writers]}
        for line in said
    ]


def _state(now: Mapping[str, Any]) -> dict[str, Any]:
    return {name: now[name] for name in ("id", "state", "version")}
