"""One service in a process of its own (the full mode)."""

from __future__ import annotations

import signal
import socket

import eventlet
import eventlet.wsgi

from oneway import running
from shared import log, metrics
from shared.bus.rabbit import RabbitBroker
from shared.health import HealthApp
from shared.settings import settings


def run(name: str) -> None:
    """Serves until SIGTERM; then finishes what is in hand."""
    config = settings()
    log.configure(name, config.log_level)
    broker = RabbitBroker(config.broker_url, name)
    container = running.service_container(name, config, broker, config.database_secret, True)
    databases = container.config["oneway"].runtime.databases

    def refresh() -> None:
        in_use, opened = databases.usage()
        metrics.POOL.labels(name, "in_use").set(in_use)
        metrics.POOL.labels(name, "open").set(opened)
        metrics.BUS.labels(name).set(broker.connected)

    container.start()
    listener = eventlet.listen((config.metrics_host, config.metrics_port))
    (config.var / "run").mkdir(parents=True, exist_ok=True)
    (config.var / "run" / f"{name}.metrics").write_text(str(listener.getsockname()[1]))
    health = HealthApp(lambda: broker.connected, refresh)
    eventlet.spawn(eventlet.wsgi.server, listener, health, log_output=False, debug=False)
    signal.signal(signal.SIGTERM, lambda *_: eventlet.spawn(container.stop))
    signal.signal(signal.SIGINT, lambda *_: eventlet.spawn(container.stop))
    log.get("service").info("service_started", host=socket.gethostname())
    container.wait()
