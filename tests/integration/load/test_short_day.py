"""A short day by locust on the running system: everything is answered, and what was accepted is there once."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from tests.load import ledger
from tests.load.plan import Arrivals, Plan
from tests.load.run import run
from tests.support.system import System

SCENARIOS = {"sign in": 1.0, "decide": 2.0, "look": 5.0, "search": 2.0}
STREAMS = 40


def offices(system: System) -> dict[str, dict[str, str]]:
    """The demo's people who can sign in."""
    return {
        code: {person["login"]: person["password"] for person in tenant["people"].values()}
        for code, tenant in system.demo.items()
    }


@pytest.mark.mode("full")
@pytest.mark.long
@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_short_day_is_answered_whole_and_everything_is_accounted_for(system: System, tmp_path: Path) -> None:
    (tmp_path / "offices.json").write_bytes(orjson.dumps(offices(system)))
    plan = Plan(
        hosts=[system.base_url],
        offices=str(tmp_path / "offices.json"),
        sessions=str(tmp_path / "sessions.json"),
        result=str(tmp_path / "result.json"),
        arrivals=[Arrivals(scenario, rate) for scenario, rate in SCENARIOS.items()],
        seconds=6.0,
        streams=STREAMS,
        think=0.1,
        saves=2,
        processes=system.pids(),
    )
    result = run(plan, tmp_path)
    assert result.failures == {}
    # Open loop: everybody came who was to come, whoever had been answered.
    assert set(result.begun) == set(SCENARIOS)
    assert result.streams == STREAMS
    assert result.documents
    assert all(told["decided"] == told["steps"] for told in result.documents.values())
    assert ledger.account(system._environment["ONEWAY_DATABASE_URL"], result.documents, list(system.demo)) == []
    lost = {"00000000-0000-0000-0000-000000000000": {"tenant": system.tenant, "steps": 3, "decided": 3}}
    assert len(ledger.account(system._environment["ONEWAY_DATABASE_URL"], lost, [])) == 1
    assert set(result.cpu) == {*system.pids(), "load generator"}
