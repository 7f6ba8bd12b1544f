"""The states of an opinion round: open until its time, closed, perhaps open again; or withdrawn.

Decisions of our own: an answer counts by the time at which the server received it, [start, close). The round is closed
a moment after its time, so that what was received in time and is still on its way counts.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from shared.contracts.rounds import LEAST_ANONYMOUS as LEAST_ANONYMOUS
from shared.errors import Conflict, Invalid

OPEN, CLOSED, WITHDRAWN = "open", "closed", "withdrawn"
# What was received in time has come by then: longer than a request may take.
GRACE = timedelta(seconds=60)
LONGEST = timedelta(days=366)
# Before its end by so much, those who have not answered are reminded.
REMINDERS = (timedelta(days=1), timedelta(hours=1))


def problems(closes_at: datetime, now: datetime) -> dict[str, str]:
    """What is wrong with the time of a round that is started or extended; codes by field."""
    if closes_at <= now:
        return {"closes_at": "in_the_past"}
    return {"closes_at": "too_late"} if closes_at - now > LONGEST else {}


def require_enough(anonymous: bool, asked: int) -> None:
    """Raises `Invalid`: nobody is asked, or too few for anybody to be anonymous among them."""
    if not asked:
        raise Invalid({"people": "required"})
    if anonymous and asked < LEAST_ANONYMOUS:
        raise Invalid({"anonymous": "too_few"}, f"at least {LEAST_ANONYMOUS} people have to be asked")


def received(told: datetime | None, now: datetime) -> datetime:
    """When an answer was received: as the gateway says where that can be, else now."""
    return told if told is not None and now - GRACE < told <= now else now


def in_time(state: str, closes_at: datetime, received_at: datetime) -> bool:
    """Whether an answer that was received then counts."""
    return state == OPEN and received_at < closes_at


def due(state: str, closes_at: datetime, now: datetime) -> bool:
    """Whether a round is to be closed now."""
    return state == OPEN and now >= closes_at + GRACE


def shown(state: str, anonymous: bool, answered: int) -> str:
    """Why its results are not to be seen: `still_open`, `withdrawn`, `too_few`; empty where they are.

    Of an anonymous round nothing is seen before it is closed: two looks at it would show what came between.
    """
    if state == WITHDRAWN:
        return "withdrawn"
    if state == OPEN and anonymous:
        return "still_open"
    return "too_few" if anonymous and answered < LEAST_ANONYMOUS else ""


def require_extendable(state: str, anonymous: bool, answered: int) -> None:
    """Raises `Conflict`: withdrawn, or an anonymous one whose results were seen: the next ones would tell by whom."""
    if state == WITHDRAWN:
        raise Conflict("round-withdrawn")
    if state == CLOSED and not shown(CLOSED, anonymous, answered) and anonymous:
        raise Conflict("results-shown")


def require_open(state: str) -> None:
    """Raises `Conflict` where the round has ended."""
    if state != OPEN:
        raise Conflict(f"round-{state}")


def next_reminder(closes_at: datetime, now: datetime) -> datetime | None:
    """When those who have not answered are reminded next."""
    times = sorted(closes_at - before for before in REMINDERS)
    return next((at for at in times if at > now), None)
