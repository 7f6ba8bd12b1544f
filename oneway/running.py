"""Putting the parts together in a process: the broker, a service, the gateway's client."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oneway import parts
from shared.bus.broker import Broker
from shared.context import Signer
from shared.db import Databases
from shared.db.engines import control_engine
from shared.settings import Settings
from shared.tenants import Registry

if TYPE_CHECKING:
    from nameko.containers import ServiceContainer

    from shared.bus.host import Parts


def service_parts(name: str, settings: Settings, broker: Broker, secret: str, *, own_broker: bool) -> Parts:
    """What a service is made of. `secret` is what its database passwords are derived from."""
    from shared.bus.host import Parts
    from shared.bus.runtime import Runtime

    signer = Signer.from_text(settings.bus_key)
    databases = Databases(settings, Registry(control_engine(settings.control_url)), name, parts.metadata(name), secret)
    runtime = Runtime(parts.service_class(name), databases, broker, signer, settings.rpc_timeout, settings.rpc_workers)
    return Parts(runtime, broker, signer, settings.rpc_workers + runtime.waiting_room, own_broker)


def service_container(name: str, settings: Settings, broker: Broker, secret: str) -> ServiceContainer:
    """A service, ready to start, beside others in this process: they share the broker."""
    from shared.bus.host import container

    return container(parts.service_class(name), service_parts(name, settings, broker, secret, own_broker=False))
