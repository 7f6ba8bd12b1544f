"""The clock of the device beside that of the server: noted, flagged where it is off, and never altered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

TOLERANCE = timedelta(minutes=10)
ONE_VISIT = timedelta(minutes=1)
"""What is scanned or sent again at one place within this time is one visit."""


@dataclass(frozen=True, slots=True)
class Times:
    """`written` and `sent` by the device's clock, `received` by the server's; all aware."""

    written: datetime
    sent: datetime
    received: datetime

    @property
    def difference(self) -> timedelta:
        """By how much the device's clock is ahead of the server's. What waited for the net is no difference."""
        return self.sent - self.received

    @property
    def flagged(self) -> bool:
        """Whether it is off by more than ten minutes."""
        return abs(self.difference) > TOLERANCE

    @property
    def corrected(self) -> datetime:
        """When it was written by the server's clock: what decides of the period where the device names none."""
        return self.written - self.difference if self.flagged else self.written


def is_one_visit(before: datetime, now: datetime) -> bool:
    """Whether two scans of one place by one person are one visit."""
    return abs(now - before) <= ONE_VISIT
