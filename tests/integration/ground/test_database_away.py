"""A database that is away for a moment is waited for; one that is away longer holds up nobody else."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import make_url, text

from tests.integration.ground.flow import Flow
from tests.integration.ground.stage import Stage, context
from tests.support.proxy import Proxy
from tests.support.waiting import until

LOST = "lost"


@pytest.fixture(scope="module")
def proxy(_stage: Stage) -> Iterator[Proxy]:
    """Between the services and the database of the tenant `lost`, which can be taken away."""
    stage, registry = _stage, _stage.provisioner.registry
    with Proxy(stage.postgres.port) as found:
        tenant = stage.add_tenant(LOST)
        there = make_url(tenant.database).set(port=found.port).render_as_string(hide_password=False)
        with registry._engine.begin() as conn:
            conn.execute(text("UPDATE tenant SET database = :d WHERE code = :c"), {"d": there, "c": LOST})
        registry.refresh()
        stage.run("toy")
        stage.run("sink")
        yield found
        with registry._engine.begin() as conn:
            conn.execute(text("DELETE FROM tenant_keys WHERE tenant = :c"), {"c": LOST})
            conn.execute(text("DELETE FROM tenant WHERE code = :c"), {"c": LOST})
        registry.refresh()
        stage.end("toy")
        stage.end("sink")


@pytest.mark.long
def test_after_a_restart_of_the_database_the_first_requests_are_answered(stage: Stage, toy, sink, series: str) -> None:
    # Connections in the pool, which will all be dead.
    stage.make(series, first=0)
    stage.client.call_many([("toy", "made", {"series": series})] * 8, context())
    stage.servers.crash(stage.postgres)
    stage.postgres.start()
    answers = stage.client.call_many([("toy", "made", {"series": series})] * 8, context(), timeout=30)
    assert answers == [[0]] * 8
    stage.make(series, first=1)
    until(lambda: stage.effects(series) == [0, 1])


@pytest.mark.long
def test_connections_to_the_database_cut_in_mid_flight_lose_and_double_nothing(
    stage: Stage, proxy: Proxy, series: str
) -> None:
    with Flow(stage, series, LOST) as flow:
        for _ in range(8):
            flow.go_on(5)
            proxy.cut()
    until(lambda: len(stage.effects(series, LOST)) >= len(flow.made))
    assert stage.effects(series, LOST) == flow.made
    until(lambda: stage.outbox("toy", LOST) == 0)


def test_events_of_a_tenant_whose_database_is_away_hold_up_no_others_and_wait_as_long_as_it_takes(
    stage: Stage, proxy: Proxy, series: str
) -> None:
    stage.end("sink")
    stage.make(series, count=3, tenant=LOST)
    stage.purge("sink.dead")
    proxy.close_door()
    proxy.cut()
    sink = stage.run("sink")
    stage.make(series, count=3)
    until(lambda: stage.effects(series) == [0, 1, 2])
    # They come and are postponed again, oftener than a failing event is tried.
    until(lambda: (stage.var / "sink.log").read_text().count(f'"tenant":"{LOST}"') > 4)
    proxy.open_door()
    until(lambda: sink.counted("oneway_events_handled_total") == 6)
    assert stage.effects(series, LOST) == [0, 1, 2]
    assert stage.waiting("sink.dead") == 0
