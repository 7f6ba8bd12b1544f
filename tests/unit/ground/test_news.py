"""News: who waits for what an event brings is woken by it, of the right tenant, and no more wait than may."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from shared.bus import news as module
from shared.bus.news import News
from tests.support.waiting import LIMIT, until


@pytest.fixture(autouse=True)
def _never_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_LOOK", LIMIT)


def test_what_came_since_one_looked_is_not_waited_for() -> None:
    news = News(1)
    seen = news.seen("city")
    news.came("city")
    assert news.wait("city", seen, time.monotonic() + LIMIT)


def test_news_wakes_who_waits_for_them_and_not_those_of_another_tenant() -> None:
    news = News(2)
    with ThreadPoolExecutor(2) as pool:
        city = pool.submit(news.wait, "city", news.seen("city"), time.monotonic() + LIMIT)
        other = pool.submit(news.wait, "other", news.seen("other"), time.monotonic() + LIMIT)
        until(lambda: news.waiting == 2)
        news.came("city")
        assert city.result(LIMIT)
        assert (other.done(), news.waiting) == (False, 1)
        news.came("other")
        assert other.result(LIMIT)


def test_where_as_many_wait_as_may_the_next_does_not() -> None:
    assert not News(0).wait("city", 0, time.monotonic() + LIMIT)


def test_nobody_waits_longer_than_the_time_that_is_left() -> None:
    news = News(1)
    assert not news.wait("city", 0, time.monotonic())
    assert News.longest(time.monotonic() - 5) < time.monotonic()
