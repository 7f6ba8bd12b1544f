"""Absences (부재): a period, a reason, and who stands in."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

LONGEST = timedelta(days=3 * 366)


def problems(
    start: datetime,
    end: datetime,
    person: str,
    deputy: str | None,
    now: datetime,
    others: Iterable[tuple[datetime, datetime]],
) -> dict[str, str]:
    """What is wrong with an absence of `person` from `start` to before `end`; codes by field, empty if nothing.

    `others` are the periods of the person's other absences: two may touch and not overlap.
    """
    found: dict[str, str] = {}
    if end <= start:
        found["ends_at"] = "not_after_start"
    elif end <= now:
        found["ends_at"] = "in_the_past"
    elif end - start > LONGEST:
        found["ends_at"] = "too_long"
    elif any(start < other_end and other_start < end for other_start, other_end in others):
        found["starts_at"] = "overlaps"
    if deputy == person:
        found["deputy"] = "own_deputy"
    return found
