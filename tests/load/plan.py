"""What one run of locust is to do, and what came of it: the two files between it and who asked for it."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import orjson

# Where locust finds its plan.
VARIABLE = "ONEWAY_LOAD_PLAN"
# What is accounted for after a run.
NOUNS = ("documents", "memos", "entries", "requests")


@dataclass
class Arrivals:
    """People who come to do something: `rate` a second on the average of the whole run, whoever has been answered.

    `shape` is `steady`, or `rush`: few at first, twice the average in the middle, few at the end. `of` names the
    tenants they are of; all, where none is named.
    """

    scenario: str
    rate: float
    shape: str = "steady"
    of: list[str] = field(default_factory=list)


@dataclass
class Plan:
    """One run: so many seconds to get going, which do not count, and so many that do.

    `offices` is the file of who can sign in, `sessions` the one of who has, `books` that of the journals
    (`tests.load.books`), `result` what is written at the end.
    `streams` pages are held open all the while. `think` is how many seconds somebody takes on average between two acts,
    `saves` how often a draft is saved while it is written. `processes` are ids by name, whose CPU time is looked up.
    """

    hosts: list[str]
    offices: str
    sessions: str
    result: str
    arrivals: list[Arrivals]
    seconds: float
    books: str = ""
    warm_up: float = 0.0
    streams: int = 0
    think: float = 0.3
    saves: int = 4
    processes: dict[str, int] = field(default_factory=dict)
    seed: int = 20260102

    def write(self, path: Path) -> None:
        """Leaves it for locust."""
        path.write_bytes(orjson.dumps(asdict(self)))

    @classmethod
    def read(cls, path: Path) -> Plan:
        """Finds it again."""
        told: dict[str, Any] = orjson.loads(path.read_bytes())
        arrivals = [Arrivals(**each) for each in told.pop("arrivals")]
        return cls(arrivals=arrivals, **told)


@dataclass
class Result:
    """What came of a run. `times` are seconds from when an act was due until it was answered, by what was done.

    `late` is by how many seconds the generator itself was late for an arrival. `cpu` is CPU seconds by process in the
    counted time; `done` how often each scenario came to its end in it, and `begun` how many arrived in it. `told` is
    what clients were told was done, by noun and id, each with its `tenant`:

    | noun | of each |
    | --- | --- |
    | `documents`, submitted | `steps` of the line, `decided` so many of them |
    | `memos`, sent | `title`, `to` whom (also by passing on), `read` and `answered` by whom, `whole` its way |
    | `entries`, sent or tried | the `journal`; `saved` and `verified`, 1 where that was acknowledged |
    | `requests`, asked | `title`, `done` the acts in their order |
    """

    seconds: float
    times: dict[str, list[float]]
    late: list[float]
    begun: dict[str, int]
    done: dict[str, int]
    cpu: dict[str, float]
    told: dict[str, dict[str, dict[str, Any]]]
    failures: dict[str, int]
    repeats: int
    early: int
    streams: int
    heard: int

    def write(self, path: Path) -> None:
        """Leaves it for who asked."""
        path.write_bytes(orjson.dumps(asdict(self)))

    @classmethod
    def read(cls, path: Path) -> Result:
        """Finds it again."""
        return cls(**orjson.loads(path.read_bytes()))
