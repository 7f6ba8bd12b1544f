"""Whatever is cut, killed or restarted: nothing is lost and nothing takes effect twice."""

from __future__ import annotations

import re
import signal
import time
from collections.abc import Iterator

import pytest

from shared.errors import Unavailable
from tests.integration.ground.flow import Flow
from tests.integration.ground.stage import Stage, context
from tests.support.proxy import Proxy
from tests.support.waiting import until


@pytest.fixture
def proxy(stage: Stage) -> Iterator[Proxy]:
    """Between RabbitMQ and the service that is started with `through`."""
    with Proxy(stage.servers.rabbitmq.port) as found:
        yield found
        # Before the proxy goes: what ran through it would look for it.
        stage.end("toy", signal.SIGKILL)
        stage.end("sink", signal.SIGKILL)


def through(proxy: Proxy) -> str:
    return f"amqp://guest:guest@127.0.0.1:{proxy.port}//"


def settled(stage: Stage, series: str, expected: list[int]) -> None:
    """Everything was made once and has its effect once, also after a while."""
    assert made(stage, series) == expected
    until(lambda: len(effects(stage, series)) >= len(expected))
    assert effects(stage, series) == expected


def made(stage: Stage, series: str) -> list[int]:
    return until(lambda: answered(stage, "toy", "made", series))


def effects(stage: Stage, series: str) -> list[int]:
    return until(lambda: answered(stage, "sink", "effects", series))[0]


def answered(stage: Stage, service: str, method: str, series: str):
    try:
        found = stage.client.call(service, method, context(), {"series": series}, timeout=3)
    except Unavailable:
        return None
    return [found] if service == "sink" else found


def test_events_wait_for_a_consumer_that_is_away(stage: Stage, toy, sink, series: str) -> None:
    stage.end("sink")
    stage.make(series, count=20)
    stage.ordinary("sink")
    settled(stage, series, list(range(20)))


def test_connections_cut_in_mid_flight_lose_nothing_and_double_nothing(stage: Stage, proxy: Proxy, series) -> None:
    stage.run("toy", ONEWAY_BROKER_URL=through(proxy))
    stage.run("sink", ONEWAY_BROKER_URL=through(proxy))
    with Flow(stage, series) as flow:
        for _ in range(8):
            flow.go_on(5)
            proxy.cut()
    settled(stage, series, flow.made)


@pytest.mark.long
def test_an_event_to_be_tried_again_is_not_forgotten_when_only_the_outgoing_connection_breaks(
    stage: Stage, toy, proxy: Proxy, series: str
) -> None:
    sink = stage.run("sink", ONEWAY_BROKER_URL=through(proxy))
    # The outgoing connection is the first that a process opens.
    proxy.close_door()
    proxy.cut(0)
    until(lambda: not sink.ready)
    stage.make(series, manner="fail")
    until(lambda: (stage.var / f"{series}.tries").exists())
    (stage.var / f"{series}.well").touch()
    proxy.open_door()
    settled(stage, series, [0])


@pytest.mark.long
def test_a_broker_that_crashes_and_comes_back_loses_nothing_and_doubles_nothing(
    stage: Stage, toy, sink, series: str
) -> None:
    with Flow(stage, series) as flow:
        flow.go_on(10)
        missed = stage.missed
        stage.servers.crash(stage.servers.rabbitmq)
        stage.servers.rabbitmq.start()
        flow.go_on(10)
    settled(stage, series, flow.made)
    # Who listens to the live channel is told that something may not have been heard.
    assert until(lambda: stage.missed) > missed


def test_a_database_that_crashes_and_comes_back_loses_nothing_and_doubles_nothing(
    stage: Stage, toy, sink, series: str
) -> None:
    with Flow(stage, series) as flow:
        flow.go_on(10)
        stage.servers.crash(stage.postgres)
        time.sleep(0.5)
        stage.postgres.start()
        flow.go_on(10)
    settled(stage, series, flow.made)


@pytest.mark.long
def test_services_killed_again_and_again_lose_nothing_and_double_nothing(stage: Stage, toy, sink, series: str) -> None:
    with Flow(stage, series) as flow:
        for service in ("sink", "toy", "sink", "toy"):
            flow.go_on(5)
            stage.end(service, signal.SIGKILL)
            stage.ordinary(service)
    settled(stage, series, flow.made)


def test_a_consumer_killed_in_the_middle_of_its_handler_gets_the_event_again(stage: Stage, toy, sink, series) -> None:
    stage.make(series, manner="die")
    sink.gone()
    stage.ordinary("sink")
    settled(stage, series, [0])
    # At least: it may come twice (from the broker, and swept from the outbox), and take effect once.
    assert len(stage.client.call("sink", "tries", context(), {"series": series})) >= 2


def test_a_consumer_killed_between_commit_and_acknowledgement_does_nothing_twice(stage: Stage, toy, series) -> None:
    stage.settle()
    sink = stage.run("sink", TOY_DIES="before acknowledging")
    stage.make(series, count=5)
    sink.gone()
    stage.ordinary("sink")
    settled(stage, series, list(range(5)))


def test_events_of_a_process_killed_between_commit_and_publishing_are_swept_from_the_outbox(
    stage: Stage, sink, series: str
) -> None:
    stage.settle()
    toy = stage.run("toy", TOY_DIES="before publishing")
    with pytest.raises(Unavailable):
        stage.make(series, count=5, timeout=1)
    toy.gone()
    assert stage.effects(series) == []
    swept = stage.ordinary("toy")
    settled(stage, series, list(range(5)))
    found = re.search(r'^oneway_outbox_swept_total{service="toy"} ([0-9.]+)$', swept.metrics(), re.M)
    # One whose confirmation is slow may be found by the next sweep as well.
    assert found and float(found[1]) >= 5
    until(lambda: stage.outbox("toy") == 0)


@pytest.mark.long
def test_an_outbox_with_more_than_one_batch_is_swept_whole(stage: Stage, sink, series: str) -> None:
    stage.settle()
    toy = stage.run("toy", TOY_DIES="before publishing")
    with pytest.raises(Unavailable):
        stage.make(series, count=1300, timeout=2)
    toy.gone()
    stage.ordinary("toy")
    settled(stage, series, list(range(1300)))
    until(lambda: stage.outbox("toy") == 0)


def test_a_service_told_to_stop_finishes_what_is_in_hand(stage: Stage, toy, series: str) -> None:
    with Flow(stage, series) as flow:
        flow.go_on(5)
        toy.end()
        assert toy.process.returncode == 0
        stage.ordinary("toy")
    stage.ordinary("sink")
    settled(stage, series, flow.made)
