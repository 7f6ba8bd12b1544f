"""What was measured becomes tables: each act with its times, the share of cores, and when each section was taken."""

from __future__ import annotations

from typing import Any

from tests.load.report import tables
from tests.load.tables import GENERATOR

MACHINE = {"cores": 2, "model": "M", "memory_gib": 24, "date": "today", "load": 0.1}


def run(**changes: Any) -> dict[str, Any]:
    cpu = {"memo": 4.0, "desk": 6.0, GENERATOR: 50.0}
    ms = {"send a memo": [12, 8.0, 20.4, 31.0]}
    return {"seconds": 100.0, "done": {"memo": 50}, "cpu_seconds": cpu, "ms": ms, "failures": 0, "repeats": 1} | changes


def test_written_says_how_much_was_done_of_what_cores_and_how_long_each_act_took() -> None:
    faster = run(ms={"verify an entry": [3, 1.0, 2.0, 3.0]}, done={"memo": 500}, failures=2)
    measured = {"machine": MACHINE, "failures": 0, "written": {"busiest hour": run(), "ten times that": faster}}
    made = tables(measured)["written"]
    assert "| busiest hour | 0.50 | 5 % | 0 | 1 |" in made
    assert "| ten times that | 5.00 | 5 % | 2 | 1 |" in made
    assert "| send a memo | 12 | 8 / 20 / 31 | 0 | – |" in made
    assert "| verify an entry | 0 | – | 3 | 1 / 2 / 3 |" in made


def test_sections_of_several_days_each_have_their_date() -> None:
    when = {"rush": {"date": "yesterday", "load": 0.5}, "city": {"date": "today", "load": 3}}
    made = tables({"machine": MACHINE, "failures": 0, "when": when | {"space": when["rush"]}})["machine"]
    assert "rush, space: yesterday, load average 0.5 at the beginning; city: today, load average 3" in made
