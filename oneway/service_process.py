"""One service in a process of its own (the full mode)."""

from __future__ import annotations

import signal
import socket

import eventlet
import eventlet.wsgi

from oneway import private, running
from shared import log, metrics, trace
from shared.bus.rabbit import RabbitBroker
from shared.health import HealthApp
from shared.settings import settings


def run(name: str) -> None:
    """Serves until SIGTERM; then finishes what is in hand."""
    config = settings()
    log.configure(name, config.log_level)
    trace.start(name)
    broker = RabbitBroker(config.broker_url, name, config.broker_ca)
    container = running.service_container(name, config, broker, config.database_secret, True)
    metrics.tell_build(config.revision)
    container.start()
    listener = eventlet.listen((config.metrics_host, config.metrics_port))
    (config.var / "run").mkdir(parents=True, exist_ok=True)
    private.write(config.var / "run" / f"{config.process or name}.metrics", str(listener.getsockname()[1]).encode())
    stopping: list[int] = []
    health = HealthApp(lambda: broker.connected and not stopping)
    eventlet.spawn(eventlet.wsgi.server, listener, health, log_output=False, debug=False)

    def stop(number: int, _: object) -> None:
        stopping.append(number)
        eventlet.spawn(container.stop)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    log.get("service").info("service_started", host=socket.gethostname())
    container.wait()
    trace.stop()
