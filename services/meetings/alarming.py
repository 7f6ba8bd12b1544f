"""The alarms of a meeting: when somebody is reminded, when it ends, when it may be read."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from services.meetings import rows
from services.meetings.domain import states
from services.meetings.models import Meeting as Row
from services.meetings.rows import Kept
from shared import alarms
from shared.calendar import start_of_day
from shared.db import Tx

END, REMIND, PAPERS, REVIEW, REVEAL = "end", "remind", "papers", "review", "reveal"
_AHEAD = timedelta(days=1)


def set_(tx: Tx, kept: Kept) -> None:
    """Sets the alarms of a meeting as it is now, and takes off those that are for nothing any more."""
    row, meeting = kept.row, kept.meeting
    called = meeting.state == states.CALLED
    remind = meeting.starts_at - _AHEAD
    papers = row["papers_due"] - _AHEAD if row["papers_due"] else None
    reveal = start_of_day(row["closed_until"]) if row["closed"] and row["closed_until"] else None
    for kind, when in (
        (END, meeting.ends_at if called else None),
        (REMIND, remind if called and remind > tx.now else None),
        (PAPERS, papers if called and papers and papers > tx.now else None),
        (REVEAL, reveal if reveal and reveal > tx.now else None),
        (REVIEW, meeting.review_due if meeting.state == states.CONFIRMING and not meeting.lapsed else None),
    ):
        if when:
            alarms.at(tx, when, kind, meeting.id)
        else:
            alarms.cancel(tx, kind, meeting.id)


def next_of(tx: Tx, kept: Kept) -> Kept | None:
    """The next meeting of the series that is still to come, locked."""
    same = (Row.series == kept.row["series"], Row.state == states.CALLED, Row.id != kept.meeting.id)
    later = select(Row.id).where(*same, Row.starts_at > kept.meeting.starts_at).order_by(Row.starts_at).limit(1)
    id_ = tx.scalar(later)
    return rows.found(tx, id_, lock=True) if id_ else None
