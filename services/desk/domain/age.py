"""How long the desk remembers what is over, so that it does not grow with finished work."""

from __future__ import annotations

from datetime import datetime, timedelta

from shared.desk import NEWS

# What is older than this and of an unknown subject may be of one that was forgotten: it changes nothing.
LATEST = NEWS
# Longer than that by more than any two clocks differ: whatever came before a forgotten end is too late.
FORGOTTEN = timedelta(days=92)


def is_too_late(at: datetime, now: datetime) -> bool:
    """Whether what is of this time is not to begin anything any more."""
    return now - at > LATEST


def forgotten_before(now: datetime) -> datetime:
    """What ended before this is forgotten."""
    return now - FORGOTTEN


def is_time_to_forget(event_id: str) -> bool:
    """About one event in 256, by its id: forgetting costs little, needs no clock, and keeps pace with what comes."""
    return event_id.endswith("00")
