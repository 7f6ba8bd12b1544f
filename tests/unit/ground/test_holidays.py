"""The tenant's own days off are asked for once in a while, and at once when they have changed."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from shared import holidays
from shared.calendar import Exceptions, is_working_day
from shared.context import Context
from shared.holidays import TOPIC, CalendarCache
from shared.testing import context

FRIDAY = date(2026, 10, 2)


class Directory:
    """Answers what it is set to, and counts how often it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.answer: dict[str, Any] = {"off": {"2026-10-02": "시민의 날"}, "working": ["2026-05-25"]}

    def __call__(self, ctx: Context) -> dict[str, Any]:
        self.asked.append(ctx.tenant)
        return self.answer


def test_what_the_directory_answers_is_what_the_calendar_is_asked_with() -> None:
    found = CalendarCache(Directory()).get(context())
    assert found == Exceptions({FRIDAY: "시민의 날"}, frozenset({date(2026, 5, 25)}))
    assert not is_working_day(FRIDAY, found) and is_working_day(date(2026, 5, 25), found)


def test_each_tenants_is_asked_for_once(monkeypatch: pytest.MonkeyPatch) -> None:
    directory = Directory()
    cache = CalendarCache(directory)
    for tenant in ("city", "county", "city"):
        cache.get(context(tenant=tenant))
    assert directory.asked == ["city", "county"]
    monkeypatch.setattr(holidays, "_LIFETIME", 0.0)
    cache.get(context())
    assert directory.asked == ["city", "county", "city"]


def test_a_change_is_seen_at_once_and_by_that_tenant_only() -> None:
    directory = Directory()
    cache = CalendarCache(directory)
    for tenant in ("city", "county"):
        cache.get(context(tenant=tenant))
    directory.answer = {"off": {}, "working": []}
    cache.told({"topic": "people_changed", "tenant": "city", "people": []})
    assert cache.get(context()).off
    cache.told({"topic": TOPIC, "tenant": "city", "people": []})
    assert (cache.get(context()), bool(cache.get(context(tenant="county")).off)) == (Exceptions(), True)
    cache.clear()
    assert cache.get(context(tenant="county")) == Exceptions()
