"""Open-loop arrivals: when people come is settled beforehand, so that a slow answer keeps nobody from coming.

A closed loop, in which each client waits for its answer before it asks again, hides every queue: the slower the system,
the fewer ask (coordinated omission). Here what is late counts from the moment it was due.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator

from tests.load.plan import Arrivals


def share(shape: str, when: float) -> float:
    """The rate at `when`, from 0 for the beginning to 1 for the end, as a multiple of the average."""
    if shape == "rush":
        return 1 - math.cos(2 * math.pi * when)
    if shape == "steady":
        return 1.0
    raise ValueError(f"no such shape: {shape}")


def due(arrivals: Arrivals, seconds: float, rng: random.Random) -> Iterator[float]:
    """Seconds from the beginning at which somebody comes: a Poisson process, thinned to the shape."""
    highest = arrivals.rate * max(share(arrivals.shape, n / 20) for n in range(21))
    now = 0.0
    while highest:
        now += rng.expovariate(highest)
        if now >= seconds:
            return
        if rng.random() * highest < arrivals.rate * share(arrivals.shape, now / seconds):
            yield now
