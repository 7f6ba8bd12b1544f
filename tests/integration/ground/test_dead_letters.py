"""An event that cannot be handled is tried again with growing delay, parked, shown and put back."""

from __future__ import annotations

import orjson
import pytest

from tests.integration.ground.stage import TENANT, Stage, Toy, context
from tests.support.waiting import until


@pytest.fixture(autouse=True)
def nothing_parked(stage: Stage, toy, sink):
    """No dead letters of other tests."""
    stage.purge("sink.dead")
    yield
    stage.purge("sink.dead")


def parked(stage: Stage) -> int:
    return stage.waiting("sink.dead")


def tries(stage: Stage, series: str) -> list[float]:
    found: list[float] = stage.client.call("sink", "tries", context(), {"series": series})
    return found


def listed(stage: Stage) -> list[list[str]]:
    """The rows of `oneway dead-letters list`: service, id, type, tenant, reason."""
    answer = stage.command("dead-letters", "list")
    assert answer.returncode == 0, answer.stderr
    return [[cell.strip() for cell in line.split("│")[1:-1]] for line in answer.stdout.splitlines() if "│" in line]


def test_a_failing_event_is_tried_with_growing_delays_and_then_parked(stage: Stage, series: str) -> None:
    stage.make(series, manner="fail")
    until(lambda: parked(stage) == 1)
    first, second, third = tries(stage, series)
    assert second - first >= 0.9
    assert third - second >= 1.9
    assert stage.effects(series) == []


def test_an_event_that_fails_for_a_while_takes_effect_once(stage: Stage, series: str) -> None:
    stage.make(series, manner="fail")
    until(lambda: tries(stage, series))
    (stage.var / f"{series}.well").touch()
    until(lambda: stage.effects(series))
    assert stage.effects(series) == [0]
    assert parked(stage) == 0


def test_a_poisonous_event_is_parked_at_once(stage: Stage, series: str) -> None:
    stage.make(series, manner="poison")
    until(lambda: parked(stage) == 1)
    assert len(tries(stage, series)) == 1


def test_one_bad_event_does_not_hold_up_the_others(stage: Stage, series: str) -> None:
    stage.make(series, manner="poison")
    stage.make(series, count=50, first=1)
    until(lambda: len(stage.effects(series)) == 50)
    assert stage.effects(series) == list(range(1, 51))


def test_dead_letters_are_listed_shown_and_replayed_on_the_real_broker(stage: Stage, series: str) -> None:
    stage.make(series, count=3, manner="poison")
    until(lambda: parked(stage) == 3)
    rows = listed(stage)
    assert [(row[0], row[2], row[3]) for row in rows] == [("sink", "toy.made", TENANT)] * 3
    assert all("not to be handled" in row[4] for row in rows)
    # Looking takes nothing away, however often.
    for _ in range(2):
        assert listed(stage) == rows

    shown = stage.command("dead-letters", "show", rows[1][1])
    letter = orjson.loads(shown.stdout)
    assert (letter["id"], letter["data"]["series"]) == (rows[1][1], series)
    assert "not to be handled" in letter["reason"]
    missing = stage.command("dead-letters", "show", "nothing")
    assert missing.returncode == 1
    assert "no dead letter" in missing.stderr

    so_far = len(tries(stage, series))
    assert "1 put back" in stage.command("dead-letters", "replay", rows[1][1]).stdout
    until(lambda: len(tries(stage, series)) == so_far + 1)
    until(lambda: parked(stage) == 3)
    assert "0 put back" in stage.command("dead-letters", "replay", "--service", "toy").stdout
    # What is parked again at once is not put back a second time by the same command.
    assert "3 put back" in stage.command("dead-letters", "replay").stdout
    until(lambda: len(tries(stage, series)) >= so_far + 4)
    until(lambda: parked(stage) == 3)


@pytest.mark.long
def test_a_replayed_event_has_its_effect_and_all_its_tries_again(stage: Stage, sink: Toy, series: str) -> None:
    waiting = 'oneway_dead_letters_waiting{service="sink"} '
    stage.make(series, manner="fail")
    until(lambda: parked(stage) == 1)
    until(lambda: f"{waiting}1.0" in sink.metrics())
    assert "1 put back" in stage.command("dead-letters", "replay").stdout
    until(lambda: len(tries(stage, series)) >= 4)
    (stage.var / f"{series}.well").touch()
    until(lambda: stage.effects(series))
    assert stage.effects(series) == [0]
    until(lambda: f"{waiting}0.0" in sink.metrics())
    assert listed(stage) == []
    # Once more: it was handled, so nothing happens again.
    assert "0 put back" in stage.command("dead-letters", "replay").stdout


def test_a_dead_letter_that_cannot_be_read_can_be_listed(stage: Stage) -> None:
    stage.put("sink.dead", b"\xff\xfe{")
    assert [row[1] for row in listed(stage)] == ["(unreadable)"]
