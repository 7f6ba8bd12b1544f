"""The states of a message: leased to a courier, to be tried again, or at its end.

| state | sent | again | bounced, refused, gone, nobody | the lease is over |
| --- | --- | --- | --- | --- |
| leased | sent | again; failed after the last try | ends so | to be claimed |
| again, leased to another by now | sent | stays | stays | to be claimed |
| sent, failed, bounced, refused, gone, nobody, void | stays | stays | stays | |

`void` is a message whose things were all done before it went out. What was sent counts, whoever reports it; any
other outcome only from who holds the lease.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

LEASED, AGAIN, FAILED, VOID = "leased", "again", "failed", "void"
OPEN = (LEASED, AGAIN)
# How long after a try that failed the next one comes: two days in all.
PAUSES = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60, 180, 360, 720, 1440))
MOST_TRIES = len(PAUSES) + 1


@dataclass(frozen=True, slots=True)
class State:
    """How a message stands. `due`: when it is to be claimed, or its lease is over; None at its end."""

    name: str
    tries: int
    due: datetime | None

    @property
    def open(self) -> bool:
        """Whether something is still to come of it."""
        return self.name in OPEN


def claimed(state: State, until: datetime) -> State:
    """Leased once more. One that every courier ended with before it could report is given up at last."""
    if state.tries >= MOST_TRIES:
        return State(FAILED, state.tries, None)
    return State(LEASED, state.tries + 1, until)


def reported(state: State, outcome: str, now: datetime, *, holds: bool) -> State:
    """After a courier's report; `holds` says whether the lease is still its own."""
    if not state.open or (outcome != "sent" and not holds):
        return state
    if outcome != AGAIN:
        return State(outcome, state.tries, None)
    if state.tries >= MOST_TRIES:
        return State(FAILED, state.tries, None)
    return State(AGAIN, state.tries, now + PAUSES[state.tries - 1])
