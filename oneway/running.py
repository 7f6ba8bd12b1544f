"""Putting the parts together in a process: the broker, a service, the gateway's client."""

from __future__ import annotations

import warnings
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

warnings.filterwarnings("ignore", message="(?s).*Eventlet is deprecated.*")


def service_container(name: str, settings: Settings, broker: Broker, secret: str, own_broker: bool) -> ServiceContainer:
    """A service, ready to start. `secret` is what its database passwords are derived from."""
    from shared.bus.host import Parts, container
    from shared.bus.runtime import Runtime

    cls = parts.service_class(name)
    signer = Signer.from_text(settings.bus_key)
    databases = Databases(settings, Registry(control_engine(settings.control_url)), name, parts.metadata(name), secret)
    runtime = Runtime(cls, databases, broker, signer, settings.rpc_timeout, settings.rpc_workers)
    return container(cls, Parts(runtime, broker, signer, settings.rpc_workers + runtime.waiting_room, own_broker))
