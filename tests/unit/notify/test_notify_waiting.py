"""What is due and not claimed, as it is told to who scrapes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from prometheus_client import REGISTRY

from services.notify import waiting
from services.notify.domain.message import PAUSES
from services.notify.waiting import Waiting
from shared.bus.backlog import Waiting as Found
from shared.testing import TENANT, LocalService
from tests.unit.notify.cast import AT_ONCE, HOUR, ME, MONDAY, OTHER, claimed, device, report, set_, waits

LEASE = timedelta(minutes=5)


def seen(service: LocalService) -> list[Found]:
    with service.tx() as tx:
        return waiting.found(tx)


def told(name: str, channel: str = "mail") -> float:
    return REGISTRY.get_sample_value(f"oneway_notifications_{name}", {"channel": channel}) or 0.0


@pytest.fixture
def watch(service: LocalService) -> Iterator[Waiting]:
    """It watches by the machine's own time."""
    service._runtime.databases.clock = lambda: None
    found = Waiting(service._runtime.databases)
    yield found
    found.end()


def test_what_is_due_is_counted_from_when_it_was_due_and_by_channel(service: LocalService) -> None:
    set_(service, AT_ONCE)
    set_(service, AT_ONCE, OTHER)
    device(service)
    waits(service, ME, OTHER)
    service.now = MONDAY + HOUR
    assert seen(service) == [Found(2, MONDAY.timestamp(), "mail"), Found(1, MONDAY.timestamp(), "push")]


def test_what_is_to_come_is_known_and_not_counted(service: LocalService) -> None:
    waits(service)
    nine = MONDAY + 23 * HOUR
    assert seen(service) == [Found(0, nine.timestamp(), "mail")]
    service.now = nine
    assert seen(service) == [Found(1, nine.timestamp(), "mail")]


def test_a_message_waits_again_when_its_lease_is_over_and_when_a_further_try_is_due(service: LocalService) -> None:
    set_(service, AT_ONCE)
    waits(service)
    (message,) = claimed(service)
    assert seen(service) == [Found(0, (MONDAY + LEASE).timestamp(), "mail")]
    report(service, message, "again")
    again = MONDAY + PAUSES[0]
    assert seen(service) == [Found(0, again.timestamp(), "mail")]
    service.now = again + HOUR
    assert seen(service) == [Found(1, again.timestamp(), "mail")]
    report(service, *claimed(service))
    assert seen(service) == []


def test_who_scrapes_is_told_how_much_waits_and_since_when(service: LocalService, watch: Waiting) -> None:
    set_(service, AT_ONCE)
    came = service.now = datetime.now(UTC) - HOUR
    waits(service, since=came)
    service._runtime.databases.clock = lambda: None
    watch.look()
    assert told("waiting") == 1 and 3600 <= told("oldest_seconds") < 3660
    assert (told("waiting", "push"), told("oldest_seconds", "push")) == (0, 0)


def test_what_waited_while_the_service_was_away_is_told_though_nobody_is_at_work(
    service: LocalService, watch: Waiting, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_(service, AT_ONCE)
    waits(service, since=datetime.now(UTC))
    monkeypatch.setattr(service._runtime.databases, "in_use", list)
    watch.look()
    assert told("waiting") == 1


def test_a_service_watches_from_its_beginning_to_its_end(service: LocalService) -> None:
    owner = service._runtime.service
    owner.begin(service._runtime.databases)
    watching = owner.waiting  # type: ignore[attr-defined]
    assert watching
    set_(service, AT_ONCE)
    waits(service)
    assert watching._backlog._suspects == {TENANT}
    owner.end()
