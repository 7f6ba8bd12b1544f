"""Windows of time: which months are unfolded beforehand, and what of a series lies in a window."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

# A series is unfolded from so long before its last writing to so long after it.
BEFORE, AFTER = timedelta(days=62), timedelta(days=400)
# Unfolded anew by the clock where less than this is left.
LEAST = timedelta(days=200)
# The end of what has none, and of what is later than any calendar here.
FAR = datetime(9000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Unfolded:
    """One of a series: `rid` is its original beginning; `differs` what it says otherwise than its series."""

    rid: str
    starts_at: datetime
    ends_at: datetime
    differs: dict[str, Any] | None = None


def kept(found: Sequence[Unfolded]) -> list[list[Any]]:
    """Instances as they are kept: seconds since the epoch, in the order of their beginning."""
    rows: list[list[Any]] = []
    for each in sorted(found, key=lambda one: (one.starts_at, one.rid)):
        row: list[Any] = [int(each.starts_at.timestamp()), int(each.ends_at.timestamp()), each.rid]
        rows.append([*row, each.differs] if each.differs else row)
    return rows


def within(rows: Sequence[Sequence[Any]], start: datetime, end: datetime) -> list[Unfolded]:
    """Of kept instances those that lie in the window `[start, end)`, in part or whole."""
    first, last = start.timestamp(), end.timestamp()
    upto = bisect_left(rows, last, key=lambda row: row[0])
    return [
        Unfolded(row[2], _moment(row[0]), _moment(row[1]), row[3] if len(row) > 3 else None)
        for row in rows[:upto]
        if overlaps(row[0], row[1], first, last)
    ]


def overlaps(starts: Any, ends: Any, first: Any, last: Any) -> bool:
    """Whether two times have something in common; what has no length lies where it is (RFC 4791, 9.9)."""
    return bool(starts < last and (ends > first or (ends == starts and starts >= first)))


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
