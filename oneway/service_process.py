"""One service in a process of its own (the full mode)."""

from __future__ import annotations

import signal

import eventlet
from nameko.exceptions import ConfigurationError

from oneway import parts
from oneway.container import Container


def run(name: str) -> None:
    """Serves until SIGTERM; then finishes what is in hand."""
    try:
        container = Container(parts.service_class(name), {})
    except ConfigurationError as error:
        raise SystemExit(str(error)) from error
    container.start()
    for number in (signal.SIGTERM, signal.SIGINT):
        # A handler may not wait: it runs in eventlet's hub.
        signal.signal(number, lambda *_: eventlet.spawn_n(container.stop))
    container.wait()
