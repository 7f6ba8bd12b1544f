"""The states of a request and of each part of it, and which act leads from which to which. README.md has the table."""

from __future__ import annotations

from collections.abc import Iterable

from shared.errors import Conflict

ASKED, ACCEPTED, IN_PROGRESS = "asked", "accepted", "in_progress"
HANDED_IN, SENT_BACK, DONE = "handed_in", "sent_back", "done"
DECLINED, WITHDRAWN = "declined", "withdrawn"

FINISHED = frozenset((DONE, WITHDRAWN))
# The work is with whoever was asked; a request that was declined waits for who asked.
WORKED_ON = frozenset((ASKED, ACCEPTED, IN_PROGRESS, SENT_BACK))
BEGUN = frozenset((ACCEPTED, IN_PROGRESS, SENT_BACK))

# Of a part: act → {from: to}.
MOVES: dict[str, dict[str, str]] = {
    "accept": {ASKED: ACCEPTED},
    "decline": {ASKED: DECLINED},
    "progress": dict.fromkeys(BEGUN, IN_PROGRESS),
    "hand_in": dict.fromkeys(BEGUN, HANDED_IN),
    "send_back": {HANDED_IN: SENT_BACK},
    "assign": {ASKED: ASKED},
    "reassign": dict.fromkeys(WORKED_ON | {DECLINED}, ASKED),
    "hand_over": dict.fromkeys(WORKED_ON, ASKED),
    "close": {HANDED_IN: DONE},
}


def moved(state: str, act: str) -> str:
    """The state of a part after an act. Raises `Conflict` (`not-now`, with the state) where it is not one for it."""
    following = MOVES[act].get(state)
    if following is None:
        raise Conflict("not-now", f"{act} of what is {state}", state=state)
    return following


def overall(parts: Iterable[tuple[bool, str]]) -> str:
    """The state of a request that is not finished, from `(lead, state)` of its parts.

    It is handed in, or sent back, with its lead's part; the others say how far it has come until then.
    """
    active = [(lead, state) for lead, state in parts if state != DECLINED]
    if not active:
        return DECLINED
    led = next((state for lead, state in active if lead), None)
    if led in (HANDED_IN, SENT_BACK):
        return led
    states = {state for _, state in active}
    if states & {IN_PROGRESS, HANDED_IN, SENT_BACK}:
        return IN_PROGRESS
    return ACCEPTED if ACCEPTED in states else ASKED
