"""What a meeting puts on whose desk: one thing for each person."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from services.meetings.domain import states
from services.meetings.domain.meeting import NONE, Meeting
from shared import desk

KIND = "meeting"
Asked = tuple[str, str, datetime | None, datetime | None]
"""Whom, in what role, since when, until when."""


def slots(meeting: Meeting, presenters: Iterable[str] = (), papers_due: datetime | None = None) -> list[desk.Slot]:
    """A to-do for each person who is to do something; `presenters` still owe papers, until `papers_due`."""
    found: dict[str, desk.Slot] = {}
    sender = dict(meeting.organiser)
    for person, role, since, due in _asked(meeting, presenters, papers_due):
        shown = None if person == sender["id"] else sender
        todo = desk.Todo(role, since or meeting.starts_at, due=due, sender=shown)
        found.setdefault(person, desk.Slot(person, KIND, todo))
    return list(found.values())


def _asked(meeting: Meeting, presenters: Iterable[str], papers_due: datetime | None) -> Iterator[Asked]:
    at, state = meeting.at, meeting.state
    if state == states.CALLED:
        for each in meeting.active:
            if each.answer == NONE and meeting.asks:
                yield each.id, "answer", each.since, meeting.starts_at
        yield from ((person, "prepare", at.get(states.CALLED), papers_due) for person in presenters if papers_due)
    elif state in states.WRITTEN:
        yield from ((person, "write_minutes", at.get(state), None) for person in meeting.writers)
    elif state == states.CONFIRMING:
        yield from ((each.id, "confirm", at.get(state), meeting.review_due) for each in meeting.open_reviews)
        if meeting.lapsed or not meeting.open_reviews:
            yield meeting.chair, "conclude", at.get(state), None
