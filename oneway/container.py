"""A service as a process of its own, whichever command starts it: `oneway service documents`, or nameko's own

    nameko run --config deploy/nameko/config.yaml services.documents.service:DocumentsService

which makes its containers of the class that `SERVICE_CONTAINER_CLS` names.
"""

from __future__ import annotations

import socket
from typing import Any

import eventlet
import eventlet.wsgi
from nameko.constants import AMQP_URI_CONFIG_KEY
from nameko.containers import ServiceContainer
from nameko.exceptions import ConfigurationError

from oneway import parts, private, running
from shared import heap, log, metrics, trace
from shared.bus.host import configuration
from shared.bus.listeners import listeners_of
from shared.bus.rabbit import RabbitBroker
from shared.bus.spec import Service
from shared.health import HealthApp
from shared.settings import Settings, settings


class Container(ServiceContainer):  # type: ignore[misc]
    """Runs one service with all that belongs to its process: logs, traces, health, metrics.

    `config` is nameko's. The settings are from the environment, as everywhere; of nameko's own, `AMQP_URI` counts
    before `ONEWAY_BROKER_URL`. Raises `ConfigurationError`.
    """

    def __init__(self, service_cls: type[Service], config: dict[str, Any]) -> None:
        self._settings = found = _settings(config)
        name = _part(service_cls)
        log.configure(name, found.log_level)
        trace.start(name)
        self._broker = RabbitBroker(found.broker_url, name, found.broker_ca, listeners_of(name))
        made = running.service_parts(name, found, self._broker, found.database_secret, own_broker=True)
        self._ready = False
        super().__init__(service_cls, {**config, **configuration(made)})

    def start(self) -> None:
        """Returns when the service receives."""
        metrics.tell_build(self._settings.revision)
        super().start()
        heap.settle()
        self._ready = True
        self._answer_about_itself()
        log.get("service").info("service_started", host=socket.gethostname())

    def stop(self) -> None:
        """Says that it is not ready any more, and finishes what is in hand."""
        self._ready = False
        super().stop()

    def wait(self) -> None:
        """Until it has stopped and its traces are sent."""
        try:
            super().wait()
        finally:
            trace.stop()

    def _answer_about_itself(self) -> None:
        """Serves `/healthz`, `/readyz` and `/metrics`, and tells on which port."""
        found = self._settings
        listener = eventlet.listen((found.metrics_host, found.metrics_port))
        told = found.var / "run" / f"{found.process or self.service_name}.metrics"
        told.parent.mkdir(parents=True, exist_ok=True)
        private.write(told, str(listener.getsockname()[1]).encode())
        health = HealthApp(lambda: self._ready and self._broker.connected)
        eventlet.spawn(eventlet.wsgi.server, listener, health, log_output=False, debug=False)


def _settings(config: dict[str, Any]) -> Settings:
    """The settings of the process. Raises `ConfigurationError` where they are those of an embedded system."""
    base = settings()
    url = config.get(AMQP_URI_CONFIG_KEY) or base.broker_url
    if base.embedded or not url:
        raise ConfigurationError(
            "A service in a process of its own needs ONEWAY_MODE=full and ONEWAY_BROKER_URL: see docs/operations.md."
        )
    return base.model_copy(update={"broker_url": url})


def _part(service_cls: type[Service]) -> str:
    """The name of a part of the system. Raises `ConfigurationError` for another class."""
    name: str = getattr(service_cls, "name", "")
    if name not in parts.SERVICES:
        raise ConfigurationError(f"{service_cls.__name__} is none of the services: {', '.join(parts.SERVICES)}.")
    return name
