"""One limit of connections over many pools: who waits, who has to go, and that none is lost count of."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import TimeoutError as PoolTimeout

from shared.db.pool import Budget, SharedPool


class Doors:
    """Databases by name, each with an engine under the same budget; what was opened and closed is written down."""

    def __init__(self, most: int, size: int = 2, wait: float = 0.0) -> None:
        self.opened: list[str] = []
        self.closed: list[str] = []
        self.budget = Budget(most, wait)
        self.broken = False
        self._size = size

    def engine(self, name: str) -> Engine:
        doors = self

        class Connection(sqlite3.Connection):
            def close(self) -> None:
                doors.closed.append(name)
                super().close()

        def creator() -> Any:
            if doors.broken:
                raise sqlite3.OperationalError("away")
            doors.opened.append(name)
            return sqlite3.connect(":memory:", check_same_thread=False, factory=Connection)

        return create_engine("sqlite://", pool=SharedPool(creator, self.budget, self._size))


@pytest.fixture
def doors() -> Iterator[Doors]:
    return Doors(3)


def use(engine: Engine) -> None:
    with engine.connect() as conn:
        assert conn.execute(text("SELECT 1")).scalar() == 1


def test_a_connection_is_kept_and_used_again(doors: Doors) -> None:
    engine = doors.engine("a")
    for _ in range(5):
        use(engine)
    assert doors.opened == ["a"]
    assert doors.budget.usage() == (0, 1)


def test_where_there_is_no_room_the_one_unused_for_longest_is_closed_whichever_pools_it_is(doors: Doors) -> None:
    engines = {name: doors.engine(name) for name in "abcd"}
    for name in "abcad":
        use(engines[name])
    assert doors.closed == ["b"]
    use(engines["a"])
    assert doors.opened == ["a", "b", "c", "d"]
    assert doors.budget.usage() == (0, 3)


def test_none_in_use_is_closed_and_who_finds_no_room_is_told_so(doors: Doors) -> None:
    with doors.engine("a").connect(), doors.engine("b").connect(), doors.engine("c").connect():
        with pytest.raises(PoolTimeout):
            doors.engine("d").connect()
        assert doors.budget.usage() == (3, 3)
    use(doors.engine("d"))


def test_one_pool_does_not_take_more_than_its_size(doors: Doors) -> None:
    engine = doors.engine("a")
    with engine.connect(), engine.connect():
        with pytest.raises(PoolTimeout):
            engine.connect()
        use(doors.engine("b"))


def test_who_waits_goes_on_as_soon_as_one_is_given_back() -> None:
    doors = Doors(1, wait=60.0)
    engines = [doors.engine(name) for name in "abcdefgh"]
    served: list[int] = []
    first = doors.engine("first").connect()
    first.execute(text("SELECT 1"))
    waiting = [threading.Thread(target=lambda e=engine: (use(e), served.append(1))) for engine in engines]
    for thread in waiting:
        thread.start()
    assert served == []
    first.close()
    for thread in waiting:
        thread.join(60)
    assert len(served) == len(engines)
    assert doors.budget.usage() == (0, 1)


def test_what_could_not_be_opened_leaves_its_place_to_others(doors: Doors) -> None:
    engine = doors.engine("a")
    doors.broken = True
    for _ in range(10):
        with pytest.raises(Exception, match="away"):
            engine.connect()
    doors.broken = False
    assert doors.budget.usage() == (0, 0)
    use(engine)


def test_a_connection_that_broke_leaves_its_place_to_others(doors: Doors) -> None:
    engine = doors.engine("a")
    for _ in range(10):
        with engine.connect() as conn:
            conn.execute(text("SELECT 1"))
            conn.invalidate()
    assert doors.budget.usage() == (0, 0)
    use(engine)


def test_a_pool_that_is_disposed_closes_what_it_has_and_what_comes_back(doors: Doors) -> None:
    engine = doors.engine("a")
    use(engine)
    with engine.connect() as conn:
        conn.execute(text("SELECT 1"))
        engine.dispose()
        use(engine)
        assert doors.budget.usage() == (1, 2)
    assert doors.budget.usage() == (0, 1)
    assert doors.closed == ["a"]


def test_connections_used_by_many_at_once_stay_within_the_limit_and_are_counted_right() -> None:
    doors = Doors(4, size=3, wait=60.0)
    engines = [doors.engine(f"{number}") for number in range(12)]
    most: list[int] = []

    def work(start: int) -> None:
        for turn in range(60):
            with engines[(start + turn * 5) % len(engines)].connect() as conn:
                conn.execute(text("SELECT 1"))
                most.append(doors.budget.usage()[1])
                if turn % 7 == 0:
                    conn.invalidate()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert len(most) == 8 * 60
    assert max(most) <= 4
    in_use, opened = doors.budget.usage()
    assert in_use == 0
    assert len(doors.opened) - len(doors.closed) == opened


def test_what_is_closed_for_another_tenant_is_told_and_nothing_else(doors: Doors) -> None:
    told: list[str] = []
    doors.budget = Budget(2, 0.0, lambda: told.append("displaced"))
    a, b, c = (doors.engine(name) for name in "abc")
    use(a)
    use(b)
    use(a)
    assert told == []
    use(c)
    assert (told, doors.closed) == (["displaced"], ["b"])
    a.dispose()
    use(b)
    assert (told, doors.opened) == (["displaced"], ["a", "b", "c", "b"])
