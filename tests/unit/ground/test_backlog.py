"""What waits in a service's tables: asked seldom, of those tenants where something may wait."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from shared.bus import backlog
from shared.bus.backlog import Backlog, Waiting
from shared.context import Context
from shared.errors import NotFound

HOUR = 3600.0


class Tenants:
    """Databases with what waits in each tenant; `asked` says whose were looked into."""

    def __init__(self, **waiting: list[Waiting]) -> None:
        self.waiting = waiting
        self.working: list[str] = []
        self.asked: list[str] = []
        self.away = False

    def in_use(self) -> list[str]:
        return self.working

    @contextmanager
    def read(self, ctx: Context, *, whatever_state: bool) -> Iterator[Any]:
        assert whatever_state
        self.asked.append(ctx.tenant)
        if self.away:
            raise OSError("away")
        if ctx.tenant not in self.waiting:
            raise NotFound("tenant")
        yield self.waiting[ctx.tenant]


@pytest.fixture(autouse=True)
def _asked_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backlog, "_EVERY", -1.0)


def watched(tenants: Tenants, *suspects: str) -> Backlog:
    found = Backlog("toy", tenants, lambda tx: tx)  # type: ignore[arg-type, return-value]
    for tenant in suspects:
        found.suspect(tenant)
    return found


def looked(found: Backlog, tenants: Tenants, kind: str = "") -> tuple[int, list[str]]:
    """How many wait, and who was asked for it."""
    tenants.asked.clear()
    seen = found.look(kind)
    assert seen
    return seen[0], sorted(tenants.asked)


def test_what_waits_is_added_up_over_tenants_and_kept_apart_by_kind() -> None:
    now = time.time()
    tenants = Tenants(
        city=[Waiting(2, now - HOUR, "mail"), Waiting(5, now - 9, "push")], gu=[Waiting(1, now - 60, "mail")]
    )
    found = watched(tenants, "city", "gu")
    count, age = found.look("mail") or (0, 0.0)
    assert count == 3 and HOUR <= age < HOUR + 60
    assert (found.look("push") or (0, 0.0))[0] == 5


def test_a_tenant_where_nothing_is_left_is_asked_no_more() -> None:
    tenants = Tenants(city=[Waiting(1, time.time())])
    found = watched(tenants, "city")
    assert looked(found, tenants) == (1, ["city"])
    tenants.waiting["city"] = []
    assert looked(found, tenants) == (0, ["city"])
    assert looked(found, tenants) == (0, [])


def test_a_tenant_where_something_is_to_come_is_asked_when_it_has_come_when_used_and_when_more_may_wait() -> None:
    tenants = Tenants(city=[Waiting(0, time.time() + HOUR)])
    found = watched(tenants, "city")
    assert looked(found, tenants) == (0, ["city"])
    assert looked(found, tenants) == (0, [])
    found.suspect("city")
    assert looked(found, tenants) == (0, ["city"])
    tenants.working = ["city"]
    tenants.waiting["city"] = [Waiting(0, time.time() + 0.05)]
    assert looked(found, tenants) == (0, ["city"])
    tenants.working = []
    tenants.waiting["city"] = [Waiting(1, time.time())]
    time.sleep(0.1)
    assert looked(found, tenants) == (1, ["city"])


def test_what_was_known_grows_older_while_the_databases_are_away() -> None:
    tenants = Tenants(city=[Waiting(1, time.time() - HOUR)])
    found = watched(tenants, "city")
    assert looked(found, tenants)[0] == 1
    tenants.away = True
    count, age = found.look() or (0, 0.0)
    assert count == 1 and age >= HOUR


def test_nothing_is_told_before_anything_is_known() -> None:
    tenants = Tenants(city=[])
    tenants.away = True
    assert watched(tenants, "city").look() is None


def test_a_tenant_that_is_there_no_more_has_nothing() -> None:
    tenants = Tenants()
    assert looked(watched(tenants, "gone"), tenants) == (0, ["gone"])
