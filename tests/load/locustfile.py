"""What locust runs: people who come by the clock and not one after the other. `tests.load.run` writes its plan.

Also by hand, against any installation: `ONEWAY_LOAD_PLAN=plan.json locust -f tests/load/locustfile.py --headless -u 1`.
"""

from __future__ import annotations

import os
import random
import time
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import gevent
from gevent.pool import Group
from locust import FastHttpUser, task

from tests.load.arrivals import due
from tests.load.books import Books
from tests.load.day import Day
from tests.load.live import Pages
from tests.load.people import Desk, GaveUp, Offices
from tests.load.plan import VARIABLE, Arrivals, Plan, Result
from tests.load.scenarios import SCENARIOS, enter
from tests.load.tables import GENERATOR
from tests.support import usage

# At most so many people at once: more have not been answered for long, and are counted as failures.
_MOST = 4_000
# Seconds: until those on their way at the end are given up; a page has to be open after.
_DRAIN, _OPEN_WITHIN = 60.0, 60.0


class Town(FastHttpUser):
    """Everybody: one user for locust, in which each person who comes is a greenlet."""

    fixed_count = 1
    host = "http://127.0.0.1"
    # A load balancer's connections, shared by all.
    concurrency = 2 * _MOST
    max_redirects = 0
    network_timeout = connection_timeout = 40.0

    def on_start(self) -> None:
        """Reads the plan, and opens the pages that are to be open."""
        plan = self.plan = Plan.read(Path(os.environ[VARIABLE]))
        self._rng = random.Random(plan.seed)
        self._offices = Offices(Path(plan.offices), Path(plan.sessions), plan.hosts, self._rng)
        self._desk = Desk(self, plan.hosts, self._rng)
        self._times: defaultdict[str, list[float]] = defaultdict(list)
        self._failures: Counter[str] = Counter()
        self._begun: Counter[str] = Counter()
        self._done: Counter[str] = Counter()
        self._late: list[float] = []
        self._people = Group()
        self._counts = False
        self._books = Books(plan.books, self._rng)
        self._day = Day(plan, self._offices, self._books, self._desk, self._rng, self._failed, self._noted)
        self.environment.events.request.add_listener(self._answered)

    # -- what came of it ----------------------------------------------------------------------------

    def _answered(self, name: str, response_time: float, exception: Any, **_: Any) -> None:
        if exception:
            self._failed(name, str(exception))
        else:
            self._noted(name, response_time / 1000)

    def _failed(self, what: str, why: str) -> None:
        """A failure counts whenever it happens."""
        self._failures[f"{what}: {why}"] += 1

    def _noted(self, what: str, seconds: float) -> None:
        if self._counts:
            self._times[what].append(seconds)

    # -- the run ------------------------------------------------------------------------------------

    @task
    def run_the_day(self) -> None:
        """Everything there is to do; then locust is told to end."""
        plan = self.plan
        self._sign_everybody_in()
        pages = Pages(self._desk, self._rng)
        opened = pages.hold(self._offices.present(), plan.streams, _OPEN_WITHIN)
        if opened < plan.streams:
            self._failed("open page", f"{opened} of {plan.streams} are open")
        began = time.perf_counter()
        coming = [gevent.spawn(self._let_come, arrivals, began) for arrivals in plan.arrivals]
        gevent.sleep(plan.warm_up)
        told, before, self._counts = pages.told, self._cpu(), True
        counted = time.perf_counter()
        gevent.sleep(plan.seconds)
        after, took, self._counts = self._cpu(), time.perf_counter() - counted, False
        heard, still = pages.told - told, pages.open
        gevent.joinall(coming)
        self._people.join(timeout=_DRAIN)
        if len(self._people):
            self._failed("a person", f"{len(self._people)} were not done {_DRAIN:.0f} s after the end")
            self._people.kill()
        pages.close()
        self._offices.keep()
        self._books.keep()
        Result(
            seconds=took,
            times=dict(self._times),
            late=self._late,
            begun=dict(self._begun),
            done=dict(self._done),
            cpu={name: after[name] - before[name] for name in after},
            told=self._day.told,
            failures=dict(self._failures),
            repeats=self._desk.repeats,
            early=self._day.early,
            streams=still,
            heard=heard,
        ).write(Path(plan.result))
        self.environment.runner.quit()

    def _sign_everybody_in(self) -> None:
        """Who is needed for what is asked but has not signed in: eight at once, before anything counts."""
        if all(arrivals.scenario == "sign in" for arrivals in self.plan.arrivals) and not self.plan.streams:
            return
        waiting = self._offices.absent()

        def door() -> None:
            while waiting:
                enter(self._day, waiting.pop())

        gevent.joinall([gevent.spawn(door) for _ in range(8)], raise_error=True)

    def _let_come(self, arrivals: Arrivals, began: float) -> None:
        """Lets people come when they are due, whether or not those before have been answered."""
        plan = self.plan
        rng = random.Random(f"{plan.seed} {arrivals.scenario}")
        for moment in due(arrivals, plan.warm_up + plan.seconds, rng):
            wanted = began + moment
            gevent.sleep(max(0.0, wanted - time.perf_counter()))
            if len(self._people) >= _MOST:
                self._failed(arrivals.scenario, "too many people were waiting")
                continue
            if moment >= plan.warm_up:
                self._begun[arrivals.scenario] += 1
                self._late.append(time.perf_counter() - wanted)
            self._people.spawn(self._come, arrivals, wanted)

    def _come(self, arrivals: Arrivals, wanted: float) -> None:
        try:
            SCENARIOS[arrivals.scenario](self._day, arrivals, wanted)
        except GaveUp:
            return
        except Exception as error:
            self._failed(arrivals.scenario, repr(error))
            return
        if self._counts:
            self._done[arrivals.scenario] += 1

    def _cpu(self) -> dict[str, float]:
        times = os.times()
        return usage.cpu(self.plan.processes) | {GENERATOR: times.user + times.system}
