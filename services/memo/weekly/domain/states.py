"""The states of a report.

open → submitted → taken up by who joins it, or sent back with a reason and submitted again. The writer takes back what
is submitted as long as nobody has taken it up. Late and missing are views.
"""

from __future__ import annotations

from datetime import datetime

from shared.errors import Conflict

OPEN, SUBMITTED, TAKEN, RETURNED = "open", "submitted", "taken", "returned"
WRITING = (OPEN, RETURNED)
HANDED_IN = (SUBMITTED, TAKEN)
# Why somebody is not missing: an absence by its reason, or the person belongs here no more.
GONE = "gone"

_NEXT = {
    "submit": {OPEN: SUBMITTED, RETURNED: SUBMITTED},
    "recall": {SUBMITTED: OPEN},
    "take": {SUBMITTED: TAKEN},
    "return": {SUBMITTED: RETURNED, TAKEN: RETURNED},
}


def after(act: str, state: str) -> str:
    """The state after an act. Raises `Conflict` where the state does not allow it."""
    found = _NEXT[act].get(state)
    if found is None:
        raise Conflict(f"weekly-{state}")
    return found


def allows(act: str, state: str) -> bool:
    """Whether the state allows an act."""
    return state in _NEXT[act]


def require_writing(state: str) -> None:
    """Raises `Conflict` where the report is handed in."""
    if state not in WRITING:
        raise Conflict(f"weekly-{state}")


def late(state: str, due_at: datetime, submitted_at: datetime | None, now: datetime) -> bool:
    """Whether it came too late, or is too late by now."""
    return (now if state in WRITING or submitted_at is None else submitted_at) > due_at


def standing(state: str, due_at: datetime, excused: str | None, now: datetime) -> str:
    """How a report stands for who waits for it: waiting, missing, excused, or its state."""
    if state == OPEN:
        return "excused" if excused else "missing" if now >= due_at else "waiting"
    return state


def is_missing(state: str, due_at: datetime, excused: str | None, now: datetime) -> bool:
    """Whether it is to be asked for: also one that was sent back and did not come again."""
    return state in WRITING and not excused and now >= due_at
