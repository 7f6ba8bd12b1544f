"""Connections stay bounded over many tenants, and what fails to serialize is run again, on a real PostgreSQL."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import text

from shared.errors import NotFound, Problem
from tests.integration.ground.stage import Stage, context
from tests.support.waiting import until

TENANTS = [f"many{n:02}" for n in range(24)]


@pytest.fixture(scope="module")
def many(_stage: Stage) -> list[str]:
    """The codes of more tenants than there are connections, each with its own database."""
    for code in TENANTS:
        _stage.add_tenant(code)
    return TENANTS


def connections(stage: Stage, service: str) -> int:
    with stage.administrator() as conn:
        statement = text("SELECT count(*) FROM pg_stat_activity WHERE application_name = :n")
        return int(conn.execute(statement, {"n": f"oneway-{service}"}).scalar_one())


@pytest.mark.long
def test_connections_are_bounded_over_many_tenants(stage: Stage, many: list[str]) -> None:
    stage.run("toy", ONEWAY_POOL_CONNECTIONS="5", ONEWAY_POOL_SIZE="2")
    seen = 0
    for _ in range(2):
        for code in many:
            assert stage.client.call("toy", "echo", context(code), {"value": 1})["tenant"] == code
            seen = max(seen, connections(stage, "toy"))
    # One that was just closed may still be on the server's list.
    assert 1 <= seen <= 5 + 1


@pytest.mark.long
def test_many_tenants_at_once_are_all_answered_with_few_connections(stage: Stage, many: list[str]) -> None:
    stage.run("toy", ONEWAY_POOL_CONNECTIONS="5", ONEWAY_POOL_SIZE="2")
    answers: list[str] = []

    def ask(code: str) -> None:
        for _ in range(3):
            answers.append(stage.client.call("toy", "made", context(code), {"series": code}, timeout=60) or code)

    callers = [threading.Thread(target=ask, args=(code,)) for code in many]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    assert sorted(answers) == sorted(many * 3)
    until(lambda: connections(stage, "toy") <= 5)


def test_of_two_transactions_that_fight_the_loser_is_run_again(stage: Stage, toy, series: str) -> None:
    answers: list[int] = []

    def count() -> None:
        answers.append(stage.client.call("toy", "count_up", context(), {"name": series, "seconds": 0.1}, timeout=30))

    callers = [threading.Thread(target=count) for _ in range(3)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join(60)
    assert sorted(answers) == [1, 2, 3]


def test_a_tenant_there_is_not_is_told_so_and_one_that_is_added_is_served_at_once(stage: Stage, toy) -> None:
    with pytest.raises(Problem) as raised:
        stage.client.call("toy", "made", context("nobody"), {"series": "x"})
    assert raised.value.status == NotFound("tenant").status
    stage.add_tenant("newcomer")
    answer = until(lambda: _served(stage, "newcomer"))
    assert answer == {"made": 1}


def _served(stage: Stage, code: str):
    try:
        return stage.client.call("toy", "make", context(code), {"series": "first"}, idempotency_key="first")
    except Problem:
        return None


def test_a_disabled_tenant_is_let_in_no_more_and_enabled_it_is_again(stage: Stage, toy) -> None:
    stage.add_tenant("closing")
    until(lambda: _served(stage, "closing"))
    stage.provisioner.registry.set_state("closing", "disabled")
    stage.run("toy")
    with pytest.raises(Problem) as raised:
        stage.client.call("toy", "made", context("closing"), {"series": "first"})
    assert raised.value.status == 404
    stage.provisioner.registry.set_state("closing", "active")
    until(lambda: _served(stage, "closing"))
