"""Who writes minutes that are written together, and while what."""

from __future__ import annotations

from services.meetings.domain import states
from services.meetings.domain.meeting import Meeting, Who
from shared.errors import Conflict, Forbidden

# The words stand: they are with those who confirm them, or signed.
_SIGNED = frozenset((states.CONFIRMING, states.CONFIRMED))


def is_writer(meeting: Meeting, who: Who, *, everyone: bool) -> bool:
    """Whether somebody writes: who leads; whoever is present, where the leader has opened it to everyone."""
    mine = meeting.person(who.id)
    return meeting.is_led_by(who) or (everyone and mine is not None and mine.present is True)


def require_writes(meeting: Meeting, who: Who, *, everyone: bool) -> None:
    """That somebody may write now.

    Raises `Forbidden` for who only reads, `Conflict` (`signed`, `not-now`, `finished`).
    """
    if not is_writer(meeting, who, everyone=everyone):
        raise Forbidden("reads the minutes, and does not write them")
    if meeting.state in _SIGNED:
        raise Conflict("signed", state=meeting.state)
    states.require(meeting.state, states.WRITTEN, "write_minutes")
