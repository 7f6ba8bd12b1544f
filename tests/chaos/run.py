"""Fault after fault under a steady load, and what came of each."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from tests.chaos import checks
from tests.chaos.faults import Fault
from tests.chaos.stage import Stage
from tests.chaos.work import Try, Work


@dataclass(frozen=True)
class Outcome:
    """Of one fault: what its users saw, and what did not hold afterwards.

    `refused` calls were answered that it cannot be done now, or not at all; each was repeated. `standstill` is the
    longest time in seconds in which no command was acknowledged; `slowest` the longest acknowledged call. `mails` are
    things that somebody was told of by mail.
    """

    fault: str
    journeys: int
    calls: int
    refused: int
    standstill: float
    slowest: float
    mails: int
    took: float
    wrong: list[str]


def run(
    faults: Sequence[Fault], rate: float, calm: float, told: Callable[[Outcome], None] = lambda _: None
) -> list[Outcome]:
    """Each fault on the system that the ones before have left. `rate` journeys begin each second and organisation;

    `calm` seconds of work go before each fault and follow it.
    """
    outcomes = []
    with Stage(disks=any(fault.disks for fault in faults)) as stage:
        for number, fault in enumerate(faults):
            outcome = _one(stage, fault, f"{number}: {fault.name}", rate, calm)
            outcomes.append(outcome)
            told(outcome)
    return outcomes


def _one(stage: Stage, fault: Fault, title: str, rate: float, calm: float) -> Outcome:
    began, before = time.monotonic(), len(stage.mailbox.told())
    works = [Work(cast, title, rate).start() for cast in stage.casts]
    failed = []
    try:
        time.sleep(calm)
        with fault.strike(stage):
            time.sleep(fault.lasts)
        time.sleep(calm)
    except AssertionError as error:
        failed.append(f"the fault itself: {error}")
    finally:
        seen = [work.stop() for work in works]
    tries = sorted((one for each in seen for one in each.tries), key=lambda one: one.at)
    good = [one for one in tries if 200 <= one.status < 300]
    wrong = failed + checks.wrong(stage, works)
    return Outcome(
        fault.name,
        sum(each.done for each in seen),
        len(tries),
        len(tries) - len(good),
        _standstill(good),
        max((one.seconds for one in good), default=0.0),
        len(stage.mailbox.told()) - before,
        time.monotonic() - began,
        wrong,
    )


def _standstill(good: list[Try]) -> float:
    ends = sorted(one.at + one.seconds for one in good)
    return max((later - earlier for earlier, later in pairwise(ends)), default=0.0)
