"""Which reminder of an entry comes next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Reminder:
    """When somebody is reminded, and of what begins when."""

    at: datetime
    starts_at: datetime


def next_one(beginnings: Iterable[datetime], minutes: Iterable[int], after: datetime) -> Reminder | None:
    """The first reminder after a moment, so many minutes before one of the beginnings; None where there is none."""
    before = sorted(set(minutes))
    coming = (Reminder(begins - timedelta(minutes=each), begins) for begins in beginnings for each in before)
    return min((each for each in coming if each.at > after), key=lambda each: each.at, default=None)
