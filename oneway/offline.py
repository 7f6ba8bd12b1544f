"""A service's method run straight on its data, without a bus: onboarding, seeding, tools.

What it emits stays in the outbox; the running service's sweep publishes it.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson

from oneway import parts
from shared.bus.broker import Message, NotConnected
from shared.bus.local import LocalBroker
from shared.bus.runtime import Runtime
from shared.bus.wire import Request
from shared.context import Signer, system
from shared.db import Databases
from shared.db.urls import service_secret
from shared.ids import new_id
from shared.settings import Settings
from shared.tenants import Registry


class _Nowhere(LocalBroker):
    """A broker that is away; `left` are the ids of the events that stay in the outbox for it."""

    def __init__(self, directory: Path) -> None:
        super().__init__(directory)
        self.left: list[str] = []

    def publish_event(self, message: Message, on_settled: Callable[[bool], None]) -> None:
        self.left.append(orjson.loads(message.body)["id"])
        raise NotConnected("offline")

    @property
    def connected(self) -> bool:
        return False


class Offline:
    """One service, run by the administrator of the installation."""

    def __init__(self, service: str, settings: Settings, registry: Registry) -> None:
        secret = service_secret(settings.database_secret, service)
        self.databases = Databases(settings, registry, service, parts.metadata(service), secret)
        signer = Signer.from_text(settings.bus_key)
        self._broker = _Nowhere(Path(settings.var))
        self._runtime = Runtime(parts.service_class(service), self.databases, self._broker, signer, 1.0)

    def call(self, tenant: str, method: str, data: Any) -> Any:
        """The method's result, called as the system itself. Raises its `Problem`."""
        request = Request(method, system(tenant), data, new_id(), float("inf"))
        return orjson.loads(self._runtime.execute(request))

    @property
    def emitted(self) -> list[str]:
        """The ids of the events it has emitted."""
        return self._broker.left

    def close(self) -> None:
        """Seals what was entered into the record, and lets go of the databases."""
        self._runtime.housekeeping.finish()
        self.databases.close()
