"""Calls over a real RabbitMQ: answered, or ended in bounded time."""

from __future__ import annotations

import signal
import threading

import pytest
from kombu.utils.json import dumps
from nameko.rpc import MethodProxy
from nameko.standalone.rpc import ClusterRpcProxy

from shared.errors import NotFound, Problem, Unavailable
from tests.integration.ground.stage import OTHER, Stage, context
from tests.support.waiting import until


def test_a_call_is_answered_with_what_the_method_returns(stage: Stage, toy) -> None:
    answer = stage.client.call("toy", "echo", context(OTHER), {"value": ["가", 1, None]})
    assert answer == {"value": ["가", 1, None], "tenant": OTHER, "person": "p1"}


def test_a_service_s_problem_comes_to_the_caller_as_it_was_raised(stage: Stage, toy) -> None:
    with pytest.raises(Problem) as raised:
        stage.client.call("toy", "missing", context())
    assert (raised.value.status, raised.value.slug) == (404, NotFound("thing").slug)
    with pytest.raises(Problem) as raised:
        stage.client.call("toy", "echo", context(), {"seconds": "x", "more": 1})
    assert raised.value.status == 422
    assert set(raised.value.fields) == {"seconds", "more"}


def test_a_method_there_is_not_is_a_problem(stage: Stage, toy) -> None:
    with pytest.raises(Problem) as raised:
        stage.client.call("toy", "take_over", context())
    assert raised.value.status == 404


def test_a_handler_that_takes_too_long_is_unavailable_at_the_deadline(stage: Stage, toy) -> None:
    with pytest.raises(Unavailable):
        stage.client.call("toy", "echo", context(), {"seconds": 2}, timeout=0.5)
    assert stage.client.call("toy", "echo", context(), {"value": 1})["value"] == 1


def test_a_service_that_is_away_is_unavailable_and_answers_when_it_is_back(stage: Stage, toy) -> None:
    stage.end("toy")
    with pytest.raises(Unavailable):
        stage.client.call("toy", "echo", context(), timeout=0.5)
    stage.ordinary("toy")
    assert stage.client.call("toy", "echo", context(), {"value": 2})["value"] == 2


def test_a_command_whose_caller_has_given_up_is_not_run_later(stage: Stage, toy, series: str) -> None:
    stage.end("toy")
    with pytest.raises(Unavailable):
        stage.client.call("toy", "make", context(), {"series": series}, timeout=0.3)
    stage.ordinary("toy")
    assert stage.client.call("toy", "made", context(), {"series": series}) == []


def test_a_service_killed_in_mid_call_leaves_no_caller_hanging(stage: Stage, toy) -> None:
    ended: list[object] = []

    def ask() -> None:
        try:
            ended.append(stage.client.call("toy", "echo", context(), {"seconds": 2}, timeout=4))
        except Unavailable as problem:
            ended.append(problem)

    callers = [threading.Thread(target=ask) for _ in range(5)]
    for caller in callers:
        caller.start()
    toy.end(signal.SIGKILL)
    for caller in callers:
        caller.join(30)
    assert len(ended) == 5
    # What was not acknowledged goes to the next process, where its deadline tells whether anybody still waits.
    stage.ordinary("toy")
    assert stage.client.call("toy", "echo", context(), {"value": 3})["value"] == 3


def test_many_calls_in_flight_each_get_their_own_answer(stage: Stage, toy) -> None:
    answers: dict[int, object] = {}

    def ask(number: int) -> None:
        data = {"value": number, "seconds": (number % 7) / 100}
        answers[number] = stage.client.call("toy", "echo", context(), data, timeout=30)["value"]

    callers = [threading.Thread(target=ask, args=(n,)) for n in range(200)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join(60)
    assert answers == {n: n for n in range(200)}


def test_several_calls_at_once_each_end_with_their_result_or_their_problem(stage: Stage, toy) -> None:
    calls = [("toy", "echo", {"value": 1}), ("toy", "missing", None), ("nobody", "echo", None)]
    first, second, third = stage.client.call_many(calls, context(), timeout=0.5)
    assert first["value"] == 1
    assert second.status == 404
    assert third.status == 503


def test_a_repeat_under_the_same_key_changes_nothing_and_gets_the_same_answer(stage: Stage, toy, series: str) -> None:
    data = {"series": series, "count": 3}
    answers = [stage.client.call("toy", "make", context(), data, idempotency_key=series) for _ in range(3)]
    assert answers == [{"made": 3}] * 3
    assert stage.client.call("toy", "made", context(), {"series": series}) == [0, 1, 2]
    with pytest.raises(Problem) as raised:
        stage.client.call("toy", "make", context(), {**data, "count": 4}, idempotency_key=series)
    assert raised.value.status == 409


def test_the_same_command_doubled_in_parallel_is_run_once(stage: Stage, toy, series: str) -> None:
    answers: list[object] = []

    def ask() -> None:
        data = {"series": series, "count": 2}
        answers.append(stage.client.call("toy", "make", context(), data, idempotency_key=series, timeout=30))

    callers = [threading.Thread(target=ask) for _ in range(8)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join(60)
    assert answers == [{"made": 2}] * 8
    assert stage.client.call("toy", "made", context(), {"series": series}) == [0, 1]


def test_what_a_service_tells_is_heard_by_who_listens(stage: Stage, toy) -> None:
    stage.told.clear()
    stage.client.call("toy", "tell", context(), {"people": ["p2", "p1"]})
    told = until(lambda: [t for t in stage.told if t["topic"] == "toys"])
    assert told == [{"tenant": "aa", "people": ["p1", "p2"], "topic": "toys"}]


def test_nameko_s_own_proxy_is_understood_and_understands_the_answer(
    stage: Stage, toy, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ClusterRpcProxy({"AMQP_URI": stage.settings.broker_url}, timeout=10) as proxy:
        with pytest.raises(Exception, match="not signed"):
            proxy.toy.echo({"value": "가"})
        # Its headers are the one thing of ours it has to be given; the protocol is its own.
        body, wire = dumps({"args": [{"value": "가"}], "kwargs": {}}).encode(), context().to_wire()
        headers = {"oneway-context": wire, "oneway-signature": stage.signer.sign(wire, "toy.echo ", body)}
        monkeypatch.setattr(MethodProxy, "get_message_headers", lambda self, worker: headers)
        assert proxy.toy.echo({"value": "가"}) == {"value": "가", "tenant": "aa", "person": "p1"}
