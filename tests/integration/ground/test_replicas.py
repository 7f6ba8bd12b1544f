"""Two processes of a service share its requests, its events and its outbox; nothing is done twice."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from shared.errors import Unavailable
from tests.integration.ground.flow import Flow
from tests.integration.ground.stage import Stage, Toy, context
from tests.support.proxy import Proxy
from tests.support.waiting import until


@pytest.fixture
def seconds(stage: Stage, toy: Toy, sink: Toy) -> Iterator[tuple[Toy, Toy]]:
    """A second process of each toy beside the first."""
    yield stage.run("toy-2"), stage.run("sink-2")
    stage.end("toy-2")
    stage.end("sink-2")


def settled(stage: Stage, series: str, expected: list[int]) -> None:
    """Each has its effect once."""
    until(lambda: len(stage.effects(series)) >= len(expected))
    assert stage.effects(series) == expected
    until(lambda: stage.outbox("toy") == 0)


def test_both_answer_and_both_handle_events_each_of_them_once(stage: Stage, toy, sink, seconds, series) -> None:
    processes = {"toy": (toy, seconds[0]), "sink": (sink, seconds[1])}
    before = {process: process.counted(METRIC[name]) for name, both in processes.items() for process in both}
    sent_before = [_counted(processes["toy"], metric) for metric in (SENT, SWEPT)]
    callers = [threading.Thread(target=stage.make, args=(series, 10, "", first)) for first in range(0, 400, 10)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join(60)
    settled(stage, series, list(range(400)))
    for name, both in processes.items():
        done = [process.counted(METRIC[name]) - before[process] for process in both]
        assert min(done) > 0, (name, done)
    # The one that has run since before may have swept up for tests that killed another.
    sent = [_counted(processes["toy"], metric) for metric in (SENT, SWEPT)]
    assert [now - then for now, then in zip(sent, sent_before, strict=True)] == [400, 0]


def _counted(processes: tuple[Toy, Toy], metric: str) -> float:
    return sum(process.counted(metric) for process in processes)


SENT, SWEPT = "oneway_events_published_total", "oneway_outbox_swept_total"
METRIC = {"toy": "oneway_rpc_seconds_count", "sink": "oneway_events_handled_total"}


def test_one_that_is_killed_leaves_its_work_to_the_other(stage: Stage, toy, sink, seconds, series: str) -> None:
    """Nobody starts it again: what it left in the outbox is found by the one that goes on."""
    with Flow(stage, series) as flow:
        for name in ("toy-2", "sink-2"):
            flow.go_on(5)
            stage.end(name, signal.SIGKILL)
            flow.go_on(5)
        last = flow.made[-1]
        until(lambda: stage.effects(series)[: last + 1] == list(range(last + 1)))
    until(lambda: len(stage.effects(series)) >= len(flow.made))
    assert stage.effects(series) == flow.made


@pytest.mark.long
def test_one_that_is_told_to_stop_answers_what_it_has_and_no_call_fails(stage: Stage, toy, sink, seconds) -> None:
    enough, answers = threading.Event(), [0] * 8

    def ask(caller: int) -> None:
        while not enough.is_set():
            stage.client.call("toy", "echo", context(), {"value": caller, "seconds": 0.05}, timeout=60)
            answers[caller] += 1

    with ThreadPoolExecutor(8) as pool:
        callers = [pool.submit(ask, caller) for caller in range(8)]
        until(lambda: min(answers) > 10 or any(caller.done() for caller in callers))
        stage.end("toy-2")
        enough.set()
        for caller in callers:
            caller.result()
    assert seconds[0].process.returncode == 0


@pytest.mark.long
def test_each_publishes_its_own_when_the_broker_is_back(stage: Stage, sink, series: str) -> None:
    with Proxy(stage.servers.rabbitmq.port) as proxy:
        through = f"amqp://guest:guest@127.0.0.1:{proxy.port}//"
        both = []
        for name in ("toy", "toy-2"):
            both.append(stage.run(name, ONEWAY_BROKER_URL=through))
        # What a process publishes goes over the connection that it opens first.
        proxy.close_door()
        proxy.cut(0)
        proxy.cut(2)
        until(lambda: not any(process.ready for process in both))
        calls = [threading.Thread(target=_unheard, args=(stage, series, number)) for number in range(20)]
        for call in calls:
            call.start()
        for call in calls:
            call.join(30)
        assert stage.outbox("toy") == 20
        proxy.open_door()
        settled(stage, series, list(range(20)))
        assert all(process.counted("oneway_events_published_total") for process in both)
        stage.end("toy", signal.SIGKILL)
        stage.end("toy-2", signal.SIGKILL)


def _unheard(stage: Stage, series: str, number: int) -> None:
    with pytest.raises(Unavailable):
        stage.make(series, first=number, timeout=1.0)


@pytest.mark.long
def test_what_a_process_left_that_ended_is_published_by_the_other(stage: Stage, toy, sink, series: str) -> None:
    stage.settle()
    stage.end("toy")
    dying = stage.run("toy-2", TOY_DIES="before publishing")
    with pytest.raises(Unavailable):
        stage.make(series, count=3, timeout=1)
    dying.gone()
    assert stage.effects(series) == []
    # At once, however young what it left is.
    stage.ordinary("toy")
    settled(stage, series, [0, 1, 2])


@pytest.mark.long
def test_what_happened_is_complete_where_a_tenant_is_let_in_again(stage: Stage, toy, sink, series: str) -> None:
    tenant = "pausing"
    stage.add_tenant(tenant)
    until(lambda: _let_in(stage, tenant))
    # Each service reads the registry in its own time.
    until(lambda: _answer(stage, tenant, "toy", "echo", {"value": 1}) == {"value": 1, "tenant": tenant, "person": "p1"})
    stage.end("sink")
    stage.make(series, count=3, tenant=tenant)
    stage.provisioner.registry.set_state(tenant, "disabled")
    sink = stage.run("sink")
    until(lambda: sink.counted("oneway_events_handled_total") == 3)
    assert not _let_in(stage, tenant)
    stage.provisioner.registry.set_state(tenant, "active")
    until(lambda: _let_in(stage, tenant))
    assert stage.effects(series, tenant) == [0, 1, 2]


def _let_in(stage: Stage, tenant: str) -> bool:
    return _answer(stage, tenant, "sink", "effects", {"series": "-"}) == []


def _answer(stage: Stage, tenant: str, service: str, query: str, data: dict[str, object]) -> object:
    """What the query comes to, or the problem."""
    (found,) = stage.client.call_many([(service, query, data)], context(tenant))
    return found
