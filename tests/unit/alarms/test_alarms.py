"""Alarms go off once, at their time, whatever fails or ends in between."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

import tests.unit.alarms.toy.models as models
import tests.unit.alarms.toy.service as toy
from shared.ids import new_id
from shared.testing import LocalService, context
from tests.support.waiting import until

ME = context()
START = datetime(2026, 3, 2, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def kettle(monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalService]:
    monkeypatch.setitem(sys.modules, "services.kettle.models", models)
    with LocalService(toy.KettleService) as service:
        service.now = START
        yield service
    toy.BROKEN.clear()


def put_on(kettle: LocalService, at: datetime, **more: Any) -> str:
    id_ = new_id()
    kettle.call("put_on", ME, {"id": id_, "at": at.isoformat(), **more})
    return id_


def whistled(kettle: LocalService) -> list[tuple[str, str, datetime]]:
    with kettle.tx() as tx:
        rows = tx.all(select(models.Whistle.kettle, models.Whistle.tune, models.Whistle.at).order_by(models.Whistle.id))
        return [tuple(row) for row in rows]


def failures(kettle: LocalService) -> list[int]:
    with kettle.tx() as tx:
        return [row.failures for row in tx.all(select(models.ALARM.c.failures))]


def test_an_alarm_goes_off_at_its_time_and_once(kettle: LocalService) -> None:
    one = put_on(kettle, START + MINUTE)
    kettle.pass_until(START + MINUTE - timedelta(seconds=1))
    assert whistled(kettle) == []
    kettle.pass_until(START + 10 * MINUTE)
    assert whistled(kettle) == [(one, "high", START + MINUTE)]
    kettle.pass_until(START + 20 * MINUTE)
    assert len(whistled(kettle)) == 1


def test_one_whose_time_is_past_goes_off_at_once(kettle: LocalService) -> None:
    put_on(kettle, START - MINUTE)
    kettle.pass_until(START)
    assert len(whistled(kettle)) == 1


def test_setting_it_again_replaces_it(kettle: LocalService) -> None:
    one = put_on(kettle, START + MINUTE)
    kettle.call("put_on", ME, {"id": one, "at": (START + 3 * MINUTE).isoformat(), "tune": "low"})
    kettle.pass_until(START + 2 * MINUTE)
    assert whistled(kettle) == []
    kettle.pass_until(START + 9 * MINUTE)
    assert whistled(kettle) == [(one, "low", START + 3 * MINUTE)]


def test_one_that_is_cancelled_does_not_go_off(kettle: LocalService) -> None:
    one = put_on(kettle, START + MINUTE)
    kettle.call("take_off", ME, {"id": one})
    kettle.pass_until(START + 9 * MINUTE)
    assert whistled(kettle) == []


def test_one_that_sets_itself_again_goes_on(kettle: LocalService) -> None:
    one = put_on(kettle, START, times=3)
    kettle.pass_until(START + 9 * MINUTE)
    assert whistled(kettle) == [(one, "high", START + n * MINUTE) for n in range(3)]


def test_one_that_fails_leaves_no_trace_holds_up_no_other_and_comes_again(kettle: LocalService) -> None:
    broken = put_on(kettle, START)
    sound = put_on(kettle, START + MINUTE)
    toy.BROKEN.add(broken)
    kettle.pass_until(START + MINUTE)
    assert whistled(kettle) == [(sound, "high", START + MINUTE)]
    assert failures(kettle) == [3]
    toy.BROKEN.clear()
    kettle.pass_until(START + 60 * MINUTE)
    assert [kettle for kettle, _, _ in whistled(kettle)] == [sound, broken]
    # What it was set for is what it is told, however late it goes off.
    assert whistled(kettle)[1][2] == START


def test_in_the_background_it_goes_off_by_itself_also_one_that_a_crash_left(kettle: LocalService) -> None:
    kettle._runtime.databases.clock = lambda: None
    left = put_on(kettle, datetime.now(UTC) - MINUTE)
    housekeeping = kettle._runtime.housekeeping
    housekeeping.start()
    try:
        until(lambda: len(whistled(kettle)) == 1)
        soon = put_on(kettle, datetime.now(UTC) + timedelta(milliseconds=200))
        until(lambda: len(whistled(kettle)) == 2)
        assert [kettle for kettle, _, _ in whistled(kettle)] == [left, soon]
    finally:
        housekeeping.stop()


def test_several_processes_do_it_once(kettle: LocalService) -> None:
    kettle._runtime.databases.clock = lambda: None
    for _ in range(20):
        put_on(kettle, datetime.now(UTC) - MINUTE)
    housekeeping = kettle._runtime.housekeeping
    housekeeping.start()
    try:
        kettle._runtime.ringing.ring(ME.tenant)
        until(lambda: len(whistled(kettle)) == 20 and failures(kettle) == [])
    finally:
        housekeeping.stop()
    assert len({kettle for kettle, _, _ in whistled(kettle)}) == 20
