"""The states of a meeting, and which act leads from which to which. README.md has the table."""

from __future__ import annotations

from shared.errors import Conflict

CALLED, HELD, MINUTES = "called", "held", "minutes"
CONFIRMING, CONFIRMED, CANCELLED = "confirming", "confirmed", "cancelled"

FINISHED = frozenset((CONFIRMED, CANCELLED))
# It is still to come, or goes on.
AHEAD = frozenset((CALLED, HELD))
# What was said and decided may be written down.
WRITTEN = frozenset((HELD, MINUTES))
# It has begun, and what came of it is not settled.
BEGUN = frozenset((HELD, MINUTES, CONFIRMING))

# act → {from: to}
MOVES: dict[str, dict[str, str]] = {
    "open": {CALLED: HELD},
    "end": {CALLED: MINUTES, HELD: MINUTES},
    "cancel": {CALLED: CANCELLED},
    "ask_confirmation": {MINUTES: CONFIRMING},
    "take_back": {CONFIRMING: MINUTES},
    "conclude": {CONFIRMING: CONFIRMED},
}


def moved(state: str, act: str) -> str:
    """The state after an act. Raises `Conflict` (`not-now`, `finished`, with the state) where it is not one for it."""
    following = MOVES[act].get(state)
    if following is None:
        raise refused(state, act)
    return following


def require(state: str, allowed: frozenset[str], act: str) -> None:
    """That the state is one of these. Raises `Conflict` as `moved` does."""
    if state not in allowed:
        raise refused(state, act)


def refused(state: str, act: str) -> Conflict:
    """Why an act is not for this state."""
    return Conflict("finished" if state in FINISHED else "not-now", f"{act} of what is {state}", state=state)


def told(state: str) -> str:
    """The state as calendars have it: `called`, `cancelled`, `ended`."""
    return CALLED if state in AHEAD else CANCELLED if state == CANCELLED else "ended"
