"""What the meetings service counts for each tenant. Times are by the calendar: nights and holidays are in them."""

from __future__ import annotations

from services.meetings.domain import states
from services.meetings.domain.meeting import NONE, Meeting
from shared.db import Tx
from shared.metrics import tenant_counter, tenant_histogram

CALLED = tenant_counter("oneway_meetings_called_total", "Meetings called", kind=("meeting", "committee"))
ENDED = tenant_counter(
    "oneway_meetings_ended_total", "Meetings whose minutes were confirmed, or that were cancelled",
    outcome=("confirmed", "cancelled"),
)  # fmt: skip
LETTERS = tenant_counter(
    "oneway_meeting_letters_total", "What came of letters to guests", outcome=("sent", "failed", "again")
)
ANSWERED = tenant_histogram("oneway_meeting_answer_seconds", "From being invited to the first answer")
CONFIRMED = tenant_histogram("oneway_meeting_minutes_seconds", "From a meeting's end to its confirmed minutes")


def called(tx: Tx, kind: str) -> None:
    """One was called."""
    tx.count(CALLED, kind)


def moved(tx: Tx, before: Meeting, after: Meeting) -> None:
    """One is another than before."""
    for each in after.people if before.people != after.people else ():
        was = before.person(each.id)
        if was and was.answer == NONE != each.answer and each.since:
            tx.observe(ANSWERED, max(0.0, (tx.now - each.since).total_seconds()))
    if after.state == before.state or after.state not in states.FINISHED:
        return
    tx.count(ENDED, after.state)
    ended = after.at.get(states.MINUTES)
    if after.state == states.CONFIRMED and ended:
        tx.observe(CONFIRMED, max(0.0, (tx.now - ended).total_seconds()))
