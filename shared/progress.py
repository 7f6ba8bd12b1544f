"""Progress rolled up from parts: the one rule for requests, goals and projects.

A percentage has one decimal. It is 100 only where every counted part is: what rounds up to 100 stays at 99.9.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

WHOLE = 1000
"""All of it, in tenths of a percent."""


@dataclass(frozen=True, slots=True)
class Share:
    """One part: its weight (0 or more), how far it is in tenths of a percent, and whether it counts at all.

    What was cancelled does not count.
    """

    weight: int
    tenths: int
    counted: bool = True


def rolled(shares: Iterable[Share], own: int) -> int:
    """How far the whole is, in tenths of a percent: the mean of what counts, by weight; `own` where nothing counts.

    Where every weight is zero it is the plain mean.
    """
    counted = [share for share in shares if share.counted]
    if not counted:
        return own
    if all(share.tenths >= WHOLE for share in counted):
        return WHOLE
    weights = [share.weight for share in counted]
    if not any(weights):
        weights = [1] * len(counted)
    sum_ = sum(weight * share.tenths for weight, share in zip(weights, counted, strict=True))
    # Half a tenth goes up, as people round.
    return min(int(Fraction(sum_, sum(weights)) + Fraction(1, 2)), WHOLE - 1)


def percent(tenths: int) -> float:
    """As programs are told it: one decimal."""
    return tenths / 10


def shown(value: float) -> int:
    """As people are shown it: whole percents, never rounded up to what has not been reached."""
    return int(value)
