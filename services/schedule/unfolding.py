"""Series unfolded: kept for the months around now, reckoned for any other window."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, select

from services.schedule.domain import content as contents
from services.schedule.domain.windows import AFTER, BEFORE, LEAST, Unfolded, kept, within
from services.schedule.models import Entry, Expansion
from shared import alarms
from shared.alarms import Alarm
from shared.calendar import SEOUL
from shared.contracts.schedule import INSTANCES_LIMIT
from shared.db import Tx
from shared.ical.content import Content
from shared.ical.objects import Object
from shared.ical.recurrence import expand

UNFOLD = "unfold"
# The alarm of a tenant's series stands under an id of its own.
_ALL = "00000000-0000-0000-0000-000000000000"
_AT_ONCE = 200
_AGAIN = LEAST / 4
_DROP = delete(Expansion).where(Expansion.entry == bindparam("of_entry"))


def reckoned(obj: Object, start: datetime, end: datetime, most: int = INSTANCES_LIMIT) -> tuple[list[Unfolded], bool]:
    """The instances of a series in a window, and whether there are more than are given."""
    found = expand(obj, start, end, SEOUL, most=most)
    series = _said(obj.master) if obj.master else {}
    return [
        Unfolded(each.rid, each.start, each.end, _differs(each.content, series)) for each in found.instances
    ], found.truncated


def _said(content: Content) -> dict[str, Any]:
    return {**contents.fields(content), "all_day": content.all_day}


def _differs(content: Content, series: dict[str, Any]) -> dict[str, Any] | None:
    said = _said(content)
    moved = {name: value for name, value in said.items() if series.get(name) != value}
    if content.recurrence_id is not None:
        moved["moved"] = True
    return moved or None


def keep(tx: Tx, entry: str, obj: Object) -> None:
    """Keeps a series unfolded around now; nothing for what happens once."""
    forget(tx, entry)
    if not obj.is_recurring:
        return
    if tx.scalar(select(Expansion.entry).limit(1)) is None:
        # The first one: from now on the clock looks after all of them.
        alarms.at(tx, tx.now + _AGAIN, UNFOLD, _ALL)
    _keep(tx, entry, obj)


def forget(tx: Tx, entry: str) -> None:
    """Nothing is kept of an entry any more."""
    tx.change(_DROP, {"of_entry": entry})


def _keep(tx: Tx, entry: str, obj: Object) -> None:
    start, end = tx.now - BEFORE, tx.now + AFTER
    found, truncated = reckoned(obj, start, end)
    tx.insert(Expansion, entry=entry, from_at=start, to_at=end, instances=kept(found), truncated=truncated)


def unfold(tx: Tx, alarm: Alarm) -> None:
    """Unfolds a batch of series anew of which too little is left; goes on at once while there are such."""
    if alarm.subject != _ALL:
        return
    old = select(Expansion.entry, Entry.text).join(Entry, Entry.id == Expansion.entry)
    rows = tx.all(old.where(Expansion.to_at < tx.now + LEAST).order_by(Expansion.to_at).limit(_AT_ONCE))
    for row in rows:
        forget(tx, row.entry)
        _keep(tx, row.entry, Object.of_text(row.text))
    alarms.at(tx, tx.now if len(rows) == _AT_ONCE else tx.now + _AGAIN, UNFOLD, _ALL)


def instances(tx: Tx, rows: Iterable[Any], start: datetime, end: datetime) -> dict[str, tuple[list[Unfolded], bool]]:
    """Of each of these series (`id`, `from_at`, `to_at`, `instances`, `truncated`) what lies in the window."""
    found: dict[str, tuple[list[Unfolded], bool]] = {}
    others: list[str] = []
    for row in rows:
        if row.instances is not None and not row.truncated and row.from_at <= start and end <= row.to_at:
            found[row.id] = (within(row.instances, start, end), False)
        else:
            others.append(row.id)
    texts = tx.all(select(Entry.id, Entry.text).where(Entry.id.in_(others))) if others else []
    for row in texts:
        found[row.id] = reckoned(Object.of_text(row.text), start, end)
    return found
