"""What happens to a meeting by the clock. Each looks first whether what it was set for still holds."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import update

from services.meetings import acting, alarming, desk, keeping, rows, scheduled
from services.meetings.domain import acts, states
from services.meetings.domain.meeting import NO
from services.meetings.models import Meeting as Row
from shared.alarms import Alarm
from shared.calendar import seoul_date
from shared.db import Tx


def end(tx: Tx, alarm: Alarm) -> None:
    """Nobody has opened it, and its time is over: the minutes are to be written."""
    kept = rows.sought(tx, alarm.subject, lock=True)
    if kept is None:
        return
    done = keeping.save(tx, tx.ctx, kept, acts.ended_by_clock(kept.meeting, tx.now))
    if done is not kept:
        alarming.set_(tx, done)
        acting.after(tx, tx.ctx, kept, done)


def remind(tx: Tx, alarm: Alarm) -> None:
    """A day before: who has not said no."""
    kept = rows.sought(tx, alarm.subject, lock=True)
    if kept and kept.meeting.state == states.CALLED and kept.meeting.starts_at > tx.now:
        desk.inform(tx, kept, {"reminded": [each.id for each in kept.meeting.active if each.answer != NO]})


def papers(tx: Tx, alarm: Alarm) -> None:
    """A day before the papers are due: who owes them."""
    kept = rows.sought(tx, alarm.subject, lock=True)
    if kept and kept.owing:
        desk.inform(tx, kept, {"papers_due": kept.owing}, due=kept.row["papers_due"].isoformat())


def review(tx: Tx, alarm: Alarm) -> None:
    """Who has said nothing of the minutes agrees by silence."""
    kept = rows.sought(tx, alarm.subject, lock=True)
    if kept:
        keeping.save(tx, tx.ctx, kept, acts.lapse(kept.meeting, tx.now))


def reveal(tx: Tx, alarm: Alarm) -> None:
    """A closed meeting may be read from today on."""
    kept = rows.sought(tx, alarm.subject, lock=True)
    until = kept.row["closed_until"] if kept else None
    if kept and kept.row["closed"] and until and until <= seoul_date(tx.now):
        keeping.open_to_readers(tx, kept)


def tell(tx: Tx, alarm: Alarm) -> None:
    """Calendars hear of the answers that came meanwhile."""
    kept = rows.sought(tx, alarm.subject, lock=True)
    if kept and kept.row["untold"]:
        sequence = kept.row["sequence"] + 1
        tx.execute(update(Row).where(Row.id == kept.meeting.id).values(untold=False, sequence=sequence))
        scheduled.tell(tx, replace(kept, row={**kept.row, "sequence": sequence}))
