"""Where somebody is now (재실): as they say, or else as their absences and their calendar say."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

PRESENT, AWAY, MEETING, TRIP, LEAVE = "present", "away", "meeting", "trip", "leave"
# What the reason of an absence, and the kind of an entry, say of where somebody is.
_OF_ABSENCE = {"leave": LEAVE, "sick": LEAVE, "trip": TRIP, "training": TRIP}
_OF_KIND = {"meeting": MEETING, "trip": TRIP, "leave": LEAVE, "holiday": LEAVE}


@dataclass(frozen=True, slots=True)
class Engagement:
    """What somebody is at, from one moment to another: the kind of an entry, or the reason of an absence."""

    starts_at: datetime
    ends_at: datetime
    kind: str
    absent: bool = False
    title: str = ""


@dataclass(frozen=True, slots=True)
class Where:
    """Where somebody is; `until` is when that changes, None where nothing is known to come."""

    status: str
    by_hand: bool
    until: datetime | None
    title: str = ""


def where(now: datetime, said: tuple[str, datetime] | None, engagements: Iterable[Engagement]) -> Where:
    """Where somebody is at a moment; `said` is what they have said themselves, and until when it holds."""
    known = sorted(engagements, key=lambda each: (not each.absent, each.starts_at))
    if said is not None and said[1] > now:
        return Where(said[0], True, said[1])
    for each in known:
        if each.starts_at <= now < each.ends_at:
            table = _OF_ABSENCE if each.absent else _OF_KIND
            return Where(table.get(each.kind, AWAY), False, each.ends_at, each.title)
    return Where(PRESENT, False, min((each.starts_at for each in known if each.starts_at > now), default=None))
