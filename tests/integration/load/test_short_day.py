"""A short day by locust on the running system: everything is answered, and what was accepted is there once."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from tests.integration.product.cast import Cast
from tests.load import books, ledger
from tests.load.plan import Arrivals, Plan
from tests.load.run import run
from tests.support.system import System

SCENARIOS = {"sign in": 1.0, "decide": 2.0, "look": 5.0, "search": 2.0, "memo": 1.0, "journal": 2.0, "request": 1.0}
STREAMS = 40
WRITERS = ("drafter", "cooperator", "decider")
NOBODY = "00000000-0000-0000-0000-000000000000"


def offices(system: System) -> dict[str, dict[str, str]]:
    """The demo's people who can sign in."""
    return {
        code: {person["login"]: person["password"] for person in tenant["people"].values()}
        for code, tenant in system.demo.items()
    }


def journals(system: System) -> list[books.Visit]:
    """A journal of each organisation, with places enough for a short day."""
    found: list[books.Visit] = []
    for code, tenant in system.demo.items():
        cast, people = Cast(system, code), tenant["people"]
        named = [f"person:{cast.id(role)}" for role in WRITERS]
        logins = [people[role]["login"] for role in WRITERS]
        verifier = (people["reviewer"]["login"], cast.id("reviewer"))
        found += books.begin(cast.api("admin"), code, named, logins, verifier, places=6)
    return found


@pytest.mark.mode("full")
@pytest.mark.long
@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_short_day_is_answered_whole_and_everything_is_accounted_for(system: System, tmp_path: Path) -> None:
    (tmp_path / "offices.json").write_bytes(orjson.dumps(offices(system)))
    books.write(tmp_path / "books.json", journals(system))
    plan = Plan(
        hosts=[system.base_url],
        offices=str(tmp_path / "offices.json"),
        sessions=str(tmp_path / "sessions.json"),
        result=str(tmp_path / "result.json"),
        books=str(tmp_path / "books.json"),
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
    assert all(result.told.values())
    assert all(told["decided"] == told["steps"] for told in result.told["documents"].values())
    assert all(told["whole"] for told in result.told["memos"].values())
    assert all(told["saved"] and told["verified"] for told in result.told["entries"].values())
    assert all(told["done"][-1] == "close" for told in result.told["requests"].values())
    administrator = system._environment["ONEWAY_DATABASE_URL"]
    assert ledger.account(administrator, result.told, list(system.demo)) == []
    assert set(result.cpu) == {*system.pids(), "load generator"}
    for noun, told in result.told.items():
        lost = {noun: {NOBODY: next(iter(told.values()))}}
        found = ledger.account(administrator, lost, [], patience=0)
        assert any(f"{NOBODY} was accepted and is not there" in problem for problem in found), noun
