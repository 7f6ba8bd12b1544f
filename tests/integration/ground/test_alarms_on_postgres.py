"""Alarms of a service with several processes, on a real database: each goes off once, whoever ends."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest

from tests.integration.ground.stage import Stage, Toy, context
from tests.support.waiting import until


@pytest.fixture
def second(stage: Stage, sink: Toy) -> Iterator[Toy]:
    """A second process beside the first."""
    yield stage.run("sink-2")
    stage.end("sink-2")


def set_alarms(stage: Stage, series: str, count: int, seconds: float, **more: object) -> None:
    data = {"series": series, "count": count, "seconds": seconds, **more}
    stage.client.call("sink", "set_alarms", context(), data, timeout=20)


def test_what_several_processes_have_set_goes_off_once(stage: Stage, sink, second, series: str) -> None:
    for first in range(0, 200, 20):
        set_alarms(stage, series, 20, 0.5, first=first)
    until(lambda: len(stage.effects(series)) >= 200)
    assert stage.effects(series) == list(range(200))
    gone_off = [process.counted("oneway_alarms_total") for process in (sink, second)]
    assert sum(gone_off) >= 200


def test_one_that_kills_its_process_goes_off_in_the_next(stage: Stage, sink, series: str) -> None:
    set_alarms(stage, series, 1, 0.5, manner="die")
    until(lambda: not sink.running)
    stage.ordinary("sink")
    until(lambda: stage.effects(series) == [0])


def test_those_of_a_process_that_is_killed_go_off_after_its_next_start(stage: Stage, sink, series: str) -> None:
    set_alarms(stage, series, 5, 1.0)
    stage.end("sink", signal.SIGKILL)
    stage.run("sink")
    until(lambda: len(stage.effects(series)) >= 5)
    assert stage.effects(series) == list(range(5))


def test_one_that_fails_holds_up_no_other_and_comes_again(stage: Stage, sink, series: str) -> None:
    set_alarms(stage, series, 1, 0.0, manner="poison")
    set_alarms(stage, series, 1, 0.1, first=1)
    until(lambda: stage.effects(series) == [1])
    tries = lambda: stage.client.call("sink", "tries", context(), {"series": series})  # noqa: E731
    until(lambda: len(tries()) >= 2)
    assert stage.effects(series) == [1]
