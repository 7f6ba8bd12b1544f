"""A service's methods are nameko's entrypoints: its container finds them, starts and stops what receives by them."""

from __future__ import annotations

import pytest
from nameko.cli.run import import_service
from nameko.containers import ServiceContainer
from nameko.exceptions import ConfigurationError

from oneway import parts
from shared.bus.entrypoints import HOST, Command, EventHandler, Query
from shared.bus.spec import Service, handlers, methods


class Receiver:
    """Notes what it is told."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def start(self) -> None:
        self.told.append("start")

    def finish(self) -> None:
        self.told.append("finish")

    def close(self) -> None:
        self.told.append("close")


def contained(cls: type[Service], receiver: Receiver) -> ServiceContainer:
    return ServiceContainer(cls, {HOST: receiver})


@pytest.mark.parametrize("service", parts.SERVICES)
def test_every_method_and_event_of_a_service_is_an_entrypoint_of_its_container(service: str) -> None:
    cls = parts.service_class(service)
    found = list(contained(cls, Receiver()).entrypoints)
    writes = {name: method.writes for name, method in methods(cls).items()}
    assert {e.method_name for e in found if isinstance(e, Command)} == {name for name in writes if writes[name]}
    assert {e.method_name for e in found if isinstance(e, Query)} == {name for name in writes if not writes[name]}
    heard = {(type_, e.method_name) for e in found if isinstance(e, EventHandler) for type_ in e.types}
    assert heard == {(type_, name) for type_, names in handlers(cls).items() for name in names}


@pytest.mark.parametrize("service", parts.SERVICES)
def test_nameko_finds_the_service_in_its_module(service: str) -> None:
    assert parts.service_class(service) in import_service(f"services.{service}.service")


def test_all_entrypoints_of_a_container_share_one_receiver_that_starts_once_and_finishes_before_it_lets_go() -> None:
    receiver = Receiver()
    container = contained(parts.service_class("approval"), receiver)
    assert receiver.told == []
    container.start()
    assert receiver.told == ["start"]
    container.stop()
    assert receiver.told == ["start", "finish", "close"]


def test_a_container_that_is_killed_lets_go_at_once() -> None:
    receiver = Receiver()
    container = contained(parts.service_class("desk"), receiver)
    container.start()
    container.kill()
    assert receiver.told == ["start", "close"]


def test_a_container_with_nothing_to_receive_with_does_not_start() -> None:
    with pytest.raises(ConfigurationError, match=r"--config deploy/nameko/config\.yaml"):
        ServiceContainer(parts.service_class("desk"), {}).start()
