"""Who may read a meeting."""

from __future__ import annotations

from datetime import date

from services.meetings.domain import states
from services.meetings.domain.meeting import Meeting
from shared import audience


def people(meeting: Meeting) -> list[str]:
    """Everybody who is on it, the organiser first."""
    return list(dict.fromkeys([str(meeting.organiser["id"]), *(each.id for each in meeting.active)]))


def is_closed(closed: bool, closed_until: date | None, today: date) -> bool:
    """Whether only those on it may read it today."""
    return closed and (closed_until is None or today < closed_until)


def of(meeting: Meeting, *, closed: bool) -> list[str]:
    """Its principals: who is on it; the host's department unless it is closed; auditors once it is confirmed."""
    found = list(map(audience.person, people(meeting)))
    if not closed:
        found.append(audience.department(str(meeting.organiser["department_id"])))
    if meeting.state == states.CONFIRMED:
        found.append(audience.role("auditor"))
    return found
