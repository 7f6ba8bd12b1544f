"""Who publishes knows who listens: an event for which a listener has no queue yet is kept until it has."""

from __future__ import annotations

from oneway.events import listeners
from shared.bus.listeners import LISTENERS, listeners_of


def test_what_is_said_of_who_listens_is_what_the_services_handle() -> None:
    assert {type_: sorted(names) for type_, names in listeners().items()} == {
        type_: list(names) for type_, names in LISTENERS.items()
    }


def test_a_service_waits_for_who_hears_it_and_for_nobody_else() -> None:
    of_every_service = {"desk", "notify", "schedule", "search"}
    assert set(listeners_of("memo")) == of_every_service
    assert set(listeners_of("documents")) == {*of_every_service, "approval"}
