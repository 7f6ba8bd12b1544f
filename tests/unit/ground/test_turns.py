"""Turns: first come first served, so many and no more, and none for who has given up."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.bus.turns import FULL, LATE, NoTurn, Turns
from tests.support.waiting import until

FOREVER = float("inf")


def queued(pool: ThreadPoolExecutor, turns: Turns, act: Callable[[], None], deadline: float = FOREVER) -> Future[None]:
    """Somebody who has taken a place in the queue, and acts when it is their turn."""
    before = turns.waiting

    def come() -> None:
        turns.take(deadline)
        act()

    coming = pool.submit(come)
    until(lambda: turns.waiting > before or coming.done(), pause=0.001)
    return coming


def test_they_have_their_turn_in_the_order_they_came() -> None:
    turns, served = Turns("toy", 1, 8, 60), []
    turns.take(FOREVER)
    with ThreadPoolExecutor(8) as pool:

        def act(number: int) -> Callable[[], None]:
            return lambda: (served.append(number), turns.give())[1]

        for number in range(8):
            queued(pool, turns, act(number))
        assert (turns.waiting, served) == (8, [])
        turns.give()
    assert served == list(range(8))
    turns.take(FOREVER)


@given(at_once=st.integers(1, 4), callers=st.integers(1, 12))
def test_so_many_work_at_once_and_no_more(at_once: int, callers: int) -> None:
    turns, lock = Turns("toy", at_once, callers, 60), threading.Lock()
    working, most, done = 0, 0, 0

    def work() -> None:
        nonlocal working, most, done
        turns.take(FOREVER)
        with lock:
            working += 1
            most = max(most, working)
        with lock:
            working -= 1
            done += 1
        turns.give()

    with ThreadPoolExecutor(callers) as pool:
        for _ in range(callers):
            pool.submit(work)
    assert done == callers and most <= at_once
    assert (turns.waiting, turns._free) == (0, at_once)


def test_where_as_many_wait_as_may_the_next_is_refused_at_once_and_told_when_to_come_again() -> None:
    turns = Turns("toy", 1, 1, 60)
    turns.take(FOREVER)
    with ThreadPoolExecutor(1) as pool:
        waiting = queued(pool, turns, lambda: None)
        with pytest.raises(NoTurn) as refused:
            turns.take(FOREVER)
        assert (refused.value.status, refused.value.reason, refused.value.extra) == (503, FULL, {"retry_after": 60})
        turns.give()
        waiting.result(30)


def test_who_waits_in_vain_is_refused_and_leaves_the_place_to_others() -> None:
    turns = Turns("toy", 1, 1, 0.01)
    turns.take(FOREVER)
    with pytest.raises(NoTurn) as refused:
        turns.take(FOREVER)
    assert (refused.value.reason, turns.waiting) == (LATE, 0)
    turns.give()
    turns.take(FOREVER)


def test_who_has_given_up_has_no_turn_and_the_next_has_it() -> None:
    turns, served = Turns("toy", 1, 8, 60), []
    turns.take(FOREVER)
    with ThreadPoolExecutor(2) as pool:
        gone = queued(pool, turns, lambda: served.append("gone"), time.monotonic() + 0.01)
        there = queued(pool, turns, lambda: served.append("there"))
        assert isinstance(gone.exception(30), NoTurn)
        turns.give()
        there.result(30)
    assert served == ["there"]
    turns.give()
    with pytest.raises(NoTurn):
        turns.take(time.monotonic() - 1)
    turns.take(FOREVER)
