"""What the scenarios of a day share: who is there, how to ask, what was achieved."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import gevent

from tests.load.books import Books
from tests.load.people import Desk, GaveUp, Offices, Person
from tests.load.plan import NOUNS, Plan

# Seconds: until somebody who did not find something on the desk looks again; until that is a failure.
_LOOK_AGAIN, _LOST_AFTER = 1.0, 30.0


def _nothing() -> dict[str, dict[str, Any]]:
    return {noun: {} for noun in NOUNS}


@dataclass
class Day:
    """`told` is what was accepted, by noun and id, as `tests.load.plan.Result` has it."""

    plan: Plan
    offices: Offices
    books: Books
    desk: Desk
    rng: random.Random
    failed: Callable[[str, str], None]
    noted: Callable[[str, float], None]
    told: dict[str, dict[str, Any]] = field(default_factory=_nothing)
    early: int = 0

    def think(self) -> None:
        """Somebody reads, writes or does something else for a while."""
        if self.plan.think:
            gevent.sleep(min(self.rng.expovariate(1 / self.plan.think), 4 * self.plan.think))

    def find(self, person: Person, kind: str, subject: str) -> None:
        """Looks at the desk until something is on it. Raises `GaveUp` where it does not come."""
        until = time.perf_counter() + _LOST_AFTER
        while subject not in self.desk.call("inbox page", person, "GET", f"/desk?kind={kind}", page=True).text:
            self.early += 1
            if time.perf_counter() > until:
                self.failed("inbox page", f"the {kind} did not come")
                raise GaveUp("inbox page")
            gevent.sleep(_LOOK_AGAIN)
