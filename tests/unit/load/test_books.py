"""Where entries of a load run are written: the place that was visited longest ago, never twice within one visit."""

from __future__ import annotations

import random
import time
from pathlib import Path

from tests.load.books import Books, Visit, write


def visits(tenant: str, count: int, last: float = 0.0) -> list[Visit]:
    return [Visit(tenant, "journal", f"place {number}", "writer", "head", last) for number in range(count)]


def opened(path: Path, *made: Visit) -> Books:
    write(path / "books.json", made)
    return Books(str(path / "books.json"), random.Random(1))


def test_each_place_is_visited_once_and_then_none_for_a_minute(tmp_path: Path) -> None:
    books = opened(tmp_path, *visits("city", 5))
    found = [books.next([]) for _ in range(5)]
    assert {visit.place for visit in found if visit} == {f"place {number}" for number in range(5)}
    assert books.next([]) is None


def test_what_was_visited_in_one_run_is_not_visited_at_the_beginning_of_the_next(tmp_path: Path) -> None:
    books = opened(tmp_path, *visits("city", 2))
    first = books.next(["city"])
    books.keep()
    again = Books(str(tmp_path / "books.json"), random.Random(1))
    assert first and first.place not in {visit.place for visit in (again.next(["city"]),) if visit}
    assert again.next(["city"]) is None


def test_a_minute_later_it_may_be_visited_again_and_only_of_who_is_asked(tmp_path: Path) -> None:
    books = opened(tmp_path, *visits("city", 1, time.time() - 70), *visits("other", 1))
    found = books.next(["city"])
    assert found and found.tenant == "city"
    assert books.next(["city"]) is None and books.next(["nobody"]) is None
    assert Books("", random.Random(1)).next([]) is None
