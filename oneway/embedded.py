"""The embedded system: all services and the gateway in this process, on eventlet, SQLite and the local broker."""

from __future__ import annotations

import contextlib
import signal
import time
from collections.abc import Callable
from typing import Any

import eventlet
import eventlet.wsgi
from eventlet.greenthread import GreenThread
from eventlet.support.greenlets import GreenletExit
from flask import Flask

from gateway.core import background, live
from gateway.core.app import create_app
from oneway import parts, running
from shared import heap, trace
from shared.bus.client import Client
from shared.bus.local import LocalBroker
from shared.bus.spec import handlers
from shared.context import Signer
from shared.db.urls import service_secret
from shared.settings import Settings

_REPLAY_LOOK = 2.0
_CONNECTIONS = 2000
# Seconds.
_FINISH_WITHIN = 10.0


def serve(socket: Any, app: Flask) -> None:
    """Answers requests until its greenlet is killed."""
    # As gunicorn says: the input ends where the body does, also one that is sent in chunks.
    terminated = {"wsgi.input_terminated": True}
    eventlet.wsgi.server(
        socket, app, max_size=_CONNECTIONS, environ=terminated, log_output=False, keepalive=True, debug=False
    )


def _finish(server: GreenThread, socket: Any, app: Flask) -> None:
    """Takes no more requests, lets pages that listen go, and waits a while for what is in hand."""
    live.hub(app).close()
    server.kill()
    socket.close()
    # The server's greenlet ends once every answer is sent.
    with eventlet.Timeout(_FINISH_WITHIN, False), contextlib.suppress(GreenletExit):
        server.wait()


def run(settings: Settings, started: Callable[[], None]) -> None:
    """Serves until SIGTERM or SIGINT; then finishes what is in hand."""
    trace.start("gateway", *parts.SERVICES)
    socket = eventlet.listen((settings.host, settings.port))
    broker = LocalBroker(settings.var)
    for name in parts.SERVICES:
        # Every consumer is known before anything is published.
        broker.bind(name, sorted(handlers(parts.service_class(name))))
    containers = [
        running.service_container(name, settings, broker, service_secret(settings.database_secret, name))
        for name in parts.SERVICES
    ]
    for container in containers:
        container.start()
    client = Client(broker, Signer.from_text(settings.bus_key), settings.rpc_timeout)
    app = create_app(client, settings)
    background.start(app)
    server = eventlet.spawn(serve, socket, app)
    stopping: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda n, _: stopping.append(n))
    heap.settle()
    started()
    looked = time.monotonic()
    while not stopping:
        eventlet.sleep(0.2)
        if time.monotonic() - looked > _REPLAY_LOOK:
            looked = time.monotonic()
            broker.replay_requested()
    _finish(server, socket, app)
    broker.cancel()
    for container in containers:
        container.stop()
    trace.stop()
